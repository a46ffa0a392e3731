// Explains an event in one plain sentence: what it did, and why. Pure.
#pragma once

#include <span>
#include <string>

#include "core/model/world.h"
#include "core/narrate/moment_context.h"

namespace procatlas {

// One or two sentences: what happened at the moment, and which pages were copied. `context.world` may be of a later moment.
[[nodiscard]] std::string explain(const MomentContext& context);

// Only what happened. `map`: the map of the event's process, read at the event; null: not read.
[[nodiscard]] std::string explain_event(const Event& event, const AddressSpace* map, const World& world,
                                        std::span<const ElfImage> images, const Messages& words);

// For an event at which pages were copied: how many, in which processes.
[[nodiscard]] std::string explain_copied(const Event& event, const World& world, std::span<const ElfImage> images,
                                         const Messages& words);

// What a region of this kind is for, in one sentence.
[[nodiscard]] std::string explain_region(const Region& region, const Messages& words);

}  // namespace procatlas
