// Brings the code of a plan into a process's memory, as procatlas-reader does before the observer gets the plan.
#pragma once

#include <fstream>
#include <string>

#include "core/model/grain.h"

namespace procatlas {

inline void touch_code(std::int32_t pid, const BreakpointPlan& plan) {
    std::ifstream memory("/proc/" + std::to_string(pid) + "/mem", std::ios::binary);
    const auto touch = [&](Address address) {
        memory.clear();
        memory.seekg(static_cast<std::streamoff>(address));
        (void)memory.get();
    };
    for (const FunctionSpot& spot : plan.functions) {
        touch(spot.entry);
        touch(spot.body);
    }
    for (const Address line : plan.lines) {
        touch(line);
    }
    touch(plan.entry);
}

}  // namespace procatlas
