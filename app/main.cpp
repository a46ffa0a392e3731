// The composition root: what was typed decides between the window and the command line.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/asset_folder.h"
#include "app/cli/doctor.h"
#include "app/cli/list_examples.h"
#include "app/cli/show.h"
#include "app/cli/trace.h"
#include "app/examples.h"
#include "app/window/window_app.h"
#include "core/export/catalogue.h"
#include "core/live/live_run.h"

namespace {

using namespace procatlas;

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

struct Arguments {
    std::vector<std::string> ours;
    std::vector<std::string> command;  // behind the first "--"
    bool has_command = false;
};

Arguments split_arguments(int argc, char** argv) {
    Arguments arguments;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (arguments.has_command) {
            arguments.command.emplace_back(argument);
        } else if (argument == "--") {
            arguments.has_command = true;
        } else {
            arguments.ours.emplace_back(argument);
        }
    }
    std::reverse(arguments.ours.begin(), arguments.ours.end());  // as CLI11 wants a vector
    return arguments;
}

// The command line follows the environment; the window has a setting of its own.
std::string_view environment_language() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* value = std::getenv(name);
        if (value && *value != '\0') {
            return std::string_view(value).starts_with("ko") ? "ko" : "en";
        }
    }
    return "en";
}

struct Program {
    std::string title;
    std::vector<std::string> arguments;
};

// What is to be run, from `--example NAME` or from behind `--`; says on standard error what is wrong.
Result<std::optional<Program>> chosen_program(const std::string& example, const Arguments& arguments) {
    if (!example.empty() && arguments.has_command) {
        return fail("give either --example NAME or a command behind --, not both");
    }
    if (!example.empty()) {
        auto found = find_example(example);
        if (!found) {
            return fail("there is no example \"" + example + "\"; `procatlas examples` lists them");
        }
        return Program{found->name, found->arguments};
    }
    if (arguments.has_command) {
        if (arguments.command.empty()) {
            return fail("there is no command behind --");
        }
        return Program{arguments.command.front(), arguments.command};
    }
    return std::nullopt;
}

Grain grain_of(std::string_view name) {
    return name == "calls"          ? Grain::calls
           : name == "lines"        ? Grain::lines
           : name == "instructions" ? Grain::instructions
                                    : Grain::none;
}

// Of the rows of a catalogue.
std::vector<std::string> names_of(const auto& rows) {
    std::vector<std::string> names;
    std::ranges::transform(rows, std::back_inserter(names), [](const auto& row) { return std::string(row.name); });
    return names;
}

CLI::App* add_show(CLI::App& app, ShowArguments& show, std::string& language) {
    CLI::App* command =
        app.add_subcommand("show", "a moment of a recording as text, data or a figure, or all of it as a page; no window");
    command->add_option("FILE", show.recording, "a recording")->required();
    command->add_option("--moment", show.moment, "its number, from 0, or last");
    command->add_option("--moments", show.moments, "of a storyboard, which would tell the first fork: MOMENT,MOMENT,...");
    const std::vector<std::string> views = names_of(export_views());
    const std::vector<std::string> formats = names_of(export_formats());
    command->add_option("--view", show.view, fmt::format("of a figure or a page: {}", fmt::join(views, ", ")))
        ->check(CLI::IsMember(views));
    command->add_option("--pids", show.pids, "whose memory: PID,PID,...");
    command->add_option("--theme", show.theme, "of a figure or page: light, dark, or print for paper and grey printers")
        ->check(CLI::IsMember({"light", "dark", "print"}));
    command->add_option("--language", language, "en or ko")->check(CLI::IsMember({"en", "ko"}));
    command->add_option("--as", show.format, fmt::format("{}", fmt::join(formats, ", ")))
        ->required()
        ->check(CLI::IsMember(formats));
    command->add_option("--scale", show.scale, "pixels of a PNG for each point of the figure, 2 if not given")
        ->check(CLI::Range(0.1, 16.0));
    command->add_flag("--pages", show.pages, "text and JSON: also the pages of each region, and what was copied");
    command->add_flag("--without-recording", show.without_recording, "a figure without its recording inside");
    command->add_flag("--with-memory", show.with_memory, "the recording inside a figure keeps the raw bytes of memory");
    command->add_option("-o", show.output, "the file to write; standard output if not given");
    return command;
}

int complain(std::string_view message, int status) {
    fmt::print(stderr, "procatlas: {}\n", message);
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    Arguments arguments = split_arguments(argc, argv);
    CLI::App app("procatlas shows what a process is: its memory and its family, live, read from real processes.", "procatlas");
    app.set_version_flag("--version", "procatlas " PROCATLAS_VERSION);
    app.footer(
        "  procatlas                                the window, with the welcome screen\n"
        "  procatlas [--hold] -- COMMAND ARG...     the window on a command\n"
        "  procatlas --example NAME                 the window on a sample program\n"
        "  procatlas open FILE                      the window on a recording\n"
        "  procatlas trace (--example NAME | -- COMMAND ARG...)\n"
        "  procatlas show FILE --as FORMAT [-o OUT] a moment of a recording as text, data or a figure\n"
        "  procatlas where FILE PID ADDRESS         what an address is\n"
        "\nExit status: 0 done, 1 failed, 2 wrong usage.");
    bool hold = false;
    bool json = false;
    std::string example;
    std::string trace_example;
    std::uint32_t cap = LaunchCommand{}.process_cap;
    app.add_flag("--hold", hold, "hold each process at its events, to go on step by step");
    app.add_option("--example", example, "a sample program, by its name");
    CLI::App* examples = app.add_subcommand("examples", "list the sample programs");
    CLI::App* doctor = app.add_subcommand("doctor", "say what this machine offers, and what is missing without each");
    CLI::App* tracing = app.add_subcommand("trace", "follow a program without a window, and tell what happened");
    tracing->add_flag("--json", json, "tell it as JSON");
    tracing->add_option("--max-processes", cap, "live processes at which all are stopped")->check(CLI::Range(1, 1'000'000));
    std::string grain = "memory";
    tracing->add_option("--grain", grain, "how finely to look: lifecycle, memory, calls, lines or instructions")
        ->check(CLI::IsMember({"lifecycle", "memory", "calls", "lines", "instructions"}));
    bool pages = false;
    bool frames = false;
    tracing->add_flag("--pages", pages, "also read the state of each page: shared, own, ..., and what was copied");
    tracing->add_flag("--frames", frames, "--pages, and where each page lies in physical memory (root)");
    std::string only;
    tracing->add_option("--only", only, "the finer grains only in this process (its PID) or this function (its name)");
    std::string recording_file;
    tracing->add_option("-o", recording_file, "also write a recording to this file (.procatlas), while the program runs");
    tracing->add_option("--example", trace_example, "a sample program, by its name");
    ShowArguments show_arguments;
    std::string language(environment_language());
    const CLI::App* showing = add_show(app, show_arguments, language);
    WhereArguments where_arguments;
    CLI::App* finding = app.add_subcommand("where", "what an address is: region, frame, variable, block of the heap");
    finding->add_option("FILE", where_arguments.recording, "a recording")->required();
    finding->add_option("PID", where_arguments.pid, "the process")->required();
    finding->add_option("ADDRESS", where_arguments.address, "hexadecimal")->required();
    finding->add_option("--moment", where_arguments.moment, "its number, from 0, or last");
    finding->add_option("--language", language, "en or ko")->check(CLI::IsMember({"en", "ko"}));
    std::string open_file;
    CLI::App* opening = app.add_subcommand("open", "the window on a recording, or on a figure that carries one");
    opening->add_option("FILE", open_file, "a .procatlas file, or an SVG, PDF or PNG made by procatlas")->required();
    app.require_subcommand(0, 1);
    try {
        app.parse(arguments.ours);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : exit_usage;
    }

    auto words = read_messages(asset_folder() / "locale" / (language + ".json"));
    if (!words) {
        return complain(words.error().message, exit_failed);
    }
    if (examples->parsed()) {
        return print_examples(language);
    }
    if (showing->parsed()) {
        return show(show_arguments, language, *words);
    }
    if (finding->parsed()) {
        return where(where_arguments, *words);
    }
    if (doctor->parsed()) {
        return print_doctor(*words);
    }
    auto program = chosen_program(tracing->parsed() ? trace_example : example, arguments);
    if (!program) {
        return complain(program.error().message, exit_usage);
    }
    if (tracing->parsed()) {
        if (!*program) {
            return complain("trace needs --example NAME or a command behind --", exit_usage);
        }
        TraceOptions options{launch_of((*program)->arguments, false), json, recording_file, (*program)->title, only};
        options.launch.process_cap = cap;
        options.launch.watch_memory = grain != "lifecycle";
        options.launch.grain = grain_of(grain);
        options.launch.pages = pages || frames;
        options.launch.frames = frames;
        return trace(options, *words);
    }
    WindowOptions options;
    options.open_file = open_file;
    if (*program) {
        options.launch = launch_of((*program)->arguments, hold);
        options.title = (*program)->title;
    }
    return run_window(options);
}
