// What an observer says of one event: the stream carries these, and `Recording::append` makes an `Event` of each.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/model/address_space.h"
#include "core/model/event.h"
#include "core/model/grain.h"
#include "core/model/pages.h"

namespace procatlas {

struct Learnt;

// The pages of a process as they were read at an event; null: not read.
struct PagesRead {
    ProcessKey process;
    std::shared_ptr<const Pages> pages;
};

// Each pointer is null where that was not read.
struct ObservedEvent {
    std::uint64_t time_ns = 0;    // since the observer started, CLOCK_MONOTONIC
    ProcessKey process;           // whose event; none for notes and gaps about the whole
    Address program_counter = 0;  // of `thread`; 0: not read
    Address stack_pointer = 0;
    std::int32_t thread = 0;  // which thread of it
    bool held = false;        // stopped by us at this event until a command lets it go on
    bool waits = false;       // stopped by us until a ReleaseCommand: somebody inspects it
    std::shared_ptr<const Registers> registers;
    std::shared_ptr<const Descriptors> descriptors;    // null also where they are as they were
    std::shared_ptr<const Learnt> learnt;              // added on this side of the stream by whoever inspects
    std::shared_ptr<const Inside> inside;              // the same
    std::shared_ptr<const AddressSpace> memory;        // the map of `process`
    std::shared_ptr<const AddressSpace> child_memory;  // the map of the child, where the event is a fork
    std::vector<PagesRead> pages;                      // of `process`, and of those that may share some with it
    EventDetail detail;
};

// Moves what a recording keeps out of `observed`; the maps and pages stay in it.
[[nodiscard]] Event take_kept(ObservedEvent& observed);

}  // namespace procatlas
