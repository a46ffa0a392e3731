// What is followed from call to call: that of a thread, or of a goroutine, which several threads run in turn.
#pragma once

#include <optional>

#include "core/base/address.h"
#include "core/observe/linux/step/shadow_stack.h"

namespace procatlas {

struct StopPlace {
    Address program_counter = 0;
    Address stack_pointer = 0;

    bool operator==(const StopPlace&) const = default;
};

struct Execution {
    ShadowStack calls;
    std::optional<StopPlace> seen;  // a signal came before the step over the breakpoint there: it will come to it once more
};

}  // namespace procatlas
