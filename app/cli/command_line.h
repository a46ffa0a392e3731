// The arguments of `procatlas` as one table. Parsing, --help, the manual page and the shell completions read it.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/compare.h"
#include "app/cli/explore.h"
#include "app/cli/grade.h"
#include "app/cli/lesson.h"
#include "app/cli/show.h"

namespace procatlas {

// The arguments, checked as far as possible without opening files.
struct Typed {
    enum class Verb : std::uint8_t {
        window,
        open,
        examples,
        doctor,
        trace,
        attach,
        watch,
        show,
        where,
        lesson,
        grade,
        explore,
        compare,
        serve
    };

    Verb verb = Verb::window;
    bool hold = false;
    bool json = false;  // of trace and doctor
    bool json_lines = false;
    bool report_exit = false;
    std::uint32_t most_mebibytes = 0;  // of a recording file; 0: no limit
    bool pages = false;
    bool frames = false;
    std::string example;
    std::string grain = "memory";
    std::string attach_grain = "lifecycle";
    std::int32_t pid = 0;        // of attach and watch; 0: not given
    bool in_window = false;      // of attach and watch
    std::uint32_t every_ms = 0;  // of watch; 0: not given
    bool with_libraries = false;
    bool all_output = false;
    std::string only;
    std::string recording_file;
    std::string open_file;
    std::string machine;         // [USER@]MACHINE on which programs run; empty: this one
    std::string host_procatlas;  // the path of procatlas there; empty: it is in the PATH there
    std::string language;        // a file name in assets/locale
    std::uint32_t process_cap = 0;
    ShowArguments show;
    WhereArguments where;
    LessonArguments lesson;
    GradeArguments grade;
    std::string listen = "127.0.0.1:0";  // of serve
    bool open_browser = false;
    bool allow_commands = false;
    std::string served_lesson;  // its name or number, or a folder
    std::string class_answers;  // the file that keeps them
    bool asks_names = false;
    ExploreArguments explore;
    CompareArguments compare;
    std::optional<std::vector<std::string>>
        command;  // the words after the first "--", or from the name of a source on; nullopt: neither
};

// A way to call procatlas.
struct Usage {
    std::string_view arguments;
    std::string_view what;
};

[[nodiscard]] std::span<const Usage> usages();

// What an exit status means.
struct ExitStatus {
    std::string_view status;  // digits, or what stands for them
    std::string_view what;
};

[[nodiscard]] std::span<const ExitStatus> exit_statuses();

// The table. Parsing with it writes to `typed`, which must outlive it.
[[nodiscard]] std::unique_ptr<CLI::App> define_command_line(Typed& typed);

}  // namespace procatlas
