// `procatlas trace`: follows a program without a window, then reports what happened, or while it happens.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "core/base/companion.h"
#include "core/model/command.h"
#include "core/narrate/messages.h"

namespace procatlas {

// tree: the tree of processes alone, on a terminal while it changes.
enum class TraceFormat : std::uint8_t { text, json, json_lines, tree };

struct TraceOptions {
    LaunchCommand launch;
    TraceFormat format = TraceFormat::text;
    std::filesystem::path recording_file;  // empty: writes none
    std::string title;                     // of the recording
    std::string only;                      // limits calls, lines and instructions to this process or function; empty: no limit
    std::uint32_t most_mebibytes = 0;      // of the recording file; 0: no limit
    std::shared_ptr<Companions> where;     // the machine of the program; null: this one
    bool report_exit = false;              // exit with 0 however the program ended
};

// Prints to stdout, and messages that a user should see at once to stderr. Ctrl-C goes to the program first, a second one,
// SIGTERM, SIGHUP and SIGQUIT end all; what was seen is told in any case. Returns the exit status (exit_status.h).
int trace(const TraceOptions& options, const Messages& words);

}  // namespace procatlas
