// How procatlas-opener hands rows over: frames (core/stream/frame.h), each with its kind first. A question is one frame, the
// text of a query. Its answer is any number of frames of rows, then one that ends them, or says why they end.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/store/rows.h"
#include "core/stream/codec.h"
#include "core/stream/frame.h"

namespace procatlas {

enum class RowFrame : std::uint8_t { rows, end, error, recording };
[[nodiscard]] constexpr RowFrame last_of(RowFrame) {
    return RowFrame::recording;
}

// A row is the number of its columns, then for each its kind and, unless it is nothing, its value.
inline void write_row(Encoder& to, std::span<const RowValue> row) {
    to.put_unsigned(row.size());
    for (const RowValue& column : row) {
        to(column.kind);
        if (column.kind == ColumnKind::number) {
            to.put_unsigned(column.number);
        } else if (column.kind == ColumnKind::bytes) {
            to.put_bytes(column.bytes);
        }
    }
}

inline void write_row_end(std::string& out) {
    const std::size_t begin = begin_frame(out);
    Encoder{out}(RowFrame::end);
    end_frame(out, begin);
}

inline void write_row_error(std::string& out, const Error& error) {
    const std::size_t begin = begin_frame(out);
    Encoder to(out);
    to(RowFrame::error, error.code);
    to.put_bytes(error.message);
    end_frame(out, begin);
}

}  // namespace procatlas
