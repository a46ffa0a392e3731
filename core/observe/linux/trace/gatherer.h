// The first stage of an event: reads what is to be told of a thread while it stands still. Nothing here lets a thread go on.
#pragma once

#include <optional>
#include <vector>

#include "core/model/observed_event.h"
#include "core/observe/linux/step/stepper.h"
#include "core/observe/linux/trace/descriptor_watch.h"
#include "core/observe/linux/trace/event_sink.h"
#include "core/observe/linux/trace/map_watch.h"
#include "core/observe/linux/trace/page_watch.h"
#include "core/observe/linux/trace/stages.h"

namespace procatlas {

// What is read beside the event itself. The states of pages are read where they are wanted at events of that class.
struct Reading {
    enum class Map { none, always, if_cheap, if_stale };
    enum class Files { none, all, pipes };
    enum class PageStates { by_class, none, always };
    enum class RegistersFor { inspection, nobody };
    Map map = Map::none;
    Files files = Files::none;
    PageStates pages = PageStates::by_class;
    RegistersFor registers = RegistersFor::inspection;
    std::optional<StopPlace> place = std::nullopt;  // where the thread stands, if that is known
    std::vector<AddressRange> changed{};            // for `if_cheap`: where the map is another one; empty: perhaps everywhere
};

class Gatherer {
public:
    Gatherer(EventSink& sink, const Pacing& pacing, const Stepper& stepper, PageWatch& pages)
        : sink_(sink), pacing_(pacing), stepper_(stepper), pages_(pages) {}

    [[nodiscard]] Gathered gather(TracedThread& thread, EventDetail detail, EventClass event_class,
                                  const Reading& reading = {});

    [[nodiscard]] MapWatch& maps() { return maps_; }
    [[nodiscard]] DescriptorWatch& descriptors() { return descriptors_; }
    [[nodiscard]] PageWatch& pages() { return pages_; }
    [[nodiscard]] Grain grain() const { return stepper_.grain(); }
    [[nodiscard]] Inspection inspection() const {
        return stepper_.grain() == Grain::none ? Inspection::none : Inspection::at_each_event;
    }

private:
    [[nodiscard]] const MemoryText* read_map(TracedThread& thread, const Reading& reading);
    void add_pages(Gathered& gathered, Reading::PageStates pages);
    void tell_unreadable(TracedThread& thread);

    EventSink& sink_;
    const Pacing& pacing_;
    const Stepper& stepper_;
    PageWatch& pages_;
    MapWatch maps_;
    DescriptorWatch descriptors_;
};

// Where the stopped thread stands; zeros: the kernel does not say.
[[nodiscard]] StopPlace read_stop_place(pid_t tid);

}  // namespace procatlas
