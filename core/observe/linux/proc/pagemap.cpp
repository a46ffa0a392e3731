#include "core/observe/linux/proc/pagemap.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include "core/base/unique_fd.h"
#include "core/observe/linux/proc/maps.h"
#include "core/stream/proc_maps.h"

namespace procatlas {
namespace {

constexpr ByteCount largest_total = 4ull << 30;
constexpr std::uint64_t present_bit = 1ull << 63;

// Adds the resident pages of `range`; false: the kernel did not answer.
bool add_resident(int pagemap, AddressRange range, ByteCount page, std::vector<AddressRange>& runs) {
    std::vector<std::uint64_t> entries(8192);
    for (Address at = range.start; at < range.end;) {
        const auto wanted = std::min<std::size_t>(entries.size(), (range.end - at) / page);
        const ssize_t got =
            ::pread(pagemap, entries.data(), wanted * sizeof entries[0], static_cast<off_t>(at / page * sizeof entries[0]));
        if (got < static_cast<ssize_t>(sizeof entries[0])) {
            return false;
        }
        const std::size_t count = static_cast<std::size_t>(got) / sizeof entries[0];
        for (std::size_t i = 0; i < count; ++i, at += page) {
            if ((entries[i] & present_bit) == 0) {
                continue;
            }
            if (!runs.empty() && runs.back().end == at) {
                runs.back().end += page;
            } else {
                runs.push_back({at, at + page});
            }
        }
    }
    return true;
}

}  // namespace

Result<ResidentEvent> read_resident_pages(pid_t pid) {
    MemoryText text;
    if (auto read = read_memory_text(pid, false, text); !read) {
        return std::unexpected(read.error());
    }
    const auto space = parse_proc_maps(text.maps);
    if (!space) {
        return std::unexpected(space.error());
    }
    const UniqueFd pagemap(::open(("/proc/" + std::to_string(pid) + "/pagemap").c_str(), O_RDONLY | O_CLOEXEC));
    if (!pagemap) {
        return std::unexpected(system_error("pagemap", errno));
    }
    const auto page = static_cast<ByteCount>(::sysconf(_SC_PAGESIZE));
    std::vector<AddressRange> runs;
    std::vector<AddressRange> skipped;
    ByteCount total = 0;
    for (const Mapping& m : space->mappings) {
        if (m.name == "[vsyscall]") {
            continue;  // beyond the addresses that pagemap knows; no page of the process
        }
        const bool too_large = m.range.size() > largest_total - total;
        total += too_large ? 0 : m.range.size();
        if (too_large || !add_resident(pagemap.get(), m.range, page, runs)) {
            skipped.push_back(m.range);
        }
    }
    return ResidentEvent{std::move(runs), std::move(skipped), {}};
}

}  // namespace procatlas
