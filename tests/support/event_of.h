// An event as an observer would send it, of a process that exists in a test only.
#pragma once

#include <cstdint>
#include <utility>

#include "core/model/observed_event.h"

namespace procatlas {

// Its first thread's; the process began at the time `pid`.
inline ObservedEvent event_of(std::int32_t pid, EventDetail detail) {
    ObservedEvent event;
    event.process = {pid, static_cast<std::uint64_t>(pid)};
    event.thread = pid;
    event.detail = std::move(detail);
    return event;
}

}  // namespace procatlas
