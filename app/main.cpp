// The composition root: decides between the window and the command line.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <exception>
#include <expected>
#include <filesystem>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "app/cli/command_line.h"
#include "app/cli/compare.h"
#include "app/cli/doctor.h"
#include "app/cli/exit_status.h"
#include "app/cli/explore.h"
#include "app/cli/grade.h"
#include "app/cli/lesson.h"
#include "app/cli/list_examples.h"
#include "app/cli/own_command.h"
#include "app/cli/parse_arguments.h"
#include "app/cli/serve.h"
#include "app/cli/show.h"
#include "app/cli/terminal_text.h"
#include "app/cli/trace.h"
#include "app/control/asset_folder.h"
#include "app/control/display.h"
#include "app/control/examples.h"
#include "app/window/window_app.h"
#include "core/base/program_path.h"
#include "core/base/result.h"
#include "core/base/signal_sets.h"
#include "core/base/start_descriptors.h"
#include "core/base/text.h"
#include "core/far/far_machine.h"
#include "core/live/live_run.h"
#include "core/live/start_inspecting_observer.h"
#include "core/narrate/messages.h"
#include "core/narrate/reasons.h"
#include "core/serve/socket_address.h"

namespace {

using namespace procatlas;

struct Program {
    std::string title;
    std::vector<std::string> arguments;
    std::optional<Teaching> teaching = std::nullopt;  // of a sample program
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
        return Program{found->name, found->arguments, found->teaching};
    }
    if (typed.command) {
        if (typed.command->empty()) {
            return fail("there is no command behind --");
        }
        return Program{typed.command->front(), *typed.command, std::nullopt};
    }
    return std::nullopt;
}

Grain grain_of(std::string_view name) {
    return name == "calls"          ? Grain::calls
           : name == "lines"        ? Grain::lines
           : name == "instructions" ? Grain::instructions
                                    : Grain::none;
}

// What is told in English is told in the language of `words`, if that has it.
int complain(std::string_view message, int status, const Messages& words = {}) {
    fmt::print(stderr, "procatlas: {}\n", terminal_text(display_text(usage_text(message, words), true)));
    return status;
}

bool goes_there(Typed::Verb verb) {
    return verb == Typed::Verb::window || verb == Typed::Verb::trace || verb == Typed::Verb::attach ||
           verb == Typed::Verb::watch || verb == Typed::Verb::serve;
}

// What runs on this machine alone, although --host names another one; empty: nothing does.
std::string why_not_there(const Typed& typed, const Messages& words) {
    const bool source = typed.command && names_source(*typed.command);
    return typed.machine.empty()      ? std::string()
           : !typed.example.empty()   ? words.format("far.no_example", display_text(typed.machine))
           : source                   ? words.format("far.no_own_source", display_text(typed.machine))
           : !typed.open_file.empty() ? words.format("far.no_file", display_text(typed.machine))
                                      : std::string();
}

// The machine that --host names, connected; null: this one. Error: complained of.
std::expected<std::shared_ptr<Companions>, int> machine_of(const Typed& typed, const Messages& words, int failed) {
    if (typed.machine.empty()) {
        return nullptr;
    }
    if (const std::string why = why_not_there(typed, words); !why.empty()) {
        return std::unexpected(complain(why, failed, words));
    }
    auto machine = FarMachine::connect({typed.machine, typed.host_procatlas});
    if (!machine) {
        return std::unexpected(complain(machine.error().message, failed, words));
    }
    return std::move(*machine);
}

WindowOptions window_on(std::shared_ptr<Companions> where) {
    WindowOptions options;
    if (where) {
        options.starter = [where](LaunchCommand asked) { return start_inspecting_observer(std::move(asked), {}, where); };
        options.where = std::move(where);
    }
    return options;
}

int run_trace(const Typed& typed, Program program, const Messages& words) {
    if (typed.machine.empty() && names_source(program.arguments)) {
        auto ready = ready_command(program.arguments, words);
        if (!ready) {
            return ready.error();
        }
        program.arguments = std::move(*ready);
    }
    if (typed.most_mebibytes != 0 && typed.recording_file.empty()) {
        return complain("--max-size is of the file that -o names", exit_trace_failed, words);
    }
    auto where = machine_of(typed, words, exit_trace_failed);
    if (!where) {
        return where.error();
    }
    TraceOptions options;
    options.where = std::move(*where);
    options.launch = launch_of(program.arguments);
    options.format = typed.json ? TraceFormat::json : typed.json_lines ? TraceFormat::json_lines : TraceFormat::text;
    options.recording_file = typed.recording_file;
    options.title = options.where ? title_there(program.title, *options.where) : program.title;
    options.only = typed.only;
    options.most_mebibytes = typed.most_mebibytes;
    options.report_exit = typed.report_exit;
    options.launch.process_cap = typed.process_cap;
    options.launch.watch_memory = typed.grain != "lifecycle";
    options.launch.grain = grain_of(typed.grain);
    options.launch.followed = typed.with_libraries ? FollowedCode::with_libraries : FollowedCode::own;
    options.launch.watch_elsewhere = typed.all_output;
    options.launch.pages = typed.pages || typed.frames;
    options.launch.frames = typed.frames;
    return trace(options, words);
}

// `attach` and `watch`: processes that run already.
int follow_running(const Typed& typed, const Messages& words) {
    if (typed.most_mebibytes != 0 && typed.recording_file.empty()) {
        return complain("--max-size is of the file that -o names", exit_usage, words);
    }
    auto where = machine_of(typed, words, exit_failed);
    if (!where) {
        return where.error();
    }
    const bool watches = typed.verb == Typed::Verb::watch;
    TraceOptions options;
    options.launch = launch_of_running(watches ? Approach::watch : Approach::attach, typed.pid);
    options.launch.watch_memory = typed.attach_grain != "lifecycle";
    options.launch.grain = grain_of(typed.attach_grain);
    options.launch.pages = typed.pages;
    if (typed.every_ms != 0) {
        options.launch.look_every = std::chrono::milliseconds(typed.every_ms);
    }
    options.title = fmt::format("{} {}", watches ? "watch" : "attach", typed.pid);
    if (typed.in_window) {
        WindowOptions window = window_on(std::move(*where));
        window.launch = options.launch;
        window.title = options.title;
        return run_window(window);
    }
    if (*where) {
        options.title = title_there(options.title, **where);
        options.where = std::move(*where);
    }
    options.format = typed.json         ? TraceFormat::json
                     : typed.json_lines ? TraceFormat::json_lines
                     : watches          ? TraceFormat::tree
                                        : TraceFormat::text;
    options.recording_file = typed.recording_file;
    options.most_mebibytes = typed.most_mebibytes;
    return trace(options, words);
}

// A lesson before a class.
int serve_lesson(const Typed& typed, const Messages& words) {
    if (typed.hold || typed.command || !typed.example.empty() || !typed.open_file.empty() || !typed.machine.empty()) {
        return complain("--lesson says itself what runs, and runs it on this machine", exit_usage, words);
    }
    if (typed.allow_commands) {
        return complain("--allow-commands does not go with --lesson, which says itself what runs", exit_usage, words);
    }
    auto entry = find_lesson(typed.served_lesson);
    if (!entry) {
        return complain(entry.error().message, exit_usage, words);
    }
    if (const std::string why = why_not_kept(typed.class_answers, words); !why.empty()) {
        return complain(why, exit_usage, words);
    }
    ServeOptions options;
    options.listen = typed.listen;
    options.opens_browser = typed.open_browser;
    options.lesson = std::move(*entry);
    options.answers = typed.class_answers;
    options.asks_names = typed.asks_names;
    options.language = typed.language;
    return serve(options, words);
}

int run_serve(const Typed& typed, const Messages& words) {
    if (const auto address = parse_listen_address(typed.listen); !address) {
        return complain("--listen: " + address.error().message, exit_usage, words);
    }
    if (!typed.served_lesson.empty()) {
        return serve_lesson(typed, words);
    }
    auto program = chosen_program(typed);
    if (!program) {
        return complain(program.error().message, exit_usage, words);
    }
    if (program->has_value() != typed.open_file.empty()) {
        return complain(typed.machine.empty()
                            ? "serve needs one of --example NAME, --lesson NAME, a recording, or a command behind --"
                            : "serve --host needs a command behind --",
                        exit_usage, words);
    }
    auto where = machine_of(typed, words, exit_failed);
    if (!where) {
        return where.error();
    }
    ServeOptions options;
    options.where = std::move(*where);
    options.listen = typed.listen;
    options.file = typed.open_file;
    options.opens_browser = typed.open_browser;
    options.takes_commands = typed.allow_commands;
    if (*program) {
        auto& arguments = (*program)->arguments;
        if (names_source(arguments)) {
            auto ready = ready_command(arguments, words);
            if (!ready) {
                return ready.error();
            }
            arguments = std::move(*ready);
            options.stop_at = typed.hold ? std::optional(HoldClasses{.lines = true}) : std::nullopt;
        }
        options.launch = launch_of(arguments, typed.hold ? AtFirstEvent::holds : AtFirstEvent::runs);
        options.title = base_name((*program)->title);
        options.title = options.where ? title_there(options.title, *options.where) : options.title;
        if (typed.hold && (*program)->teaching) {
            options.stop_at = (*program)->teaching->stop_at;
        }
    }
    return serve(options, words);
}

int run_explore(const Typed& typed, const Messages& words) {
    auto program = chosen_program(typed);
    if (!program || !*program) {
        return complain(program ? "explore needs --example NAME or a command behind --" : program.error().message, exit_usage,
                        words);
    }
    if (names_source((*program)->arguments)) {
        auto ready = ready_command((*program)->arguments, words);
        if (!ready) {
            return ready.error();
        }
        (*program)->arguments = std::move(*ready);
    }
    return explore_command(typed.explore, (*program)->arguments, (*program)->title, words);
}

int compare_in_window(const CompareArguments& arguments) {
    WindowOptions options;
    options.beside = {arguments.first, arguments.second};
    return run_window(options);
}

// Starts the window or the trace, the two that follow programs.
int follow(const Typed& typed, const Messages& words) {
    const bool traces = typed.verb == Typed::Verb::trace;
    auto program = chosen_program(typed);
    if (!program) {
        return complain(program.error().message, traces ? exit_trace_failed : exit_usage, words);
    }
    if (traces) {
        return *program ? run_trace(typed, std::move(**program), words)
                        : complain(typed.machine.empty() ? "trace needs --example NAME or a command behind --"
                                                         : "trace --host needs a command behind --",
                                   exit_trace_failed, words);
    }
    if (const std::string problem = find_display().problem; !typed.machine.empty() && !problem.empty()) {
        return complain(problem + "; `procatlas trace` works without one", exit_failed,
                        words);  // before anybody types a password
    }
    auto where = machine_of(typed, words, exit_usage);
    if (!where) {
        return where.error();
    }
    WindowOptions options = window_on(std::move(*where));
    options.open_file = typed.open_file;
    const AtFirstEvent at_first = typed.hold ? AtFirstEvent::holds : AtFirstEvent::runs;
    if (*program && names_source((*program)->arguments)) {
        auto& words_of = (*program)->arguments;
        std::error_code error;
        options.own = OwnRun{{std::filesystem::absolute(words_of.front(), error), {words_of.begin() + 1, words_of.end()}},
                             std::filesystem::current_path(error).string(),
                             at_first};
    } else if (*program) {
        options.launch = launch_of((*program)->arguments, at_first);
        options.title = (*program)->title;
        options.teaching = typed.hold ? std::nullopt : (*program)->teaching;
    }
    return run_window(options);
}

int run(int argc, char** argv) {
    Typed typed;
    if (const auto status = parse_command_line(argc, argv, typed)) {
        return *status;
    }
    const int failed = typed.verb == Typed::Verb::trace ? exit_trace_failed : exit_failed;
    if (::access("/proc/self/exe", F_OK) != 0) {
        return complain("there is no /proc here: from it procatlas reads all that it shows", failed);
    }
    const auto words = read_messages(asset_folder() / "locale" / (typed.language + ".json"));
    if (!words) {
        return complain(words.error().message, failed);
    }
    if (!typed.machine.empty() && !goes_there(typed.verb)) {
        return complain(words->format("far.no_command", display_text(typed.machine)), exit_usage, *words);
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
        case Typed::Verb::lesson:
            return lesson(typed.lesson, typed.language, *words);
        case Typed::Verb::grade:
            return grade(typed.grade, *words);
        case Typed::Verb::serve:
            return run_serve(typed, *words);
        case Typed::Verb::compare:
            return typed.compare.window ? compare_in_window(typed.compare) : compare(typed.compare, *words);
        case Typed::Verb::explore:
            return run_explore(typed, *words);
        case Typed::Verb::attach:
        case Typed::Verb::watch:
            return follow_running(typed, *words);
        case Typed::Verb::trace:
        case Typed::Verb::open:
        case Typed::Verb::window:
            return follow(typed, *words);
    }
    return failed;
}

// Gives each closed one of the three standard descriptors something that neither reads nor writes: else the next file that is
// opened would get its number, and messages would go into that.
void fill_standard_descriptors() {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(descriptor, F_GETFD) == -1 && errno == EBADF) {
            (void)::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

// How ssh finds the relay on a far machine (FarMachine): `procatlas` is in the PATH, and knows where its other programs are.
int become_relay() {
    const auto relay = find_own_program("procatlas-relay");
    if (!relay) {
        return complain(relay.error().message, exit_failed);
    }
    ::execl(relay->c_str(), relay->c_str(), nullptr);
    return complain(system_error("cannot start " + *relay, errno).message, exit_failed);
}

}  // namespace

int main(int argc, char** argv) {
    (void)signals_at_start();
    (void)descriptors_at_start();
    fill_standard_descriptors();
    // A limit to the size of files (`ulimit -f`) makes a write fail, which is told; it does not end us. A handler, because
    // programs that we start would inherit an ignored signal.
    (void)::signal(SIGXFSZ, [](int) {});
    if (argc == 2 && std::string_view(argv[1]) == "relay") {
        return become_relay();
    }
    const bool traces = argc > 1 && std::string_view(argv[1]) == "trace";
    const int failed = traces ? exit_trace_failed : exit_failed;
    try {
        return run(argc, argv);
    } catch (const std::bad_alloc&) {
        std::fputs("procatlas: there is not enough memory\n", stderr);
    } catch (const std::exception& error) {  // of the standard library, such as where no thread can be made
        std::fprintf(stderr, "procatlas: %s\n", error.what());
    }
    return failed;
}
