// What a thread does in its turn while a program is explored (core/model/turns.h), for a person. Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/narrate/messages.h"

namespace procatlas {

// "write to terminal": of the name of an act, a space and what it is done to, as a note of the code `turn` has them. Safe to
// show.
[[nodiscard]] std::string turn_act_text(std::string_view act_and_object, const Messages& words);

// A sentence on why not all was explored; `limit`: one of turns_limit.
[[nodiscard]] std::string turns_limit_text(std::string_view limit, const Messages& words);

}  // namespace procatlas
