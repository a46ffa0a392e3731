// "What is this address?", answered from a recording: region, section, frame, variable, block of the heap.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"
#include "core/layout/words.h"
#include "core/model/recording.h"

namespace procatlas {

// A line for each thing that is known. Errors: a moment or a process that the recording does not have.
[[nodiscard]] Result<std::string> where_text(const Recording& recording, std::size_t moment, std::int32_t pid, Address address,
                                             const Words& words);

}  // namespace procatlas
