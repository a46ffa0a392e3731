// What an observer reports about one event. The stream carries these; `Recording::append` makes an `Event` of each.
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
struct Turns;

// The pages of one process, read at an event; null: not read.
struct PagesRead {
    ProcessKey process;
    std::shared_ptr<const Pages> pages;
    bool did_not_run = false;  // since its pages were read last: it has written nothing. Of another process than the event's.
};

// What a Python program has said of itself at an event (core/live/python_message.h), and what lies in memory at the addresses
// of the objects that it named, in their order; an empty one could not be read.
struct ProgramMessage {
    std::string bytes;
    std::vector<std::string> heads;
    std::string why_no_heads;  // why none were read; else empty
};

// A null pointer means that this part was not read.
struct ObservedEvent {
    std::uint64_t time_ns = 0;    // since the observer started, CLOCK_MONOTONIC
    ProcessKey process;           // the process of the event; none for notes and gaps that concern the whole recording
    Address program_counter = 0;  // of `thread`; 0: not read
    Address stack_pointer = 0;
    std::int32_t thread = 0;  // the thread of the event
    bool held = false;        // we stopped it at this event until a command lets it run
    bool waits = false;       // we stopped it until a ReleaseCommand, so that it can be inspected
    std::shared_ptr<const Registers> registers;
    std::shared_ptr<const Descriptors> descriptors;    // null if not read or unchanged
    std::shared_ptr<const Learnt> learnt;              // added on this side of the stream, by the inspection
    std::shared_ptr<const Inside> inside;              // the same
    std::shared_ptr<const AddressSpace> memory;        // the map of `process`
    std::shared_ptr<const AddressSpace> child_memory;  // the map of the child, if the event is a fork
    std::shared_ptr<const ProgramMessage> message;     // the event is one of a Python program
    std::shared_ptr<const Turns> turns;                // of a note of the code `turn`
    std::vector<PagesRead> pages;                      // of `process`, and of processes that may share pages with it
    EventDetail detail;
};

// Moves the part that a recording keeps out of `observed`; the maps and pages stay in it.
[[nodiscard]] Event take_kept(ObservedEvent& observed);

}  // namespace procatlas
