// What an exploration found, as text for a person and as JSON (README.md, "The JSON"). Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/explore/explore.h"
#include "core/narrate/messages.h"

namespace procatlas {

// Lines, each with its end.
[[nodiscard]] std::string explored_text(const Explored& explored, const Messages& words);
[[nodiscard]] nlohmann::ordered_json explored_json(const Explored& explored);

// One run by given choices.
[[nodiscard]] std::string replayed_text(const Replayed& replayed, const Messages& words);
[[nodiscard]] nlohmann::ordered_json replayed_json(const Replayed& replayed, const std::vector<std::string>& choices);

}  // namespace procatlas
