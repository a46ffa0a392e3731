// Plain language: one sentence that tells what an event did and teaches why. Pure.
#pragma once

#include <span>
#include <string>

#include "core/model/world.h"
#include "core/narrate/messages.h"

namespace procatlas {

// `event` is whole (Recording::whole_event); `world` is the world at its moment or later.
[[nodiscard]] std::string explain(const Event& event, const World& world, std::span<const ElfImage> images,
                                  const Messages& words);

// Of an event at which pages were copied: how many, in which processes.
[[nodiscard]] std::string explain_copied(const Event& event, const World& world, std::span<const ElfImage> images,
                                         const Messages& words);

// What a region of this kind is for, in one sentence.
[[nodiscard]] std::string explain_region(const Region& region, const Messages& words);

}  // namespace procatlas
