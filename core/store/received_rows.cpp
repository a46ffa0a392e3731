#include "core/store/received_rows.h"

namespace procatlas {
namespace {

std::unexpected<Error> nonsense() {
    return fail("the program that reads it answered nonsense");
}

}  // namespace

Result<bool> ReceivedRows::next() {
    set_count(0);
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

Result<bool> ReceivedRows::read_row() {
    const std::uint64_t count = batch_.get_unsigned();
    if (count > most_columns) {
        batch_.fail();
    }
    for (std::size_t i = 0; i < count && !batch_.failed(); ++i) {
        RowValue& read = value(i);
        batch_(read.kind);
        if (read.kind == ColumnKind::number) {
            read.number = batch_.get_unsigned();
        } else if (read.kind == ColumnKind::bytes) {
            read.bytes = batch_.get_bytes();
        }
    }
    if (batch_.failed()) {
        ended_ = true;
        return nonsense();
    }
    set_count(count);
    return true;
}

}  // namespace procatlas
