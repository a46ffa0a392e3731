// What the comparison of two recordings found, in sentences. Pure.
#pragma once

#include <string>
#include <vector>

#include "core/explore/compare.h"
#include "core/narrate/messages.h"

namespace procatlas {

// Of the runs as wholes.
[[nodiscard]] std::vector<std::string> comparison_sentences(const Comparison& comparison, const Messages& words);
// "C1 (PID 12 and PID 34)"
[[nodiscard]] std::string compared_process_name(const ComparedProcess& process, const Messages& words);
// What one process did, printed and ended with, and its regions by what became of them.
[[nodiscard]] std::vector<std::string> process_sentences(const ComparedProcess& process, const Messages& words);

// "stack: 0x7ffd... in the first, 0x7ffc... in the second": where the areas that a student knows are, if they have moved.
[[nodiscard]] std::vector<std::string> moved_areas(const ComparedProcess& process, const Messages& words);

}  // namespace procatlas
