// What the kernel's error numbers mean where they happened, in the reader's language. Pure.
#pragma once

#include <string>

#include "core/narrate/messages.h"

namespace procatlas {

// "ENOENT: the file … does not exist": of a failed exec, and of a failed memory call. Seldom ones as the C library says them.
[[nodiscard]] std::string exec_error_text(int error, const Messages& words);
[[nodiscard]] std::string memory_error_text(int error, const Messages& words);

}  // namespace procatlas
