// Following a program call by call, as whoever looks inside does it: each waiting event is answered at once.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "tests/live/live_support.h"
#include "tests/live/planned_program.h"

namespace procatlas::live {

// Answers as whoever looks inside does, and then calls `look`.
inline Run run_finely(const LaunchCommand& launch, const PlannedProgram* program, const Look& look = {},
                      std::chrono::seconds patience = std::chrono::seconds(60)) {
    return run(
        launch,
        [&](const Event& event, Observer& observer) {
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
            text += " -" + program.name_of(back->function) + "=" + std::to_string(static_cast<std::int32_t>(back->value));
        }
    }
    return text.empty() ? text : text.substr(1);
}

}  // namespace procatlas::live
