// The columns of many rows, one after the other (row_packer.h): for each a byte with its kind and the length of a number, then
// the number; of bytes, how many they are, then the bytes. Faster than LEB128, which takes a step for each 7 bits: most columns
// are addresses.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "core/store/rows.h"

namespace procatlas {

static_assert(std::endian::native == std::endian::little);

inline void write_column(std::string& piece, const RowValue& column) {
    const bool has_bytes = column.kind == ColumnKind::bytes;
    const std::uint64_t number = has_bytes ? column.bytes.size() : column.number;
    const auto length = static_cast<unsigned>((std::bit_width(number) + 7) / 8);
    std::array<char, 1 + sizeof number> written;
    written[0] = static_cast<char>(static_cast<unsigned>(column.kind) | length << 2);
    std::memcpy(&written[1], &number, sizeof number);
    piece.append(written.data(), 1 + length);
    if (has_bytes) {
        piece += column.bytes;
    }
}

// Reads what write_column wrote. Hostile bytes set `failed`; nothing beyond them is read.
class PieceReader {
public:
    explicit PieceReader(std::string_view piece) : left_(piece) {}

    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] bool finished() const { return left_.empty(); }

    RowValue next() {
        if (left_.empty()) {
            return fail();
        }
        const auto first = static_cast<unsigned char>(left_.front());
        const auto kind = static_cast<ColumnKind>(first & 3u);
        const unsigned length = first >> 2;
        std::uint64_t number = 0;
        if (length > sizeof number || 1 + length > left_.size()) {
            return fail();
        }
        if (left_.size() > sizeof number) {
            std::memcpy(&number, left_.data() + 1, sizeof number);
            number = length == 0 ? 0 : number & (~std::uint64_t{0} >> (64 - 8 * length));
        } else {
            std::memcpy(&number, left_.data() + 1, length);
        }
        left_.remove_prefix(1 + length);
        if (kind != ColumnKind::bytes) {
            return {kind, number, {}};
        }
        if (number > left_.size()) {
            return fail();
        }
        const std::string_view bytes = left_.substr(0, number);
        left_.remove_prefix(number);
        return {kind, 0, bytes};
    }

private:
    RowValue fail() {
        failed_ = true;
        left_ = {};
        return {ColumnKind::other, 0, {}};
    }

    std::string_view left_;
    bool failed_ = false;
};

}  // namespace procatlas
