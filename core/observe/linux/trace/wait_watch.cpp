#include "core/observe/linux/trace/wait_watch.h"

#include <utility>

#include "core/observe/linux/proc/waiting.h"

namespace procatlas {
namespace {

constexpr std::uint64_t waits_look_every_ns = 100'000'000;
constexpr std::size_t most_processes = 256;  // a look at one costs some 10 microseconds

}  // namespace

std::optional<std::uint64_t> WaitWatch::next_tick() const {
    return on_ && tracees_.alive() > 0 ? std::optional(looked_ns_ + waits_look_every_ns) : std::nullopt;
}

void WaitWatch::tick(std::uint64_t now_ns) {
    if (!on_ || now_ns - looked_ns_ < waits_look_every_ns || tracees_.alive() > most_processes) {
        return;
    }
    looked_ns_ = now_ns;
    std::erase_if(seen_, [&](const auto& entry) {
        const TracedProcess* process = tracees_.find_process(entry.first);
        return process == nullptr || process->key != entry.second.process;
    });
    for (const pid_t acted : sink_.take_acted()) {
        seen_.erase(acted);  // what it waits for now is told again, even if that is the same as before
    }
    for (const auto& [tid, thread] : tracees_.threads()) {
        if (thread.is_leader() && thread.life == ThreadLife::living && thread.whereabouts.where() == Where::running) {
            look_at(thread);
        }
    }
}

void WaitWatch::look_at(const TracedThread& thread) {
    const WaitsEvent now = read_waiting(thread.tid).value_or(WaitsEvent{});
    Seen& seen = seen_.try_emplace(thread.tid, Seen{thread.process->key, {}, {}}).first->second;
    const bool steady = std::exchange(seen.last, now) == now;
    if (steady && now != seen.told) {
        seen.told = now;
        sink_.tell(sink_.event_of(thread.process->key, thread.tid, now));
    }
}

}  // namespace procatlas
