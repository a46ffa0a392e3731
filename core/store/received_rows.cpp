#include "core/store/received_rows.h"

namespace procatlas {
namespace {

std::unexpected<Error> nonsense() {
    return fail("the program that reads it answered nonsense");
}

}  // namespace

Result<bool> ReceivedRows::next() {
    columns_ = 0;
    while (!ended_ && batch_.finished()) {
        auto frame = receive_();
        ended_ = !frame || frame->first != RowFrame::rows;
        if (!frame) {
            return std::unexpected(frame.error());
        }
        batch_ = ended_ ? Decoder({}) : frame->second;
        const bool empty = !ended_ && batch_.finished() && frames_++ > 0;  // the first may be: there are no rows
        if (empty || (ended_ && frame->first != RowFrame::end)) {
            ended_ = true;
            return nonsense();
        }
    }
    return ended_ ? Result<bool>(false) : read_row();
}

std::optional<std::uint64_t> ReceivedRows::number(int column) const {
    const Column* found = at(column, ColumnKind::number);
    return found ? std::optional(found->number) : std::nullopt;
}

std::optional<std::string_view> ReceivedRows::bytes(int column) const {
    const Column* found = at(column, ColumnKind::bytes);
    return found ? std::optional(found->bytes) : std::nullopt;
}

const ReceivedRows::Column* ReceivedRows::at(int column, ColumnKind kind) const {
    const auto index = static_cast<std::size_t>(column);
    return index < columns_ && row_[index].kind == kind ? &row_[index] : nullptr;
}

Result<bool> ReceivedRows::read_row() {
    const std::uint64_t count = batch_.get_unsigned();
    if (count > most_columns) {
        batch_.fail();
    }
    for (std::size_t i = 0; i < count && !batch_.failed(); ++i) {
        Column& column = row_[i];
        batch_(column.kind);
        if (column.kind == ColumnKind::number) {
            column.number = batch_.get_unsigned();
        } else if (column.kind == ColumnKind::bytes) {
            column.bytes = batch_.get_bytes();
        }
    }
    if (batch_.failed()) {
        ended_ = true;
        return nonsense();
    }
    columns_ = count;
    return true;
}

}  // namespace procatlas
