#include "core/model/recording.h"

#include <algorithm>
#include <new>
#include <utility>

#include "core/model/copies.h"

namespace procatlas {
namespace {

// A checkpoint copies every process. So the more processes there are, the rarer checkpoints are. Folding from one then takes
// longer, but still only a few milliseconds.
constexpr std::size_t checkpoint_every = 1024;
constexpr std::size_t checkpoint_every_per_process = 96;
// A long recording is read from its beginning to its end; so many events are in memory then. A jump looks at some thousands,
// and costs more where they are not in memory.
constexpr std::size_t let_go_every = 1 << 14;
constexpr std::size_t let_go_every_jumps = 512;

std::uint32_t count_of(const AddressSpace& space) {
    return static_cast<std::uint32_t>(space.mappings.size());
}

// The bytes that a newborn inherits from its parent.
std::size_t inherited_bytes(const Process& process) {
    std::size_t bytes = 0;
    for (const std::string& argument : process.arguments) {
        bytes += sizeof argument + argument.size();
    }
    return bytes;
}

}  // namespace

Result<Recording> Recording::restored(LargeList<Event> events) {
    // A few bytes of a forged file could fork a process with many arguments again and again.
    constexpr std::size_t most_inherited = std::size_t{256} << 20;
    std::size_t inherited = 0;
    Recording made;
    made.events_ = std::move(events);
    for (const Event& event : made.events_) {
        const Folded folded = made.fold(event);
        inherited += folded.child ? inherited_bytes(made.last_.processes[*folded.child]) : 0;
        if (inherited > most_inherited) {
            return fail("its processes have more arguments than there is room for");
        }
        made.keep_checkpoint();
        if (made.owners_.size() % let_go_every == 0) {
            made.let_go();
        }
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
    maps_ = std::make_shared<MapHistory>(std::move(*history));
    give_maps(last_, last_moment());
    let_go();
    return {};
}

Result<void> Recording::restore_pages(KeptPages pages) {
    auto history = PageHistory::restored(std::move(pages), last_.processes.size(), events_.size());
    if (!history) {
        return std::unexpected(history.error());
    }
    pages_ = std::move(*history);
    give_pages(last_, last_moment());
    let_go();
    return {};
}

void Recording::append(ObservedEvent observed) {
    const std::size_t moment = events_.size();
    if (moment >= maps_end_) {
        observed.memory.reset();
        observed.child_memory.reset();
        observed.pages.clear();
    }
    try {
        append_whole(std::move(observed));
    } catch (const std::bad_alloc&) {
        maps_end_ = std::min(maps_end_, moment);
        events_.cut(moment);
        owners_.cut(std::min(owners_.size(), moment));
        for (std::vector<std::size_t>* moments : {&output_moments_, &separations_}) {
            while (!moments->empty() && moments->back() >= moment) {
                moments->pop_back();
            }
        }
        last_.event_count = moment;
        throw;
    }
}

void Recording::append_whole(ObservedEvent observed) {
    if (observed.learnt) {
        add_learnt(*observed.learnt);
    }
    std::erase_if(observed.pages, [](const PagesRead& read) { return !read.pages; });
    const EventReadings readings{observed.memory, observed.child_memory, observed.pages};
    Event event = take_kept(observed);
    event.copied = copied_at(last_, sharing(), observed.process, event.detail, observed.pages);
    const Folded folded = fold(event, readings);
    record_maps(event, readings, folded);
    record_pages(observed.pages);
    events_.push_back(std::move(event));
    keep_checkpoint();
}

Folded Recording::fold(const Event& event, const EventReadings& readings) {
    if (std::holds_alternative<OutputEvent>(event.detail)) {
        output_moments_.push_back(owners_.size());
    }
    if (!event.copied.empty() || std::holds_alternative<ExecEvent>(event.detail)) {
        separations_.push_back(owners_.size());
    }
    const Folded folded = apply(last_, event, readings);
    owners_.push_back(folded.process ? static_cast<std::uint32_t>(*folded.process) : SharingEvidence::nobody);
    return folded;
}

void Recording::record_maps(Event& event, const EventReadings& readings, const Folded& folded) {
    const std::size_t moment = events_.size();
    // Some maps belong to no process: records only those that the world took over.
    const auto taken = [&](std::optional<std::size_t> process, const std::shared_ptr<const AddressSpace>& space) {
        return space && process && last_.processes[*process].memory.get() == space &&
               last_.processes[*process].memory_moment == moment;
    };
    if (taken(folded.process, readings.memory)) {
        event.mappings = count_of(*readings.memory);
        event.torn = readings.memory->torn;
        last_.processes[*folded.process].memory = maps_->record(*folded.process, moment, readings.memory);
    }
    if (taken(folded.child, readings.child_memory)) {
        event.child_mappings = count_of(*readings.child_memory);
        last_.processes[*folded.child].memory = maps_->record(*folded.child, moment, readings.child_memory);
    }
    if (folded.process && std::holds_alternative<ExitEvent>(event.detail) && maps_->has_space_at(*folded.process, moment)) {
        maps_->let_go(*folded.process);
        last_.processes[*folded.process].memory = KeptMap(maps_, *folded.process, moment);
    }
    if (auto* thread = std::get_if<ThreadExitEvent>(&event.detail)) {
        thread->stack = folded.ended_stack;
    }
}

void Recording::record_pages(std::span<const PagesRead> pages) {
    for (const PagesRead& read : pages) {
        if (const Process* process = last_.find(read.process)) {
            pages_.record(static_cast<std::size_t>(process - last_.processes.data()), events_.size(), *read.pages);
        }
    }
}

// The maps of a world that has none.
void Recording::give_maps(World& world, std::size_t moment) const {
    for (std::size_t i = 0; i < world.processes.size(); ++i) {
        world.processes[i].memory = maps_->has_space_at(i, moment) ? KeptMap(maps_, i, moment) : KeptMap();
    }
}

// Fills in the pages of a world that knows when they were read, but has none.
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

void Recording::let_go() const {
    events_.let_go();
    owners_.let_go();
    maps_->let_go_rows();
    pages_.states().let_go();
    pages_.frames().let_go();
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

void Recording::add_learnt(const Learnt& learnt) {
    for (const SourceFile& source : learnt.sources) {
        add_source(source);
    }
    for (const FunctionCode& function : learnt.functions) {
        add_function(function);
    }
}

std::optional<std::size_t> Recording::process_of(std::size_t moment) const {
    return moment < owners_.size() && owners_[moment] != SharingEvidence::nobody ? std::optional<std::size_t>(owners_[moment])
                                                                                 : std::nullopt;
}

std::optional<std::size_t> Recording::born_at(std::size_t moment) const {
    const auto& processes = last_.processes;  // in order of birth; each event creates at most one
    const auto found = std::ranges::lower_bound(processes, moment, {}, &Process::born_moment);
    return found != processes.end() && found->born_moment == moment
               ? std::optional(static_cast<std::size_t>(found - processes.begin()))
               : std::nullopt;
}

std::shared_ptr<const AddressSpace> Recording::map_read_at(std::size_t moment) const {
    const auto process = events_[moment].mappings != 0 ? process_of(moment) : std::nullopt;
    return process ? maps_->space_at(*process, moment) : nullptr;
}

ObservedEvent Recording::observed_event(std::size_t moment) const {
    const Event& event = events_[moment];
    ObservedEvent observed;
    observed.time_ns = event.time_ns;
    observed.process = event.process;
    observed.program_counter = event.program_counter;
    observed.stack_pointer = event.stack_pointer;
    observed.thread = event.thread;
    observed.held = event.held;
    observed.descriptors = event.descriptors;
    observed.inside = event.inside;
    observed.memory = map_read_at(moment);
    if (const auto child = event.child_mappings != 0 ? born_at(moment) : std::nullopt) {
        observed.child_memory = maps_->space_at(*child, moment);
    }
    for (const ProcessKey& key : event.pages) {
        const Process* process = last_.find(key);
        observed.pages.push_back(
            {key, process ? pages_.pages_at(static_cast<std::size_t>(process - last_.processes.data()), moment) : nullptr});
    }
    observed.detail = event.detail;
    return observed;
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
    give_maps(world, moment);
    give_pages(world, moment);
    if (++jumps_ % let_go_every_jumps == 0) {
        let_go();
    }
    return world;
}

}  // namespace procatlas
