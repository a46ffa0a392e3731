#include "core/observe/linux/proc/found_process.h"

#include <dirent.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <string_view>

#include "core/observe/linux/proc/proc_file.h"
#include "core/observe/linux/proc/proc_stat.h"

namespace procatlas {
namespace {

constexpr std::size_t arguments_limit = 64 * 1024;
constexpr std::size_t children_limit = 1u << 20;
constexpr std::size_t most_ancestors = 64;  // of a chain that changes while it is read, there may be no end

void read_arguments(pid_t pid, FoundProcess& found) {
    const auto text = read_proc_file(pid, "cmdline", arguments_limit);
    if (!text) {
        return;
    }
    found.arguments_cut = text->size() == arguments_limit;
    std::string_view rest = *text;
    while (!rest.empty()) {
        const auto end = rest.find('\0');
        found.arguments.emplace_back(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
}

// The kernel keeps 15 bytes of a name; the file's may be the whole of it.
std::string whole_name(pid_t pid, const std::string& name) {
    constexpr std::size_t most = 15;
    if (name.size() < most) {
        return name;
    }
    const std::string path = read_proc_link(pid, "exe").value_or("");
    const std::string file = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
    return file.starts_with(name) ? file : name;
}

}  // namespace

FoundState found_state_of(const ProcStat& stat) {
    if (stat.kernel_thread) {
        return FoundState::kernel;
    }
    switch (stat.state) {
        case 'T':
        case 't':
            return FoundState::stopped;
        case 'Z':
        case 'X':
            return FoundState::zombie;
        default:
            return FoundState::running;
    }
}

std::vector<pid_t> read_threads(pid_t pid) {
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(fmt::format("/proc/{}/task", pid).c_str()), &::closedir);
    std::vector<pid_t> threads;
    while (const dirent* entry = folder ? ::readdir(folder.get()) : nullptr) {
        const std::string_view name = entry->d_name;
        pid_t thread = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), thread).ec == std::errc()) {
            threads.push_back(thread);
        }
    }
    std::ranges::sort(threads);
    return threads;
}

Result<std::vector<pid_t>> read_children(pid_t pid) {
    std::vector<pid_t> children;
    for (const pid_t thread : read_threads(pid)) {
        const auto text = read_proc_file(pid, fmt::format("task/{}/children", thread).c_str(), children_limit);
        if (!text) {
            return std::unexpected(text.error());
        }
        std::string_view rest = *text;
        while (!rest.empty()) {
            pid_t child = 0;
            const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), child);
            if (error != std::errc()) {
                break;
            }
            children.push_back(child);
            rest.remove_prefix(std::min(static_cast<std::size_t>(end - rest.data()) + 1, rest.size()));
        }
    }
    return children;
}

Result<FoundNow> read_found_process(pid_t pid) {
    auto stat = read_proc_stat(pid);
    if (!stat) {
        return std::unexpected(stat.error());
    }
    FoundNow now{{pid, stat->start_ticks}, {}};
    FoundProcess& found = now.process;
    found.parent_pid = stat->parent;
    found.state = found_state_of(*stat);
    found.name = std::move(stat->name);
    found.path = read_proc_link(pid, "exe").value_or("");
    read_arguments(pid, found);
    found.threads = read_threads(pid);
    std::ranges::stable_partition(found.threads, [&](pid_t thread) { return thread == pid; });
    return now;
}

std::vector<Ancestor> read_ancestors(pid_t pid) {
    std::vector<Ancestor> ancestors;
    auto stat = read_proc_stat(pid);
    while (stat && stat->parent > 0 && ancestors.size() < most_ancestors) {
        const pid_t parent = stat->parent;
        stat = read_proc_stat(parent);
        if (stat) {
            ancestors.push_back({parent, whole_name(parent, stat->name), stat->session == parent});
        }
    }
    return ancestors;
}

}  // namespace procatlas
