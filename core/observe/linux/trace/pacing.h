// Which events hold a process, and for how long slow motion keeps it.
#pragma once

#include <cstdint>

#include "core/model/command.h"

namespace procatlas {

// passing: told, but never held (SIGCHLD, a thread's end)
enum class EventClass { lifecycle, memory, output, calls, lines, instructions, passing };

struct Pacing {
    bool holding = false;
    bool capped = false;    // the cap was reached and nobody has answered yet: everything holds
    bool stopping = false;  // all are being ended: nothing holds
    HoldClasses classes;
    std::uint64_t delay_ns = 0;

    [[nodiscard]] bool selected(EventClass c) const {
        switch (c) {
            case EventClass::lifecycle:
                return classes.lifecycle;
            case EventClass::memory:
                return classes.memory;
            case EventClass::output:
                return classes.output;
            case EventClass::calls:
                return classes.calls;
            case EventClass::lines:
                return classes.lines;
            case EventClass::instructions:
                return classes.instructions;
            case EventClass::passing:
                return false;
        }
        return false;
    }
    [[nodiscard]] bool holds(EventClass c) const {
        return !stopping && c != EventClass::passing && (capped || (holding && selected(c)));
    }
    [[nodiscard]] std::uint64_t delay_for(EventClass c) const { return stopping || !selected(c) ? 0 : delay_ns; }
};

}  // namespace procatlas
