// Names an event in one or two words, where there is little room.
#pragma once

#include <string>
#include <string_view>

#include "core/model/event.h"
#include "core/narrate/messages.h"

namespace procatlas {

// The text of an event's mark: "fork", "exec python3", "SIGSEGV".
[[nodiscard]] std::string mark_text(const Event& event, const Messages& words);

// The word beside the line from a parent to its child: "fork", "vfork", "clone".
[[nodiscard]] std::string_view birth_word(ForkKind kind, const Messages& words);

}  // namespace procatlas
