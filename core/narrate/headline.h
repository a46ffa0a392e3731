// The one large sentence: who did what, and what follows from it, in at most `headline_length` characters. The actor stands
// before it as a badge. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/narrate/moment_context.h"

namespace procatlas {

inline constexpr std::size_t headline_length = 90;

struct Headline {
    std::optional<std::size_t> process;  // who acts: index in World::processes; nullopt: nobody, or not known
    std::string text;
};

// Of the event at `context.moment`; the recording is not empty. `context.world`: the world at that moment.
[[nodiscard]] Headline headline(const MomentContext& context);

}  // namespace procatlas
