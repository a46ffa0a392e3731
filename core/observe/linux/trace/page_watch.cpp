#include "core/observe/linux/trace/page_watch.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/observe/linux/proc/clock.h"
#include "core/observe/linux/proc/pagemap.h"
#include "core/observe/linux/proc/proc_status.h"

namespace procatlas {
namespace {

constexpr std::uint64_t kin_patience_ns = 250'000'000;

bool is_frequent(EventClass event_class) {
    return event_class != EventClass::lifecycle && event_class != EventClass::output;
}

}  // namespace

bool PageWatch::wants(const TracedThread& thread, EventClass event_class) const {
    constexpr std::uint64_t always_cheap_ns = 1'000'000;
    const TracedProcess& process = *thread.process;
    if (mode_ == Mode::off || !thread.whereabouts.is_in_stop() || pacing_.is_stopping()) {
        return false;
    }
    const std::uint64_t since = monotonic_ns() - process.pages_read_at_ns;
    return !is_frequent(event_class) || process.pages_cost_ns < always_cheap_ns || since > 10 * process.pages_cost_ns;
}

void PageWatch::tell_failure(std::string text) {
    if (!std::exchange(failure_told_, true)) {
        sink_.note(NoteCode::pages_not_read, std::move(text));
    }
}

// Null: the process has no memory any more, or the kernel does not let us look.
std::shared_ptr<const Pages> PageWatch::read(TracedProcess& process, pid_t tid, std::span<const AddressRange> ranges) {
    const bool frames = mode_ == Mode::read_frames;
    const std::uint64_t before = monotonic_ns();
    auto states = read_page_states(tid, ranges, frames);
    process.pages_read_at_ns = monotonic_ns();
    process.pages_cost_ns = process.pages_read_at_ns - before;
    if (!states) {
        if (states.error().code != ESRCH && states.error().code != ENOENT) {
            tell_failure(states.error().message);
        }
        return nullptr;
    }
    if (frames && states->frames.empty() && !states->runs.empty() && !std::exchange(missing_frames_told_, true)) {
        sink_.note(NoteCode::frames_not_told, {});
    }
    auto pages = std::make_shared<const Pages>(std::move(*states));
    return process.pages && *process.pages == *pages ? process.pages : pages;
}

void PageWatch::add(ObservedEvent& event, TracedThread& thread, EventClass event_class, const MemoryText* memory) {
    TracedProcess& process = *thread.process;
    if (!memory) {
        return;
    }
    const auto pages = read(process, thread.tid, ranges_with_pages(memory->maps));
    if (!pages) {
        return;
    }
    const bool has_kin_soon = !is_frequent(event_class);  // at a fork
    process.pages_rest = has_kin_soon || has_kin(process) ? rest_of(thread.tid) : 0;
    const auto before = std::exchange(process.pages, pages);
    event.pages.push_back({process.key, pages});
    if (!before || std::holds_alternative<ExecEvent>(event.detail)) {
        return;
    }
    if (const auto ranges = became_exclusive(*before, *pages); !ranges.empty()) {
        add_of_kin(event, process, ranges);
    }
}

// The other side of each copy: the pages at the same place in all whose memory comes from the same one by fork. Whatever else
// these processes have done since is seen at their own events.
void PageWatch::add_of_kin(ObservedEvent& event, const TracedProcess& process, std::span<const AddressRange> ranges) {
    const std::uint64_t until = monotonic_ns() + kin_patience_ns;
    for (auto& [pid, kin] : tracees_.processes()) {
        if (&kin == &process || kin.memory_line != process.memory_line || kin.life != ProcessLife::living || !kin.pages) {
            continue;
        }
        if (monotonic_ns() > until) {
            tell_failure("there are too many processes that share memory");
            return;
        }
        const std::uint64_t rest_before = rest_of(pid);
        if (const auto part = read_of_kin(kin, ranges)) {
            kin.pages = std::make_shared<const Pages>(with_part(*kin.pages, ranges, *part));
            const std::uint64_t last_rest = std::exchange(kin.pages_rest, rest_before);
            event.pages.push_back({kin.key, kin.pages, last_rest != 0 && last_rest == rest_of(pid)});
        }
    }
}

std::shared_ptr<const Pages> PageWatch::read_of_kin(TracedProcess& kin, std::span<const AddressRange> ranges) {
    const auto thread = std::ranges::find_if(tracees_.threads(), [&](const auto& entry) {
        return entry.second.process == &kin && entry.second.life != ThreadLife::exiting;
    });
    if (thread == tracees_.threads().end()) {
        return nullptr;
    }
    const std::uint64_t cost = kin.pages_cost_ns;  // that of a whole reading stays
    const std::uint64_t read_at = kin.pages_read_at_ns;
    auto part = read(kin, thread->first, ranges);
    kin.pages_cost_ns = cost;
    kin.pages_read_at_ns = read_at;
    return part;
}

// Whether somebody else lives whose memory comes from the same one by fork.
bool PageWatch::has_kin(const TracedProcess& process) {
    return std::ranges::any_of(tracees_.processes(), [&](const auto& entry) {
        return &entry.second != &process && entry.second.memory_line == process.memory_line && !entry.second.is_dead();
    });
}

bool PageWatch::wants_before_fork(const TracedThread& thread) {
    return thread.process->pages && has_kin(*thread.process) && wants(thread, EventClass::lifecycle);
}

std::shared_ptr<const Pages> PageWatch::read_newborn(const TracedThread& parent, pid_t child, const MemoryText* memory) {
    if (!memory || parent.process->pages == nullptr) {
        return nullptr;
    }
    TracedProcess unborn;
    return read(unborn, child, ranges_with_pages(memory->maps));
}

void PageWatch::measure(pid_t pid) {
    const TracedProcess* process = tracees_.find_process(pid);
    if (!process || process->is_dead()) {
        return;
    }
    auto resident = read_resident_pages(pid);
    sink_.tell(
        sink_.event_of(process->key, pid, resident ? std::move(*resident) : ResidentEvent{{}, {}, resident.error().message}));
}

bool has_newly_exclusive(const Pages& before, const Pages& after) {
    return !without(ranges_in(after, {PageState::exclusive}), ranges_in(before, {PageState::exclusive})).empty();
}

}  // namespace procatlas
