#include "core/observe/linux/watch/process_watch.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <string_view>
#include <utility>

#include "core/observe/linux/proc/clock.h"
#include "core/observe/linux/proc/found_process.h"
#include "core/observe/linux/proc/maps.h"
#include "core/observe/linux/proc/proc_file.h"
#include "core/observe/linux/proc/proc_stat.h"

namespace procatlas {
namespace {

constexpr unsigned rounds = 50;  // after so many looks, who was not wanted is looked at anew
constexpr std::uint64_t least_between_ns = 10'000'000;
constexpr std::uint64_t millisecond = 1'000'000;

// A descriptor a process is kept.
void allow_many_descriptors() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

// A file of the kernel from its beginning; empty: it cannot be read, as where the process is gone.
std::string_view read_again(int file, std::array<char, 512>& buffer) {
    const ssize_t got = ::pread(file, buffer.data(), buffer.size(), 0);
    return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

std::vector<pid_t> all_processes() {
    std::vector<pid_t> pids;
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc"), &::closedir);
    while (const dirent* entry = folder ? ::readdir(folder.get()) : nullptr) {
        const std::string_view name = entry->d_name;
        pid_t pid = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (error == std::errc() && end == name.data() + name.size()) {
            pids.push_back(pid);
        }
    }
    return pids;
}

bool is_different(const FoundProcess& told, const FoundProcess& now) {
    return told.parent_pid != now.parent_pid || told.state != now.state || told.name != now.name || told.path != now.path;
}

}  // namespace

ProcessWatch::ProcessWatch(std::string& out, const LaunchCommand& command)
    : sink_(out),
      root_(command.pid),
      look_every_ns_(std::max(static_cast<std::uint64_t>(std::max<std::int64_t>(command.look_every.count(), 0)) * millisecond,
                              least_between_ns)),
      load_(::open("/proc/loadavg", O_RDONLY | O_CLOEXEC)),
      ends_(::epoll_create1(EPOLL_CLOEXEC)) {
    allow_many_descriptors();
    sink_.gap(GapCode::not_seen_between, {}, look_every_ns_ / millisecond);
}

ProcessWatch::Left ProcessWatch::tick(std::uint64_t now_ns) {
    if (now_ns < next_look_ns_) {
        return Left::some;
    }
    const std::uint64_t since = now_ns - std::min(now_ns, looked_ns_);
    if (looked_ns_ != 0 && since > 3 * look_every_ns_) {
        sink_.gap(GapCode::late_look, {}, since / millisecond);
    }
    looked_ns_ = now_ns;
    next_look_ns_ = now_ns + look_every_ns_;
    look();
    return root_ != 0 && watched_.empty() ? Left::none : Left::some;
}

void ProcessWatch::look() {
    ++turn_;
    const std::set<pid_t> ended = take_ends();
    const std::uint64_t time_ns = sink_.event_of({}, 0, NoteEvent{}).time_ns;
    std::vector<pid_t> parents;  // those that may have made children
    for (auto it = watched_.begin(); it != watched_.end();) {
        Watched& watched = it->second;
        const bool read = watched.ended || has_run(watched) || (!ended.empty() && ended.contains(watched.told.parent_pid));
        if (read && !look_at(watched)) {
            tell_gone(watched);
            it = watched_.erase(it);
            continue;
        }
        if (read && !watched.ended) {
            parents.push_back(it->first);
        }
        watched.seen_ns = time_ns;
        ++it;
    }
    if (root_ == 0) {
        find_on_machine();
        return;
    }
    if (turn_ == 1) {
        add(root_);
        parents = {root_};
    }
    for (const pid_t parent : parents) {
        find_children(parent);
    }
    if (std::exchange(lists_, false)) {
        list_processes();
    }
}

// And their children, and so on: the list grows while it is gone through.
void ProcessWatch::find_children(pid_t pid) {
    std::vector<pid_t> parents{pid};
    for (std::size_t i = 0; i < parents.size(); ++i) {
        const auto children = read_children(parents[i]);
        lists_ = lists_ || (!children && process_exists(parents[i]));
        for (const pid_t child : children.value_or(std::vector<pid_t>())) {
            if (!watched_.contains(child)) {
                add(child);
                parents.push_back(child);
            }
        }
    }
}

void ProcessWatch::find_on_machine() {
    std::array<char, 512> buffer;
    const std::string_view load = read_again(load_.get(), buffer);
    const std::string_view last = load.substr(std::min(load.rfind(' '), load.size()));
    if (last.empty() || last != last_pid_) {
        last_pid_ = last;
        list_processes();
    }
}

// In the order of their births, so that parents come first.
void ProcessWatch::list_processes() {
    struct New {
        std::uint64_t born;
        pid_t pid;
        pid_t parent;
        auto operator<=>(const New&) const = default;
    };
    std::vector<New> found;
    if (turn_ % rounds == 0) {
        ignored_.clear();  // a number may be another process's by now
    }
    const std::vector<pid_t> all = all_processes();
    for (const pid_t pid : all) {
        if (watched_.contains(pid) || ignored_.contains(pid)) {
            continue;
        }
        const auto stat = read_proc_stat(pid);
        if (stat && (!stat->kernel_thread || pid == root_)) {
            found.push_back({stat->start_ticks, pid, stat->parent});
        } else if (stat) {
            ignored_.insert(pid);
        }
    }
    std::ranges::sort(found);
    for (const New& one : found) {
        if (is_wanted(one.pid, one.parent)) {
            add(one.pid);
        } else {
            ignored_.insert(one.pid);
        }
    }
}

bool ProcessWatch::is_wanted(pid_t pid, pid_t parent) const {
    return root_ == 0 || pid == root_ || watched_.contains(parent);
}

void ProcessWatch::add(pid_t pid) {
    Watched watched;
    if (clockid_t clock{}; ::clock_getcpuclockid(pid, &clock) == 0) {
        watched.clock = clock;
    }
    (void)has_run(watched);  // first: if it runs while it is read here, the next look reads it again
    auto now = read_found_process(pid);
    if (!now) {
        return;  // it went while we looked
    }
    if (watched_.empty() && root_ != 0) {
        now->process.ancestors = read_ancestors(pid);
    }
    watched.key = now->key;
    watched.told = std::move(now->process);
    watched.end.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    watched.ended = watched.told.state == FoundState::zombie;
    if (watched.end && !watched.ended) {
        epoll_event wanted{};
        wanted.events = EPOLLIN;
        wanted.data.fd = pid;
        ::epoll_ctl(ends_.get(), EPOLL_CTL_ADD, watched.end.get(), &wanted);
    }
    // Of all processes of a machine, the maps would be most of the recording.
    MemoryText memory;
    const bool has_memory = root_ != 0 && !watched.ended && read_memory_text(pid, true, memory);
    const ObservedEvent event =
        sink_.event_of(watched.key, pid, FoundEvent{std::make_shared<const FoundProcess>(watched.told)});
    watched.seen_ns = event.time_ns;
    sink_.tell(event, has_memory ? &memory : nullptr);
    watched_.insert_or_assign(pid, std::move(watched));
}

std::set<pid_t> ProcessWatch::take_ends() {
    std::set<pid_t> pids;
    std::array<epoll_event, 64> ended;
    int count = 0;
    do {
        count = ::epoll_wait(ends_.get(), ended.data(), static_cast<int>(ended.size()), 0);
        for (int i = 0; i < count; ++i) {
            const auto found = watched_.find(ended[static_cast<std::size_t>(i)].data.fd);
            if (found != watched_.end()) {
                found->second.ended = true;
                pids.insert(found->first);
                ::epoll_ctl(ends_.get(), EPOLL_CTL_DEL, found->second.end.get(), nullptr);
                found->second.end.reset();
            }
        }
    } while (count == static_cast<int>(ended.size()));
    return pids;
}

bool ProcessWatch::has_run(Watched& watched) {
    constexpr std::uint64_t second = 1'000'000'000;
    timespec used{};
    if (!watched.clock || ::clock_gettime(*watched.clock, &used) != 0) {
        return true;
    }
    const auto used_ns = static_cast<std::uint64_t>(used.tv_sec) * second + static_cast<std::uint64_t>(used.tv_nsec);
    return std::exchange(watched.used_ns, used_ns) != used_ns;
}

bool ProcessWatch::look_at(Watched& watched) {
    const auto stat = read_proc_stat(watched.key.pid);
    if (!stat || stat->start_ticks != watched.key.start_ticks) {
        return false;
    }
    const bool stands = stat->parent == watched.told.parent_pid && stat->name == watched.told.name &&
                        found_state_of(*stat) == watched.told.state &&
                        std::exchange(watched.code, stat->marks.start_code) == stat->marks.start_code;
    if (!stands) {
        tell_again(watched);
    }
    return true;
}

void ProcessWatch::tell_again(Watched& watched) {
    auto now = read_found_process(watched.key.pid);
    if (!now || now->key != watched.key) {
        return;  // the next look will tell
    }
    FoundProcess& found = now->process;
    found.again = true;
    if (found.state == FoundState::zombie) {  // its program and arguments are not to be read any more, and stay what they were
        found.path = watched.told.path;
        found.arguments = watched.told.arguments;
        found.arguments_cut = watched.told.arguments_cut;
    }
    if (!is_different(watched.told, found)) {
        return;
    }
    const bool another_program = watched.told.path != found.path;
    watched.told = std::move(found);
    watched.ended = watched.told.state == FoundState::zombie;
    MemoryText memory;
    const bool has_memory =
        another_program && root_ != 0 && !watched.ended && read_memory_text(watched.key.pid, true, memory).has_value();
    sink_.tell(sink_.event_of(watched.key, watched.key.pid, FoundEvent{std::make_shared<const FoundProcess>(watched.told)}),
               has_memory ? &memory : nullptr);
}

void ProcessWatch::tell_gone(const Watched& watched) {
    sink_.tell(sink_.event_of(watched.key, watched.key.pid, GoneEvent{watched.seen_ns}));
}

}  // namespace procatlas
