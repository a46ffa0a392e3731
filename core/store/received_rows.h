// The rows that procatlas-opener hands over. Frames that make no sense end them with an error.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/result.h"
#include "core/store/row_codec.h"
#include "core/store/rows.h"

namespace procatlas {

class ReceivedRows final : public Rows {
public:
    // The next frame, without its kind; its bytes stay valid until the next call.
    using Receive = std::function<Result<std::pair<RowFrame, Decoder>>()>;

    explicit ReceivedRows(Receive receive) : receive_(std::move(receive)) {}

    [[nodiscard]] Result<bool> next() override;
    [[nodiscard]] std::optional<std::uint64_t> number(int column) const override;
    [[nodiscard]] bool is_null(int column) const override { return at(column, ColumnKind::nothing) != nullptr; }
    [[nodiscard]] std::optional<std::string_view> bytes(int column) const override;

private:
    struct Column {
        ColumnKind kind = ColumnKind::nothing;
        std::uint64_t number = 0;
        std::string_view bytes;  // in the frame
    };

    // nullptr: there is no such column, or it is of another kind.
    [[nodiscard]] const Column* at(int column, ColumnKind kind) const;
    [[nodiscard]] Result<bool> read_row();

    Receive receive_;
    Decoder batch_{{}};
    std::array<Column, most_columns> row_;
    std::size_t columns_ = 0;
    std::size_t frames_ = 0;
    bool ended_ = false;
};

}  // namespace procatlas
