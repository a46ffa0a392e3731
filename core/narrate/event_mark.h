// What an event is called where there is room for a word.
#pragma once

#include <string>

#include "core/model/event.h"
#include "core/narrate/messages.h"

namespace procatlas {

// What an event's mark says, short: "fork", "exec python3", "SIGSEGV".
[[nodiscard]] std::string mark_text(const Event& event, const Messages& words);

}  // namespace procatlas
