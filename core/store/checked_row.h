// A row of a file that comes from a stranger.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "core/store/piece_codec.h"
#include "core/store/rows.h"

namespace procatlas {

// Reads the columns of one row from left to right. Remembers whether one was missing, of another type or too large.
class CheckedRow {
public:
    explicit CheckedRow(const Rows& rows) : values_(rows.row()) {}
    // Of a piece (row_packer.h): the row that begins here.
    explicit CheckedRow(PieceReader& piece) : piece_(&piece) {}

    std::uint64_t number(std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) { return checked(next(), most); }
    std::uint32_t small() { return static_cast<std::uint32_t>(number(std::numeric_limits<std::uint32_t>::max())); }
    std::optional<std::uint64_t> optional_number() {
        const RowValue value = next();
        return value.kind == ColumnKind::nothing ? std::nullopt
                                                 : std::optional(checked(value, std::numeric_limits<std::uint64_t>::max()));
    }
    bool flag() { return number(1) != 0; }
    std::string_view bytes(std::size_t most = std::numeric_limits<std::size_t>::max()) { return checked_bytes(next(), most); }
    // The exact bytes if the row has them; it has them only where they differ from the text `shown`.
    std::string_view raw_or(std::string_view shown, std::size_t most = std::numeric_limits<std::size_t>::max()) {
        const RowValue value = next();
        if (value.kind != ColumnKind::nothing) {
            return checked_bytes(value, most);
        }
        fine_ = fine_ && shown.size() <= most;
        return shown;
    }

    [[nodiscard]] bool fine() const { return fine_ && !(piece_ && piece_->failed()); }

private:
    // A column that does not exist is of another kind.
    RowValue next() {
        if (piece_) {
            return piece_->next();
        }
        return column_ < values_.size() ? values_[column_++] : RowValue{ColumnKind::other, 0, {}};
    }
    std::uint64_t checked(const RowValue& value, std::uint64_t most) {
        fine_ = fine_ && value.kind == ColumnKind::number && value.number <= most;
        return value.number;
    }
    std::string_view checked_bytes(const RowValue& value, std::size_t most) {
        fine_ = fine_ && value.kind == ColumnKind::bytes && value.bytes.size() <= most;
        return value.bytes;
    }

    std::span<const RowValue> values_;
    std::size_t column_ = 0;
    PieceReader* piece_ = nullptr;
    bool fine_ = true;
};

}  // namespace procatlas
