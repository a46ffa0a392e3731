// Why a running process cannot be followed, as a sentence.
#pragma once

#include <cstdint>
#include <string>

#include "core/model/event.h"
#include "core/narrate/messages.h"

namespace procatlas {

// `note`: of the code `attach_refused`, about the process `pid`.
[[nodiscard]] std::string attach_refusal_text(const NoteEvent& note, std::int32_t pid, const Messages& words);

}  // namespace procatlas
