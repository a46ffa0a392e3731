// `procatlas serve`: a run without a window, for every browser that has one of its links.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "app/control/lesson_library.h"
#include "core/base/companion.h"
#include "core/model/command.h"
#include "core/narrate/messages.h"

namespace procatlas {

struct ServeOptions {
    std::string listen = "127.0.0.1:0";
    std::optional<LaunchCommand> launch;  // the program; nullopt: `file`
    std::string title;
    std::optional<HoldClasses> stop_at;  // of a sample program that is held: where its teacher stops
    std::filesystem::path file;          // a recording
    std::optional<LessonEntry> lesson;   // instead of both
    std::filesystem::path answers;       // the file that the lesson's run and the answers of the class are kept in; empty: none
    bool asks_names = false;             // of the class, in a lesson
    std::string language = "en";         // of the lesson, as the teacher reads it
    std::shared_ptr<Companions> where;   // the machine of the program; null: this one
    bool opens_browser = false;          // on the link to drive
    bool takes_commands = false;         // those who drive may start any command
};

// Prints a link a line to stdout, first that to look and then that to drive; the class code, a QR code and how many are there
// to stderr. Ctrl-C, SIGTERM, SIGHUP and SIGQUIT end the program, the server and this. Returns the exit status (exit_status.h).
int serve(const ServeOptions& options, const Messages& words);

}  // namespace procatlas
