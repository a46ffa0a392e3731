#include "core/stream/command_stream.h"

#include "core/stream/fields.h"

namespace procatlas {

void write_command(std::string& out, const Command& command) {
    const std::size_t begin = begin_frame(out);
    Encoder encoder(out);
    encoder(command);
    end_frame(out, begin);
}

Result<std::optional<Command>> read_command(FrameBuffer& frames) {
    const auto frame = frames.next();
    if (!frame) {
        return std::unexpected(frame.error());
    }
    if (!*frame) {
        return std::nullopt;
    }
    Decoder in(**frame);
    Command command;
    in(command);
    if (!in.finished()) {
        return fail("the command stream is damaged");
    }
    return command;
}

}  // namespace procatlas
