#include "core/observe/linux/proc/maps.h"

#include <cerrno>
#include <string_view>

#include "core/observe/linux/proc/proc_file.h"

namespace procatlas {
namespace {
// x86: the kernel's own mapping, above all others, where it has one.
constexpr std::string_view last_mapping = "ffffffffff600000-";
constexpr std::size_t maps_limit =
    128u << 20;  // above vm.max_map_count's lines by far; a bound on what a tracee can make us keep
}

Result<void> read_memory_text(pid_t thread, bool may_change, MemoryText& text) {
    text.torn = false;
    text.maps.clear();
    auto read = read_proc_file(thread, "maps", maps_limit, text.maps, last_mapping);
    // One page is one answer of the kernel, under its lock: it cannot be torn.
    constexpr std::size_t one_answer = 2048;
    for (int attempt = 0; read && may_change && text.maps.size() > one_answer; ++attempt) {
        std::string again;
        again.reserve(text.maps.size() + 1);
        read = read_proc_file(thread, "maps", maps_limit, again, last_mapping);
        if (!read || again == text.maps) {
            break;
        }
        text.maps = std::move(again);
        if (attempt == 2) {
            text.torn = true;
            break;
        }
    }
    if (read && text.maps.empty()) {
        return fail("the process has no memory any more", ESRCH);
    }
    return read;
}

bool has_kernel_mapping(std::string_view maps) {
    maps.remove_suffix(maps.ends_with('\n') ? 1 : 0);
    return maps.substr(maps.rfind('\n') + 1).starts_with(last_mapping);  // npos + 1 is 0
}

}  // namespace procatlas
