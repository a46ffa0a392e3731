// Tracer: the state of pages at events.
#include <algorithm>
#include <tuple>
#include <utility>

#include "core/observe/linux/clock.h"
#include "core/observe/linux/pagemap.h"
#include "core/observe/linux/tracer.h"

namespace procatlas {
namespace {

constexpr std::uint64_t kin_patience_ns = 250'000'000;

bool is_frequent(EventClass event_class) {
    return event_class != EventClass::lifecycle && event_class != EventClass::output;
}

}  // namespace

// For frequent events it may take a tenth of the time at the most; what is missed then is seen at the next.
bool Tracer::wants_pages(const TracedThread& thread, EventClass event_class) const {
    constexpr std::uint64_t always_cheap_ns = 1'000'000;
    const TracedProcess& process = *thread.process;
    if (!pages_.read || !thread.stopped || pacing_.stopping) {
        return false;
    }
    const std::uint64_t since = monotonic_ns() - process.pages_read_at_ns;
    return !is_frequent(event_class) || process.pages_cost_ns < always_cheap_ns || since > 10 * process.pages_cost_ns;
}

// Null: the process has no memory any more, or the kernel does not let us look.
std::shared_ptr<const Pages> Tracer::read_pages(TracedProcess& process, pid_t tid, std::span<const AddressRange> ranges) {
    const std::uint64_t before = monotonic_ns();
    auto read = read_page_states(tid, ranges, pages_.frames);
    process.pages_read_at_ns = monotonic_ns();
    process.pages_cost_ns = process.pages_read_at_ns - before;
    if (!read) {
        if (read.error().code != ESRCH && read.error().code != ENOENT && !std::exchange(pages_.failure_told, true)) {
            note(NoteCode::pages_not_read, read.error().message);
        }
        return nullptr;
    }
    if (pages_.frames && read->frames.empty() && !read->runs.empty() && !std::exchange(pages_.frames_told_missing, true)) {
        note(NoteCode::frames_not_told, {});
    }
    auto pages = std::make_shared<const Pages>(std::move(*read));
    return process.pages && *process.pages == *pages ? process.pages : pages;
}

void Tracer::add_pages(Event& event, TracedThread& thread, const MemoryText* memory) {
    TracedProcess& process = *thread.process;
    if (!memory) {
        return;
    }
    const auto pages = read_pages(process, thread.tid, ranges_with_pages(memory->maps));
    if (!pages) {
        return;
    }
    const auto before = std::exchange(process.pages, pages);
    event.pages.push_back({process.key, pages});
    if (!before || std::holds_alternative<ExecEvent>(event.detail)) {
        return;
    }
    if (const auto ranges = became_exclusive(*before, *pages); !ranges.empty()) {
        add_pages_of_kin(event, process, ranges);
    }
}

// The other side of each copy: in those that have their memory from the same one by fork, the pages at the same place. All else
// that they may have done since is seen at their own events.
void Tracer::add_pages_of_kin(Event& event, const TracedProcess& process, std::span<const AddressRange> ranges) {
    const std::uint64_t until = monotonic_ns() + kin_patience_ns;
    for (auto& [pid, kin] : processes_) {
        if (kin.get() == &process || kin->memory_line != process.memory_line || kin->dead || kin->exit_told || !kin->pages) {
            continue;
        }
        if (monotonic_ns() > until) {
            if (!std::exchange(pages_.failure_told, true)) {
                note(NoteCode::pages_not_read, "there are too many processes that share memory");
            }
            return;
        }
        const auto known = std::ranges::find_if(
            threads_, [&](const auto& entry) { return entry.second.process == kin.get() && !entry.second.exiting; });
        const auto cost = std::pair(kin->pages_cost_ns, kin->pages_read_at_ns);  // of a whole reading
        const auto part = known == threads_.end() ? nullptr : read_pages(*kin, known->first, ranges);
        std::tie(kin->pages_cost_ns, kin->pages_read_at_ns) = cost;
        if (part) {
            kin->pages = std::make_shared<const Pages>(with_part(*kin->pages, ranges, *part));
            event.pages.push_back({kin->key, kin->pages});
        }
    }
}

// A fork makes shared pages of all, those too that became the process's own since the last reading: they are told before it,
// where there is somebody who had shared them.
void Tracer::look_before_fork(TracedThread& thread) {
    TracedProcess& process = *thread.process;
    const auto is_kin = [&](const auto& entry) {
        return entry.second.get() != &process && entry.second->memory_line == process.memory_line && !entry.second->dead;
    };
    if (!process.pages || !std::ranges::any_of(processes_, is_kin) || !wants_pages(thread, EventClass::lifecycle)) {
        return;
    }
    const std::shared_ptr<const Pages> before = process.pages;
    const MemoryText* memory = read_memory(thread, memory_);
    Event event = event_of(thread, PagesEvent{});
    add_pages(event, thread, memory);
    if (!without(ranges_in(*process.pages, {PageState::exclusive}), ranges_in(*before, {PageState::exclusive})).empty()) {
        emit(event, memory);
    }
}

// Of a newborn that has not run yet, whose map is its parent's still.
std::shared_ptr<const Pages> Tracer::read_newborn_pages(const TracedThread& parent, pid_t child, const MemoryText* memory) {
    if (!memory || parent.process->pages == nullptr) {
        return nullptr;
    }
    TracedProcess unborn;
    return read_pages(unborn, child, ranges_with_pages(memory->maps));
}

void Tracer::set_pages(const PagesCommand& command) {
    pages_.read = command.pages;
    pages_.frames = command.frames;
}

}  // namespace procatlas
