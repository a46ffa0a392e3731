// Commands as bytes, one frame for each.
#pragma once

#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/model/command.h"
#include "core/stream/frame.h"

namespace procatlas {

void write_command(std::string& out, const Command& command);

// The next whole command, or nullopt. Error: the bytes are not a command.
[[nodiscard]] Result<std::optional<Command>> read_command(FrameBuffer& frames);

}  // namespace procatlas
