// Plain language: one sentence that tells what an event did and teaches why. Pure.
#pragma once

#include <span>
#include <string>

#include "core/model/world.h"
#include "core/narrate/moment_context.h"

namespace procatlas {

// What happened at the moment, in a sentence or two, and what was copied then. `context.world` may be a later one.
[[nodiscard]] std::string explain(const MomentContext& context);

// What happened alone. `map`: of the event's process, as read at the event; null: not read.
[[nodiscard]] std::string explain_event(const Event& event, const AddressSpace* map, const World& world,
                                        std::span<const ElfImage> images, const Messages& words);

// Of an event at which pages were copied: how many, in which processes.
[[nodiscard]] std::string explain_copied(const Event& event, const World& world, std::span<const ElfImage> images,
                                         const Messages& words);

// What a region of this kind is for, in one sentence.
[[nodiscard]] std::string explain_region(const Region& region, const Messages& words);

}  // namespace procatlas
