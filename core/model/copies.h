// Which pages an event shows to have been copied: its readings compared with those before. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/model/observed_event.h"
#include "core/model/recording.h"

namespace procatlas {

// Of a page that two processes shared and of which each has one now, one of them has written, and got the copy. It is told of
// the event's process alone where the other one did not run; else of both, for either may have. `world` and `sharing`: as they
// were before the event. `process` and `detail` are the event's; `pages` what was read at it.
[[nodiscard]] std::vector<CopiedRun> copied_at(const World& world, const SharingEvidence& sharing, ProcessKey process,
                                               const EventDetail& detail, std::span<const PagesRead> pages);

// Whether process `pid` got the copy of the page of `address`; false also where another one may have got it. `copied`: of an
// event.
[[nodiscard]] bool has_copied(std::span<const CopiedRun> copied, std::int32_t pid, Address address);
// Whether the page of `address` is process `pid`'s own since that event, whoever got the copy.
[[nodiscard]] bool has_parted(std::span<const CopiedRun> copied, std::int32_t pid, Address address);

}  // namespace procatlas
