// Which pages an event shows to have been copied: its readings compared with those before. Pure.
#pragma once

#include <span>
#include <vector>

#include "core/model/observed_event.h"
#include "core/model/recording.h"

namespace procatlas {

// `world` and `sharing`: as they were before the event. `process` and `detail` are the event's; `pages` what was read at it.
[[nodiscard]] std::vector<CopiedRun> copied_at(const World& world, const SharingEvidence& sharing, ProcessKey process,
                                               const EventDetail& detail, std::span<const PagesRead> pages);

}  // namespace procatlas
