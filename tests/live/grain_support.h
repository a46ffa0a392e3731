// Following a program call by call, as whoever looks inside does it: each waiting event is answered at once.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <regex>
#include <string>
#include <vector>

#include "tests/live/live_support.h"
#include "tests/live/planned_program.h"

namespace procatlas::live {

// Answers as whoever looks inside does, and then calls `look`.
inline Run run_finely(const LaunchCommand& launch, const PlannedProgram* program, const Look& look = {},
                      std::chrono::seconds patience = std::chrono::seconds(60)) {
    return run(
        launch,
        [&](const ObservedEvent& event, Observer& observer) {
            const auto* exec = std::get_if<ExecEvent>(&event.detail);
            if (exec && program && exec->path == launch.arguments[0]) {
                REQUIRE(observer.send(BreakpointsCommand{event.process.pid, program->plan_in(event.process.pid)}));
            }
            if (look) {
                look(event, observer);
            }
            if (event.waits) {
                (void)observer.send(ReleaseCommand{event.thread});
            }
        },
        patience);
}

// "+name" for a call, "-name=value" for a return, with spaces between; of one process, or of all.
inline std::string calls_of(const Run& r, const PlannedProgram& program, std::int32_t pid = 0) {
    std::string text;
    for (const Event& event : r.recording.events()) {
        if (pid != 0 && event.process.pid != pid) {
            continue;
        }
        if (const auto* call = std::get_if<CallEvent>(&event.detail)) {
            text += " +" + program.name_of(call->function);
        } else if (const auto* back = std::get_if<ReturnEvent>(&event.detail)) {
            text += " -" + program.name_of(back->function) + "=" +
                    std::to_string(static_cast<std::int32_t>(back->value.value_or(0)));
        }
    }
    return text.empty() ? text : text.substr(1);
}

inline LaunchCommand finely(std::vector<std::string> arguments, Grain grain) {
    LaunchCommand launch = command(std::move(arguments));
    launch.grain = grain;
    launch.watch_memory = false;
    return launch;
}

struct Told {
    std::string calls;
    std::string output;
    int status = -1;
};

// The fixture at a grain, followed to its end.
inline Told follow(const std::string& name, const std::vector<std::string>& arguments = {}, Grain grain = Grain::calls) {
    PlannedProgram program(fixture(name));
    if (grain >= Grain::lines) {
        program.read_lines();
    }
    std::vector<std::string> all{fixture(name)};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Run r = run_finely(finely(all, grain), &program);
    REQUIRE(r.ended);
    return {calls_of(r, program), output_of(r.recording), status_of(r.recording)};
}

// Of a function without a result the value is what happens to be there.
inline std::string without_values(const std::string& calls) {
    static const std::regex value("=-?[0-9]+");
    return std::regex_replace(calls, value, "");
}

inline constexpr std::array all_grains{Grain::calls, Grain::lines, Grain::instructions};

}  // namespace procatlas::live
