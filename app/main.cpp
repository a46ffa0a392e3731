// The composition root: decides between the window and the command line.
#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/command_line.h"
#include "app/cli/doctor.h"
#include "app/cli/list_examples.h"
#include "app/cli/show.h"
#include "app/cli/trace.h"
#include "app/control/asset_folder.h"
#include "app/control/examples.h"
#include "app/window/window_app.h"
#include "core/live/live_run.h"

namespace {

using namespace procatlas;

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

struct Program {
    std::string title;
    std::vector<std::string> arguments;
};

// The program to run, from `--example NAME` or after `--`. nullopt: neither was given.
Result<std::optional<Program>> chosen_program(const Typed& typed) {
    if (!typed.example.empty() && typed.command) {
        return fail("give either --example NAME or a command behind --, not both");
    }
    if (!typed.example.empty()) {
        auto found = find_example(typed.example);
        if (!found) {
            return fail("there is no example \"" + typed.example + "\"; `procatlas examples` lists them");
        }
        return Program{found->name, found->arguments};
    }
    if (typed.command) {
        if (typed.command->empty()) {
            return fail("there is no command behind --");
        }
        return Program{typed.command->front(), *typed.command};
    }
    return std::nullopt;
}

Grain grain_of(std::string_view name) {
    return name == "calls"          ? Grain::calls
           : name == "lines"        ? Grain::lines
           : name == "instructions" ? Grain::instructions
                                    : Grain::none;
}

int complain(std::string_view message, int status) {
    fmt::print(stderr, "procatlas: {}\n", message);
    return status;
}

int run_trace(const Typed& typed, const Program& program, const Messages& words) {
    TraceOptions options{launch_of(program.arguments), typed.json, typed.recording_file, program.title, typed.only};
    options.launch.process_cap = typed.process_cap;
    options.launch.watch_memory = typed.grain != "lifecycle";
    options.launch.grain = grain_of(typed.grain);
    options.launch.pages = typed.pages || typed.frames;
    options.launch.frames = typed.frames;
    return trace(options, words);
}

// Starts the window or the trace, the two that follow programs.
int follow(const Typed& typed, const Messages& words) {
    const auto program = chosen_program(typed);
    if (!program) {
        return complain(program.error().message, exit_usage);
    }
    if (typed.verb == Typed::Verb::trace) {
        return *program ? run_trace(typed, **program, words)
                        : complain("trace needs --example NAME or a command behind --", exit_usage);
    }
    WindowOptions options;
    options.open_file = typed.open_file;
    if (*program) {
        options.launch = launch_of((*program)->arguments, typed.hold ? AtFirstEvent::holds : AtFirstEvent::runs);
        options.title = (*program)->title;
    }
    return run_window(options);
}

}  // namespace

int main(int argc, char** argv) {
    Typed typed;
    if (const auto status = parse_command_line(argc, argv, typed)) {
        return *status;
    }
    const auto words = read_messages(asset_folder() / "locale" / (typed.language + ".json"));
    if (!words) {
        return complain(words.error().message, exit_failed);
    }
    switch (typed.verb) {
        case Typed::Verb::examples:
            return print_examples(typed.language);
        case Typed::Verb::doctor:
            return print_doctor(*words, typed.json ? DoctorFormat::json : DoctorFormat::text);
        case Typed::Verb::show:
            return show(typed.show, typed.language, *words);
        case Typed::Verb::where:
            return where(typed.where, *words);
        case Typed::Verb::trace:
        case Typed::Verb::open:
        case Typed::Verb::window:
            return follow(typed, *words);
    }
    return exit_failed;
}
