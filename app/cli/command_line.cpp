#include "app/cli/command_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iterator>

#include "core/base/text.h"
#include "core/export/catalogue.h"
#include "core/far/machine_name.h"
#include "core/model/command.h"

namespace procatlas {
namespace {

constexpr std::array ways{
    Usage{"", "the window, with the welcome screen"},
    Usage{"[--hold] -- COMMAND ARG...", "the window on a command"},
    Usage{"[--hold] FILE ARG...", "the window on a .py, .c or .cpp file; C and C++ are compiled first"},
    Usage{"--host [USER@]MACHINE [--hold] -- COMMAND ARG...", "the window here on a command there, over ssh"},
    Usage{"--example NAME", "the window on a sample program"},
    Usage{"open FILE", "the window on a recording"},
    Usage{"trace (--example NAME | FILE ARG... | -- COMMAND ARG...)", "what a program does, as text or JSON"},
    Usage{"attach PID", "what a running process does from now on; it goes on afterwards"},
    Usage{"watch [PID]", "the processes of this machine, or PID and all below it, seen from outside"},
    Usage{"show FILE --as FORMAT [-o OUT]", "a moment of a recording as text, data or a figure"},
    Usage{"where FILE PID ADDRESS", "what an address is"},
    Usage{"lesson NAME|FOLDER", "a lesson in the terminal; --list lists them, --check checks one"},
    Usage{"grade FILE...", "who predicted what in a lesson"},
    Usage{"serve (--example NAME | --lesson NAME | FILE | [--host HOST] -- COMMAND ARG...)",
          "a run in every browser that has one of its links"},
    Usage{"explore (--example NAME | FILE ARG... | -- COMMAND ARG...)",
          "what else could have happened: all orders of its processes"},
    Usage{"compare FILE FILE", "what is equal in two recordings, what moved, what differs by chance"},
    Usage{"examples", "the sample programs"},
    Usage{"doctor", "what this machine offers"},
};

constexpr std::array statuses{
    ExitStatus{"0", "done"},
    ExitStatus{"1", "failed"},
    ExitStatus{"2", "wrong usage"},
    ExitStatus{"N", "trace: what the program exited with"},
    ExitStatus{"128+N", "trace: signal N ended the program, or trace"},
    ExitStatus{"125", "trace itself failed"},
    ExitStatus{"126", "trace: the program cannot be executed"},
    ExitStatus{"127", "trace: there is no such program"},
};

std::string footer() {
    std::string text;
    for (const Usage& way : ways) {
        constexpr std::size_t column = 42;
        const std::string line = fmt::format("  procatlas {}", way.arguments);
        text += line.size() < column ? fmt::format("{:<{}} {}\n", line, column, way.what)
                                     : fmt::format("{}\n{:<{}} {}\n", line, "", column, way.what);
    }
    text += "\nExit status:";
    for (const ExitStatus& status : statuses) {
        text += fmt::format("\n  {:<6} {}", status.status, status.what);
    }
    return text;
}

// The command line uses the environment's language. The window has its own setting.
std::string_view environment_language() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* value = std::getenv(name);
        if (value && *value != '\0') {
            return std::string_view(value).starts_with("ko") ? "ko" : "en";
        }
    }
    return "en";
}

// The names of a catalogue's rows.
std::vector<std::string> names_of(const auto& rows) {
    std::vector<std::string> names;
    std::ranges::transform(rows, std::back_inserter(names), [](const auto& row) { return std::string(row.name); });
    return names;
}

// CLI::Range takes "nan" for a number within any range, and tells the range with six decimals.
CLI::Validator between(double least, double most) {
    return {[least, most](const std::string& typed) {
                char* end = nullptr;
                const double number = std::strtod(typed.c_str(), &end);
                if (end == typed.c_str() || *end != '\0' || !std::isfinite(number)) {
                    return typed + " is not a number";
                }
                return least <= number && number <= most ? std::string()
                                                         : fmt::format("Value {} not in range {} to {}", typed, least, most);
            },
            fmt::format("FLOAT in [{} - {}]", least, most)};
}

CLI::Validator pid_number() {
    return {[](const std::string& typed) {
                std::int32_t pid = 0;
                const auto [end, error] = std::from_chars(typed.data(), typed.data() + typed.size(), pid);
                const bool whole = error == std::errc() && end == typed.data() + typed.size();
                return whole && pid > 0 ? std::string() : "\"" + display_text(typed) + "\" is no PID";
            },
            ""};
}

void add_example(CLI::App& app, Typed& typed) {
    app.add_option("--example", typed.example, "a sample program, by its name")->type_name("NAME");
}

CLI::Validator machine_name() {
    return {[](const std::string& typed) { return why_no_machine(typed); }, ""};
}

CLI::Validator path_there() {
    return {[](const std::string& typed) {
                const bool fine =
                    std::ranges::none_of(typed, [](char c) { return std::iscntrl(static_cast<unsigned char>(c)); });
                return fine && !typed.empty() ? std::string() : "\"" + display_text(typed) + "\" is no path";
            },
            ""};
}

void add_host(CLI::App& app, Typed& typed) {
    CLI::Option* host = app.add_option("--host", typed.machine,
                                       "run the command on that machine, by ssh; procatlas must be installed there too")
                            ->type_name("[USER@]MACHINE")
                            ->check(machine_name());
    app.add_option("--host-procatlas", typed.host_procatlas,
                   "where procatlas is on that machine, if it is not in the PATH there")
        ->type_name("PATH")
        ->check(path_there())
        ->needs(host);
}

void add_language(CLI::App& app, Typed& typed) {
    app.add_option("--language", typed.language, "en or ko")->check(CLI::IsMember({"en", "ko"}));
}

// add_verb(APP, TYPED, VERB, NAME, WHAT): adds a subcommand that sets `typed.verb` when it is chosen.
CLI::App* add_verb(CLI::App& app, Typed& typed, Typed::Verb verb, const char* name, const char* what) {
    CLI::App* added = app.add_subcommand(name, what);
    added->parse_complete_callback([&typed, verb] { typed.verb = verb; });
    return added;
}

void add_trace(CLI::App& app, Typed& typed) {
    CLI::App* trace =
        add_verb(app, typed, Typed::Verb::trace, "trace", "follow a program without a window, and tell what happened");
    CLI::Option* json = trace->add_flag("--json", typed.json, "tell it as JSON");
    trace->add_flag("--json-lines", typed.json_lines, "tell each event while it happens, as a line of JSON")->excludes(json);
    trace->add_flag("--report-exit", typed.report_exit, "exit with 0 however the program ends, and only tell it");
    trace->add_option("--max-processes", typed.process_cap, "live processes at which all are stopped")
        ->check(CLI::Range(1, 1'000'000));
    trace->add_option("--grain", typed.grain, "how finely to look: lifecycle, memory, calls, lines or instructions")
        ->check(CLI::IsMember({"lifecycle", "memory", "calls", "lines", "instructions"}));
    trace->add_flag("--libraries", typed.with_libraries,
                    "calls and lines also of the libraries that were compiled into the program");
    trace->add_flag("--all-output", typed.all_output, "also what goes into pipes and files, not to the terminal alone");
    trace->add_flag("--pages", typed.pages, "also read the state of each page: shared, own, ..., and what was copied");
    trace->add_flag("--frames", typed.frames, "--pages, and where each page lies in physical memory (root)");
    trace->add_option("--only", typed.only, "the finer grains only in this process (its PID) or this function (its name)");
    trace->add_option("-o", typed.recording_file, "also write a recording to this file (.procatlas), while the program runs")
        ->type_name("FILE");
    trace->add_option("--max-size", typed.most_mebibytes, "end the recording, not the program, when its file has so many MiB")
        ->check(CLI::Range(1, 1'000'000));
    add_example(*trace, typed);
    add_host(*trace, typed);
}

void add_attach(CLI::App& app, Typed& typed) {
    CLI::App* attach = add_verb(app, typed, Typed::Verb::attach, "attach",
                                "follow a process that runs already, and what comes of it; it goes on when you leave (Ctrl-C)");
    attach->add_option("PID", typed.pid, "its number")->required()->check(pid_number());
    CLI::Option* json = attach->add_flag("--json", typed.json, "tell it as JSON");
    attach->add_flag("--json-lines", typed.json_lines, "tell each event while it happens, as a line of JSON")->excludes(json);
    attach
        ->add_option("--grain", typed.attach_grain,
                     "how finely to look: lifecycle; a process that runs already is not followed more finely")
        ->check(CLI::IsMember({"lifecycle", "memory", "calls", "lines", "instructions"}));
    attach->add_flag("--pages", typed.pages, "also read the state of each page: shared, own, ..., and what was copied");
    attach->add_option("-o", typed.recording_file, "also write a recording to this file (.procatlas), while it is followed")
        ->type_name("FILE");
    attach->add_option("--max-size", typed.most_mebibytes, "end the recording when its file has so many MiB")
        ->check(CLI::Range(1, 1'000'000));
    attach->add_flag("--window", typed.in_window, "in the window");
    add_host(*attach, typed);
    add_language(*attach, typed);
}

void add_watch(CLI::App& app, Typed& typed) {
    CLI::App* watch = add_verb(app, typed, Typed::Verb::watch, "watch",
                               "look at the processes of this machine from outside, other people's too, until Ctrl-C");
    watch->add_option("PID", typed.pid, "only this one and all below it")->check(pid_number());
    CLI::Option* json = watch->add_flag("--json", typed.json, "tell it as JSON");
    watch->add_flag("--json-lines", typed.json_lines, "tell each change when it is seen, as a line of JSON")->excludes(json);
    watch->add_option("--every", typed.every_ms, "milliseconds between two looks, 100 if not given")
        ->check(CLI::Range(10, 3'600'000));
    watch->add_option("-o", typed.recording_file, "also write a recording to this file (.procatlas)")->type_name("FILE");
    watch->add_flag("--window", typed.in_window, "in the window");
    add_host(*watch, typed);
    add_language(*watch, typed);
}

void add_show(CLI::App& app, Typed& typed) {
    ShowArguments& show = typed.show;
    CLI::App* command = add_verb(app, typed, Typed::Verb::show, "show",
                                 "a moment of a recording as text, data or a figure, or all of it as a page; no window");
    command->add_option("FILE", show.recording, "a recording")->required();
    command->add_option("--moment", show.moment,
                        "its number, from 0, or last; of a picture without it: most processes alive, the deepest stack");
    command->add_option("--moments", show.moments,
                        "of a storyboard, which would tell the first fork, or of --steps: MOMENT,MOMENT,...");
    command->add_flag(
        "--steps", show.steps,
        "a figure of every step: numbered SVG or PNG files beside the one that -o names, or the pages of one PDF");
    const std::vector<std::string> views = names_of(export_views());
    const std::vector<std::string> formats = names_of(export_formats());
    command->add_option("--view", show.view, fmt::format("of a figure or a page: {}", fmt::join(views, ", ")))
        ->check(CLI::IsMember(views));
    command->add_option("--pids", show.pids, "whose memory: PID,PID,...");
    command->add_option("--theme", show.theme, "of a figure or page: light, dark, or print for paper and grey printers")
        ->check(CLI::IsMember({"light", "dark", "print"}));
    add_language(*command, typed);
    command->add_option("--as", show.format, fmt::format("{}", fmt::join(formats, ", ")))
        ->required()
        ->check(CLI::IsMember(formats));
    command->add_option("--scale", show.scale, "pixels of a PNG for each point of the figure, 2 if not given")
        ->check(between(0.1, 16.0));
    command->add_flag("--pages", show.pages, "text and JSON: also the pages of each region, and what was copied");
    command->add_option("--blank", show.blank, "leave out of a picture, for an exercise: kinds,addresses,values,pids,states")
        ->type_name("WHAT");
    command->add_flag("--without-recording", show.without_recording, "a figure without its recording inside");
    command->add_flag("--with-memory", show.with_memory,
                      "the recording inside a figure keeps the bytes of memory and the values of variables");
    command->add_option("-o", show.output, "the file to write; standard output if not given")->type_name("FILE");
}

void add_where(CLI::App& app, Typed& typed) {
    CLI::App* where =
        add_verb(app, typed, Typed::Verb::where, "where", "what an address is: region, frame, variable, block of the heap");
    where->add_option("FILE", typed.where.recording, "a recording")->required();
    where->add_option("PID", typed.where.pid, "the process")->required();
    where->add_option("ADDRESS", typed.where.address, "hexadecimal")->required();
    where->add_option("--moment", typed.where.moment, "its number, from 0, or last");
    add_language(*where, typed);
}

void add_lesson(CLI::App& app, Typed& typed) {
    LessonArguments& lesson = typed.lesson;
    CLI::App* command =
        add_verb(app, typed, Typed::Verb::lesson, "lesson",
                 "a lesson: predict, and see what the real process does; here in the terminal, without a window");
    command->add_option("NAME", lesson.name, "its name or number, or a folder with a lesson.en.md or lesson.ko.md");
    CLI::Option* list = command->add_flag("--list", lesson.list, "list the lessons, a line each");
    CLI::Option* check =
        command
            ->add_flag("--check", lesson.check,
                       "without a student: run its programs, go to each step, ask each query, and say what is wrong")
            ->excludes(list);
    command->add_flag("--json", lesson.json, "tell --list or --check as JSON");
    CLI::Option* as =
        command
            ->add_option("--as", lesson.format, "html: a page that works in a browser; pdf, or one of the next two: on paper")
            ->check(CLI::IsMember({"html", "pdf"}));
    CLI::Option* worksheet =
        command->add_flag("--worksheet", lesson.worksheet, "--as: on paper, with empty answers")->needs(as);
    command
        ->add_flag("--solution", lesson.solution,
                   "--as: on paper, with the answers of a run that is made now, and the notes for the teacher")
        ->needs(as)
        ->excludes(worksheet);
    CLI::Option* output = command
                              ->add_option("-o", lesson.output,
                                           "keep your answers in this recording (.procatlas), to be handed in; with --as: the "
                                           "file to write, standard output if not given")
                              ->type_name("FILE")
                              ->excludes(list)
                              ->excludes(check);
    command->add_option("--name", lesson.who, "your name, for whoever grades your answers")->needs(output)->excludes(as);
    add_language(*command, typed);
}

void add_grade(CLI::App& app, Typed& typed) {
    CLI::App* command = add_verb(app, typed, Typed::Verb::grade, "grade",
                                 "who predicted what in a lesson: a table of the answers that recordings keep");
    command->add_option("FILES", typed.grade.files, "recordings that students have handed in")->required();
    CLI::Option* json = command->add_flag("--json", typed.grade.json, "tell it as JSON");
    command->add_flag("--csv", typed.grade.csv, "tell it as comma-separated values, a row for each answer")->excludes(json);
    add_language(*command, typed);
}

void add_serve(CLI::App& app, Typed& typed) {
    CLI::App* serve = add_verb(app, typed, Typed::Verb::serve, "serve",
                               "share a run with a class: a page for every browser that has one of the links that this prints");
    serve->add_option("--listen", typed.listen, "the address and port; 127.0.0.1:0 if not given, where port 0 is a free one")
        ->type_name("ADDRESS:PORT");
    serve->add_flag("--hold", typed.hold, "hold each process at its events, to go on step by step");
    serve->add_flag("--open", typed.open_browser, "open your browser on the link to drive");
    serve->add_flag("--allow-commands", typed.allow_commands,
                    "who has the link to drive may start any command on this machine");
    add_example(*serve, typed);
    CLI::Option* lesson = serve
                              ->add_option("--lesson", typed.served_lesson,
                                           "walk a lesson with the class: its name or number, or a folder; who drives goes on, "
                                           "and so does Enter here (b and Enter: back)")
                              ->type_name("NAME");
    CLI::Option* answers =
        serve
            ->add_option("-o", typed.class_answers,
                         "keep the lesson's run and the answers of the class in this new recording, for grade")
            ->type_name("FILE")
            ->needs(lesson);
    serve->add_flag("--names", typed.asks_names, "ask the class for names, which the answers in -o then bear")->needs(answers);
    add_host(*serve, typed);
    serve->add_option("FILE", typed.open_file, "a recording, or a .py, .c or .cpp file to run");
    add_language(*serve, typed);
}

void add_explore(CLI::App& app, Typed& typed) {
    ExploreArguments& explore = typed.explore;
    CLI::App* command =
        add_verb(app, typed, Typed::Verb::explore, "explore",
                 "what else could have happened: run a program in all orders of its processes, and tell the outcomes");
    command->add_option("--runs", explore.runs, "at most so many runs, 1000 if not given")->check(CLI::Range(1, 1'000'000));
    command->add_option("--seconds", explore.seconds, "for at most so long, 60 if not given; the free runs as long again")
        ->check(between(0.1, 86'400.0));
    command->add_option("--seed", explore.seed, "of the random runs, if there are too many orders to try all");
    command->add_option("--free", explore.free_runs, "also so many runs as the system schedules them, to see how often each is")
        ->check(CLI::Range(0, 1'000'000));
    CLI::Option* replay = command
                              ->add_option("--replay", explore.choices,
                                           "run it once: who goes on, each time several may, as in P,C1,C1; - for none")
                              ->type_name("CHOICES");
    replay->each([&explore](const std::string&) { explore.replays = true; });
    command->add_flag("--json", explore.json, "tell it as JSON");
    command->add_option("-o", explore.folder, "the folder for a recording of each outcome; the usual one if not given")
        ->type_name("FOLDER");
    add_example(*command, typed);
    add_language(*command, typed);
}

void add_compare(CLI::App& app, Typed& typed) {
    CLI::App* command = add_verb(app, typed, Typed::Verb::compare, "compare",
                                 "two recordings: what is equal, what has moved, and what differs only by chance");
    command->add_option("FIRST", typed.compare.first, "a recording")->required();
    command->add_option("SECOND", typed.compare.second, "another one")->required();
    CLI::Option* json = command->add_flag("--json", typed.compare.json, "tell it as JSON");
    command->add_flag("--window", typed.compare.window, "show them side by side in the window")->excludes(json);
    add_language(*command, typed);
}

}  // namespace

std::span<const Usage> usages() {
    return ways;
}

std::span<const ExitStatus> exit_statuses() {
    return statuses;
}

std::unique_ptr<CLI::App> define_command_line(Typed& typed) {
    typed.language = environment_language();
    typed.process_cap = LaunchCommand{}.process_cap;
    auto app = std::make_unique<CLI::App>(
        "procatlas shows what a process is: its memory and its family, live, read from real processes.", "procatlas");
    app->set_version_flag("--version", "procatlas " PROCATLAS_VERSION, "say which version this is");
    app->footer(footer());
    app->add_flag("--hold", typed.hold, "hold each process at its events, to go on step by step");
    add_example(*app, typed);
    add_host(*app, typed);
    add_verb(*app, typed, Typed::Verb::examples, "examples", "list the sample programs");
    add_verb(*app, typed, Typed::Verb::doctor, "doctor", "say what this machine offers, and what is missing without each")
        ->add_flag("--json", typed.json, "say it as JSON");
    add_trace(*app, typed);
    add_attach(*app, typed);
    add_watch(*app, typed);
    add_show(*app, typed);
    add_where(*app, typed);
    add_lesson(*app, typed);
    add_grade(*app, typed);
    add_serve(*app, typed);
    add_explore(*app, typed);
    add_compare(*app, typed);
    // FILE is optional: without it, the welcome screen opens. Desktops start programs with or without a file by the same
    // command.
    add_verb(*app, typed, Typed::Verb::open, "open", "the window on a recording, or on a figure that carries one")
        ->add_option("FILE", typed.open_file, "a .procatlas file, or an SVG, PDF or PNG made by procatlas");
    app->require_subcommand(0, 1);
    return app;
}

}  // namespace procatlas
