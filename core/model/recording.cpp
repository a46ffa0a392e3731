#include "core/model/recording.h"

#include <algorithm>
#include <utility>

#include "core/model/copies.h"

namespace procatlas {
namespace {

// A checkpoint copies every process, so the more there are the fewer checkpoints; the fold from one is then longer, but still
// some milliseconds.
constexpr std::size_t checkpoint_every = 1024;
constexpr std::size_t checkpoint_every_per_process = 96;

std::uint32_t count_of(const AddressSpace& space) {
    return static_cast<std::uint32_t>(space.mappings.size());
}

// What a newborn takes over from its parent.
std::size_t inherited_bytes(const Process& process) {
    std::size_t bytes = 0;
    for (const std::string& argument : process.arguments) {
        bytes += sizeof argument + argument.size();
    }
    return bytes;
}

}  // namespace

Result<Recording> Recording::restored(std::vector<Event> events) {
    // A few bytes of a made-up file could fork a process of many arguments again and again.
    constexpr std::size_t most_inherited = std::size_t{256} << 20;
    std::size_t inherited = 0;
    Recording made;
    made.events_ = std::move(events);
    made.owners_.reserve(made.events_.size());
    for (const Event& event : made.events_) {
        const Folded folded = made.fold(event);
        inherited += folded.child ? inherited_bytes(made.last_.processes[*folded.child]) : 0;
        if (inherited > most_inherited) {
            return fail("its processes have more arguments than there is room for");
        }
        made.keep_checkpoint();
    }
    return made;
}

Result<void> Recording::restore_maps(KeptMaps maps) {
    maps.process_count = last_.processes.size();
    maps.event_count = events_.size();
    auto history = MapHistory::restored(std::move(maps));
    if (!history) {
        return std::unexpected(history.error());
    }
    maps_ = std::move(*history);
    for (std::size_t i = 0; i < last_.processes.size(); ++i) {
        last_.processes[i].memory = maps_.space_at(i, last_moment());
    }
    return {};
}

Result<void> Recording::restore_pages(KeptPages pages) {
    auto history = PageHistory::restored(std::move(pages), last_.processes.size(), events_.size());
    if (!history) {
        return std::unexpected(history.error());
    }
    pages_ = std::move(*history);
    give_pages(last_, last_moment());
    return {};
}

void Recording::append(Event event) {
    event.mappings = 0;  // what counts is the map itself
    event.waits = false;
    take_learnt(event);
    take_readings(event);
    event.pages.erase_if([](const PagesRead& read) { return !read.pages; });
    event.copied = copied_at(*this, event);
    const Folded folded = fold(event);
    take_maps(event, folded);
    take_pages(event);
    events_.push_back(std::move(event));
    keep_checkpoint();
}

Folded Recording::fold(const Event& event) {
    if (std::holds_alternative<OutputEvent>(event.detail)) {
        output_moments_.push_back(owners_.size());
    }
    if (!event.copied.empty() || std::holds_alternative<ExecEvent>(event.detail)) {
        separations_.push_back(owners_.size());
    }
    const Folded folded = apply(last_, event);
    owners_.push_back(folded.process ? static_cast<std::uint32_t>(*folded.process) : nobody);
    return folded;
}

void Recording::take_maps(Event& event, const Folded& folded) {
    const std::size_t moment = events_.size();
    // What the world took is what it has now: some events' maps are nobody's.
    const auto taken = [&](std::optional<std::size_t> process, const std::shared_ptr<const AddressSpace>& space) {
        return space && process && last_.processes[*process].memory == space &&
               last_.processes[*process].memory_moment == moment;
    };
    event.torn = false;
    if (taken(folded.process, event.memory)) {
        event.mappings = count_of(*event.memory);
        event.torn = event.memory->torn;
        maps_.record(*folded.process, moment, event.memory);
    }
    event.memory.reset();
    if (auto* fork = std::get_if<ForkEvent>(&event.detail)) {
        fork->child_mappings = 0;
        if (taken(folded.child, fork->child_memory)) {
            fork->child_mappings = count_of(*fork->child_memory);
            maps_.record(*folded.child, moment, fork->child_memory);
        }
        fork->child_memory.reset();
    } else if (auto* thread = std::get_if<ThreadExitEvent>(&event.detail)) {
        thread->stack = folded.ended_stack;
    }
}

void Recording::take_pages(Event& event) {
    for (PagesRead& read : event.pages) {
        if (const Process* process = last_.find(read.process)) {
            pages_.record(static_cast<std::size_t>(process - last_.processes.data()), events_.size(), *read.pages);
        }
        read.pages.reset();
    }
}

// To a world that knows of the readings, but has none.
void Recording::give_pages(World& world, std::size_t moment) const {
    for (std::size_t i = 0; i < world.processes.size(); ++i) {
        world.processes[i].pages = world.processes[i].pages_moment ? pages_.pages_at(i, moment) : nullptr;
    }
}

void Recording::keep_checkpoint() {
    const std::size_t last = checkpoints_.empty() ? 0 : checkpoints_.back().event_count;
    if (last_.event_count - last >= std::max(checkpoint_every, checkpoint_every_per_process * last_.processes.size())) {
        World& kept = checkpoints_.emplace_back(last_);
        for (Process& process : kept.processes) {
            process.memory.reset();
            process.pages.reset();
        }
    }
}

void Recording::add_image(ElfImage image) {
    images_.push_back(std::move(image));
}

void Recording::add_source(SourceFile source) {
    if (std::ranges::find(sources_, source.path, &SourceFile::path) == sources_.end()) {
        sources_.push_back(std::move(source));
    }
}

void Recording::add_function(FunctionCode function) {
    const auto same_place = [&](const FunctionCode& f) { return f.start == function.start && f == function; };
    if (std::ranges::none_of(functions_, same_place)) {
        functions_.push_back(std::move(function));
    }
}

void Recording::take_learnt(const Event& event) {
    if (event.readings && event.readings->learnt) {
        for (const SourceFile& source : event.readings->learnt->sources) {
            add_source(source);
        }
        for (const FunctionCode& function : event.readings->learnt->functions) {
            add_function(function);
        }
    }
}

// What the event keeps of them.
void Recording::take_readings(Event& event) {
    if (event.readings && (event.readings->registers || event.readings->learnt)) {
        Readings kept;
        kept.descriptors = event.readings->descriptors;
        event.readings = kept.descriptors ? std::make_shared<const Readings>(std::move(kept)) : nullptr;
    }
}

std::optional<std::size_t> Recording::process_of(std::size_t moment) const {
    return moment < owners_.size() && owners_[moment] != nobody ? std::optional<std::size_t>(owners_[moment]) : std::nullopt;
}

std::optional<std::size_t> Recording::born_at(std::size_t moment) const {
    const auto& processes = last_.processes;  // in order of birth, and an event brings one at most
    const auto found = std::ranges::lower_bound(processes, moment, {}, &Process::born_moment);
    return found != processes.end() && found->born_moment == moment
               ? std::optional(static_cast<std::size_t>(found - processes.begin()))
               : std::nullopt;
}

Event Recording::event_with_maps(std::size_t moment) const {
    Event event = events_[moment];
    const auto space_of = [&](std::optional<std::size_t> process) {
        return process ? maps_.space_at(*process, moment) : nullptr;
    };
    if (event.mappings != 0) {
        event.memory = space_of(process_of(moment));
    }
    if (auto* fork = std::get_if<ForkEvent>(&event.detail); fork && fork->child_mappings != 0) {
        fork->child_memory = space_of(born_at(moment));
    }
    return event;
}

Event Recording::whole_event(std::size_t moment) const {
    Event event = event_with_maps(moment);
    for (PagesRead& read : event.pages) {
        if (const Process* process = last_.find(read.process)) {
            read.pages = pages_.pages_at(static_cast<std::size_t>(process - last_.processes.data()), moment);
        }
    }
    return event;
}

World Recording::world_at(std::size_t moment) const {
    if (events_.empty() || moment >= last_moment()) {
        return last_;
    }
    const std::size_t count = moment + 1;
    const auto after = std::ranges::upper_bound(checkpoints_, count, {}, &World::event_count);
    World world = after == checkpoints_.begin() ? World{} : *std::prev(after);
    for (std::size_t i = world.event_count; i < count; ++i) {
        apply(world, events_[i]);
    }
    for (std::size_t i = 0; i < world.processes.size(); ++i) {
        world.processes[i].memory = maps_.space_at(i, moment);
    }
    give_pages(world, moment);
    return world;
}

}  // namespace procatlas
