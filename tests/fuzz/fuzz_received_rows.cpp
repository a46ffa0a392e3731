#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "core/store/checked_row.h"
#include "core/store/piece_codec.h"
#include "core/store/received_rows.h"
#include "core/stream/frame.h"
#include "tests/fuzz/require.h"

// Whatever an opener hands over in place of rows, they end, perhaps with a sentence, and each column is of one kind at most.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace procatlas;
    FrameBuffer frames;
    frames.append(std::string_view(reinterpret_cast<const char*>(data), size));
    ReceivedRows rows([&]() -> Result<std::pair<RowFrame, Decoder>> {
        const auto frame = frames.next();
        if (!frame) {
            return std::unexpected(frame.error());
        }
        if (!*frame) {
            return fail("it ends here");
        }
        Decoder in(**frame);
        RowFrame kind{};
        in(kind);
        return std::pair(kind, in);
    });
    std::size_t told = 0;
    while (true) {
        const auto more = rows.next();
        if (!more) {
            REQUIRE(!more.error().message.empty());
            break;
        }
        if (!*more) {
            break;
        }
        REQUIRE(++told <= size);
        for (int column = -1; column <= static_cast<int>(most_columns); ++column) {
            const int kinds = (rows.number(column) ? 1 : 0) + (rows.is_null(column) ? 1 : 0) + (rows.bytes(column) ? 1 : 0);
            REQUIRE(kinds <= 1);
            std::size_t columns = 0;
            for (PieceReader piece(rows.bytes(column).value_or(std::string_view())); !piece.finished(); ++columns) {
                CheckedRow row(piece);
                (void)row.number();
            }
            REQUIRE(columns <= size);
        }
    }
    return 0;
}
