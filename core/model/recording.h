// An append-only list of events, the histories of the maps and pages that came with them, and the ELF images seen on the way.
// One thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/large_list.h"
#include "core/base/result.h"
#include "core/model/event.h"
#include "core/model/grain.h"
#include "core/model/image.h"
#include "core/model/learnt.h"
#include "core/model/map_history.h"
#include "core/model/observed_event.h"
#include "core/model/page_history.h"
#include "core/model/world.h"

namespace procatlas {

// What shows which pages processes share: their pages at each reading, and the moments at which they stopped sharing. Refers to
// a Recording.
struct SharingEvidence {
    static constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();

    const PageHistory& pages;
    std::span<const std::size_t> separations;  // moments at which pages were copied, or memory replaced by an exec, ascending
    std::span<const Event> events;
    std::span<const std::uint32_t> owners;  // for each event, its process: index in World::processes, or `nobody`
};

class Recording {
public:
    Recording() = default;
    Recording(const Recording&) = delete;  // two would append to one history
    Recording(Recording&&) = default;
    Recording& operator=(const Recording&) = delete;
    Recording& operator=(Recording&&) = default;
    ~Recording() = default;

    // Restores a stored recording in steps. First come the events, as `events()` returns them, with the counts that `append`
    // set. Then come the rows of their maps (`restore_maps` fills in the counts of processes and events) and of their pages.
    // Any input gives a consistent recording or an error. After an error, do not use the recording any more.
    [[nodiscard]] static Result<Recording> restored(LargeList<Event> events);
    [[nodiscard]] Result<void> restore_maps(KeptMaps maps);
    [[nodiscard]] Result<void> restore_pages(KeptPages pages);

    // The event's position is its moment: 0, 1, 2, ... Its maps and pages go into their histories. Where there is no memory
    // (std::bad_alloc) the recording is as it was, but takes no more maps and pages: `maps_end`.
    void append(ObservedEvent observed);
    // The moment from which on its histories of maps and pages are not whole.
    [[nodiscard]] std::size_t maps_end() const { return maps_end_; }
    void set_how_followed(const HowFollowed& how) { how_followed_ = how; }
    void add_image(ElfImage image);
    // Ignores one that the recording already has.
    void add_source(SourceFile source);
    void add_function(FunctionCode function);

    // What was looked at of a long recording leaves the memory of this process until somebody looks again (LargeList).
    void let_go() const;

    [[nodiscard]] std::span<const Event> events() const { return events_.all(); }
    [[nodiscard]] std::span<const ElfImage> images() const { return images_; }
    [[nodiscard]] std::span<const SourceFile> sources() const { return sources_; }
    [[nodiscard]] std::span<const FunctionCode> functions() const { return functions_; }
    [[nodiscard]] const MapHistory& maps() const { return *maps_; }
    [[nodiscard]] const PageHistory& pages() const { return pages_; }
    // nullopt: not known, as of a recording of a format before 8.
    [[nodiscard]] const std::optional<HowFollowed>& how_followed() const { return how_followed_; }
    [[nodiscard]] bool empty() const { return events_.empty(); }
    // Moment of the last event; 0 for an empty recording.
    [[nodiscard]] std::size_t last_moment() const { return events_.empty() ? 0 : events_.size() - 1; }
    // Moments of the output events, ascending.
    [[nodiscard]] std::span<const std::size_t> output_moments() const { return output_moments_; }
    // Moments at which pages were copied, or memory replaced by an exec, ascending.
    [[nodiscard]] std::span<const std::size_t> separations() const { return separations_; }
    // What shows which pages processes share.
    [[nodiscard]] SharingEvidence sharing() const { return {pages_, separations_, events_.all(), owners_.all()}; }
    // The process of the event, as an index in World::processes; none: the process is not known.
    [[nodiscard]] std::optional<std::size_t> process_of(std::size_t moment) const;
    // The process that the event at `moment` created, if any.
    [[nodiscard]] std::optional<std::size_t> born_at(std::size_t moment) const;

    // The map of the event's process that was read at `moment`; null: none was read.
    [[nodiscard]] std::shared_ptr<const AddressSpace> map_read_at(std::size_t moment) const;
    // The event as it was appended, with its maps and pages, but without registers, because a recording does not keep them.
    [[nodiscard]] ObservedEvent observed_event(std::size_t moment) const;
    // The world after the event at `moment` (clamped). The last world is kept; others are rebuilt from a checkpoint.
    [[nodiscard]] World world_at(std::size_t moment) const;
    [[nodiscard]] const World& last_world() const { return last_; }

private:
    void append_whole(ObservedEvent observed);
    Folded fold(const Event& event, const EventReadings& readings = {});
    void record_maps(Event& event, const EventReadings& readings, const Folded& folded);
    void record_pages(std::span<const PagesRead> pages);
    void add_learnt(const Learnt& learnt);
    void give_maps(World& world, std::size_t moment) const;
    void give_pages(World& world, std::size_t moment) const;
    void keep_checkpoint();

    LargeList<Event> events_;
    LargeList<std::uint32_t> owners_;  // process_of, or SharingEvidence::nobody
    std::vector<ElfImage> images_;
    std::vector<SourceFile> sources_;
    std::vector<FunctionCode> functions_;
    std::optional<HowFollowed> how_followed_;
    std::shared_ptr<MapHistory> maps_ = std::make_shared<MapHistory>();  // the maps of `last_` are made of it
    PageHistory pages_;
    std::vector<std::size_t> output_moments_;
    std::vector<std::size_t> separations_;
    std::size_t maps_end_ = std::numeric_limits<std::size_t>::max();
    mutable std::size_t jumps_ = 0;  // calls of `world_at` that looked at the past
    World last_;
    std::vector<World> checkpoints_;  // ascending by event_count; without maps
};

}  // namespace procatlas
