// Why something is not available, in the language of the reader. Whoever reads a process tells it in English, and recordings
// keep that; the locale files have its translation under "reason." and the English words, with `{}` for what differs. Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/narrate/messages.h"

namespace procatlas {

// One reason, or several with "; " between. What is not in the locale file stays as it is.
[[nodiscard]] std::string reason_text(std::string_view reason, const Messages& words);

}  // namespace procatlas
