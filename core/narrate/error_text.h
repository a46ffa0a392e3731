// Explains the kernel's error numbers for the call that failed, in the reader's language. Pure.
#pragma once

#include <string>

#include "core/narrate/messages.h"

namespace procatlas {

// "ENOENT: the file … does not exist", for a failed exec or a failed memory call. Rare errors get the C library's text.
[[nodiscard]] std::string exec_error_text(int error, const Messages& words);
[[nodiscard]] std::string memory_error_text(int error, const Messages& words);

}  // namespace procatlas
