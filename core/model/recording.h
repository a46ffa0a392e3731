// An append-only list of events, the histories of the maps and pages that came with them, and the ELF images seen on the way.
// One thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/model/event.h"
#include "core/model/image.h"
#include "core/model/learnt.h"
#include "core/model/map_history.h"
#include "core/model/observed_event.h"
#include "core/model/page_history.h"
#include "core/model/world.h"

namespace procatlas {

// What tells which pages processes share: their pages at each reading, and when they parted. Refers to a Recording.
struct SharingEvidence {
    static constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();

    const PageHistory& pages;
    std::span<const std::size_t> separations;  // moments at which pages were copied, or memory replaced by an exec, ascending
    std::span<const Event> events;
    std::span<const std::uint32_t> owners;  // of each event: index in World::processes, or `nobody`
};

class Recording {
public:
    // A recording as it was kept, in two steps: `events` as `events()` gives them, with the counts that `append` set, and then
    // the rows of their maps (the counts of processes and events are filled in here). Whatever they say, it holds together or
    // is an error; after one, the recording is of no more use.
    [[nodiscard]] static Result<Recording> restored(std::vector<Event> events);
    [[nodiscard]] Result<void> restore_maps(KeptMaps maps);
    [[nodiscard]] Result<void> restore_pages(KeptPages pages);

    // The event's position is its moment: 0, 1, 2, ... Its maps and pages go into their histories.
    void append(ObservedEvent observed);
    void add_image(ElfImage image);
    // One that is there already is not kept twice.
    void add_source(SourceFile source);
    void add_function(FunctionCode function);

    [[nodiscard]] std::span<const Event> events() const { return events_; }
    [[nodiscard]] std::span<const ElfImage> images() const { return images_; }
    [[nodiscard]] std::span<const SourceFile> sources() const { return sources_; }
    [[nodiscard]] std::span<const FunctionCode> functions() const { return functions_; }
    [[nodiscard]] const MapHistory& maps() const { return maps_; }
    [[nodiscard]] const PageHistory& pages() const { return pages_; }
    [[nodiscard]] bool empty() const { return events_.empty(); }
    // Moment of the last event; 0 for an empty recording.
    [[nodiscard]] std::size_t last_moment() const { return events_.empty() ? 0 : events_.size() - 1; }
    // Moments of the output events, ascending.
    [[nodiscard]] std::span<const std::size_t> output_moments() const { return output_moments_; }
    // Moments at which pages were copied, or memory replaced by an exec, ascending.
    [[nodiscard]] std::span<const std::size_t> separations() const { return separations_; }
    // What tells which pages processes share.
    [[nodiscard]] SharingEvidence sharing() const { return {pages_, separations_, events_, owners_}; }
    // Index in World::processes of the process whose event it was; none: of no known process.
    [[nodiscard]] std::optional<std::size_t> process_of(std::size_t moment) const;
    // The process that the event at `moment` brought, if it brought one.
    [[nodiscard]] std::optional<std::size_t> born_at(std::size_t moment) const;

    // The map that was read of the event's process at `moment`; null: none was.
    [[nodiscard]] std::shared_ptr<const AddressSpace> map_read_at(std::size_t moment) const;
    // The event as it was appended, with its maps and pages, but without registers: these are not kept.
    [[nodiscard]] ObservedEvent observed_event(std::size_t moment) const;
    // The world after the event at `moment` (clamped). The last world is kept; others are rebuilt from a checkpoint.
    [[nodiscard]] World world_at(std::size_t moment) const;
    [[nodiscard]] const World& last_world() const { return last_; }

private:
    Folded fold(const Event& event, const EventReadings& readings = {});
    void record_maps(Event& event, const EventReadings& readings, const Folded& folded);
    void record_pages(std::span<const PagesRead> pages);
    void add_learnt(const Learnt& learnt);
    void give_pages(World& world, std::size_t moment) const;
    void keep_checkpoint();

    std::vector<Event> events_;
    std::vector<std::uint32_t> owners_;  // process_of, or SharingEvidence::nobody
    std::vector<ElfImage> images_;
    std::vector<SourceFile> sources_;
    std::vector<FunctionCode> functions_;
    MapHistory maps_;
    PageHistory pages_;
    std::vector<std::size_t> output_moments_;
    std::vector<std::size_t> separations_;
    World last_;
    std::vector<World> checkpoints_;  // ascending by event_count; without maps
};

}  // namespace procatlas
