// The rows that procatlas-opener hands over. Frames that make no sense end them with an error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
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

private:
    [[nodiscard]] Result<bool> read_row();

    Receive receive_;
    Decoder batch_{{}};
    std::size_t frames_ = 0;
    bool ended_ = false;
};

}  // namespace procatlas
