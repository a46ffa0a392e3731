// What was told in English, in the language of the reader: why something is not available (whoever reads a process tells it in
// English, and recordings keep that), and what is wrong with a command line. The locale files have the translations under
// "reason." or "usage." and the English words, with `{}` for what differs. Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/narrate/messages.h"

namespace procatlas {

// One reason, or several with "; " between. What is not in the locale file stays as it is.
[[nodiscard]] std::string reason_text(std::string_view reason, const Messages& words);

// What is wrong with a command line, as CLI11 or our own checks tell it. What is not in the locale file stays as it is.
[[nodiscard]] std::string usage_text(std::string_view wrong, const Messages& words);

}  // namespace procatlas
