#include "core/observe/linux/proc/map_query.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/limits.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <string_view>

namespace procatlas {
namespace {

// struct procmap_query of <linux/fs.h>, which older headers lack.
struct ProcmapQuery {
    std::uint64_t size = 0;
    std::uint64_t query_flags = 0;
    std::uint64_t query_addr = 0;
    std::uint64_t vma_start = 0;
    std::uint64_t vma_end = 0;
    std::uint64_t vma_flags = 0;
    std::uint64_t vma_page_size = 0;
    std::uint64_t vma_offset = 0;
    std::uint64_t inode = 0;
    std::uint32_t dev_major = 0;
    std::uint32_t dev_minor = 0;
    std::uint32_t vma_name_size = 0;
    std::uint32_t build_id_size = 0;
    std::uint64_t vma_name_addr = 0;
    std::uint64_t build_id_addr = 0;
};
constexpr unsigned long procmap_query_request = _IOWR(static_cast<unsigned>('f'), 17, ProcmapQuery);
constexpr std::uint64_t covering_or_next = 0x10;

constexpr std::size_t name_column = 73;
constexpr Address page_size_of_maps = 4096;
constexpr std::string_view kernel_mapping = "ffffffffff600000-";

// The first mapping that ends behind `address`. `name`: room for its name, or empty. False: there is none.
bool ask(int file, Address address, std::span<char> name, ProcmapQuery& answer) {
    answer = {};
    answer.size = sizeof answer;
    answer.query_flags = covering_or_next;
    answer.query_addr = address;
    answer.vma_name_size = static_cast<std::uint32_t>(name.size());
    answer.vma_name_addr = name.empty() ? 0 : reinterpret_cast<std::uintptr_t>(name.data());
    return ::ioctl(file, procmap_query_request, &answer) == 0;
}

// As the kernel writes it (show_map_vma in fs/proc/task_mmu.c).
void append_line(std::string& out, const ProcmapQuery& mapping, std::string_view name) {
    const auto may = [&](std::uint64_t bit, char letter) { return (mapping.vma_flags & bit) != 0 ? letter : '-'; };
    const std::size_t begin = out.size();
    fmt::format_to(std::back_inserter(out), "{:08x}-{:08x} {}{}{}{} {:08x} {:02x}:{:02x} {} ", mapping.vma_start,
                   mapping.vma_end, may(1, 'r'), may(2, 'w'), may(4, 'x'), (mapping.vma_flags & 8) != 0 ? 's' : 'p',
                   mapping.vma_offset, mapping.dev_major, mapping.dev_minor, mapping.inode);
    if (!name.empty()) {
        out.append(name_column - std::min(name_column, out.size() - begin), ' ');
        for (const char c : name) {
            if (c == '\n') {
                out += "\\012";
            } else {
                out += c;
            }
        }
    }
    out += '\n';
}

struct Line {
    std::size_t begin = 0;
    std::size_t end = 0;  // behind its newline
    AddressRange range;
};

Line line_at(std::string_view maps, std::size_t begin) {
    Line line{begin, std::min(maps.find('\n', begin), maps.size() - 1) + 1, {}};
    const char* last = maps.data() + line.end;
    const char* dash = std::from_chars(maps.data() + begin, last, line.range.start, 16).ptr;
    std::from_chars(dash + 1, last, line.range.end, 16);
    return line;
}

// The lines of `maps` that overlap `range`, as one piece of text; `range` grows to hold them whole. The kernel's own mapping
// above all others is never among them.
Line lines_in(std::string_view maps, AddressRange& range) {
    Line found{maps.size(), maps.size(), range};
    for (std::size_t at = 0; at < maps.size();) {
        const Line line = line_at(maps, at);
        at = line.end;
        if (maps.substr(line.begin).starts_with(kernel_mapping) || line.range.start >= range.end) {
            found.begin = std::min(found.begin, line.begin);
            break;
        }
        if (line.range.end > range.start) {
            found.begin = std::min(found.begin, line.begin);
            found.end = line.end;
            range = {std::min(range.start, line.range.start), std::max(range.end, line.range.end)};
        }
    }
    found.end = found.end == maps.size() || found.end < found.begin ? found.begin : found.end;
    found.range = range;
    return found;
}

}  // namespace

MapQuery::MapQuery(pid_t thread) {
    std::array<char, 64> path;
    *fmt::format_to_n(path.data(), path.size() - 1, "/proc/{}/maps", thread).out = '\0';
    file_.reset(::open(path.data(), O_RDONLY | O_CLOEXEC));
}

bool MapQuery::refresh(std::string& maps, std::span<const AddressRange> changed) const {
    std::string now = maps;
    for (const AddressRange& range : changed) {
        if (!refresh_one(now, range)) {
            return false;
        }
    }
    maps = std::move(now);
    return true;
}

bool MapQuery::refresh_one(std::string& maps, AddressRange changed) const {
    constexpr int most_rounds = 8;
    AddressRange range{changed.start - std::min(changed.start, page_size_of_maps), changed.end + page_size_of_maps};
    if (!file_ || range.empty()) {
        return false;
    }
    std::array<char, PATH_MAX> name;
    for (int round = 0; round < most_rounds; ++round) {
        const Line old = lines_in(maps, range);
        std::string fresh;
        AddressRange covered = range;
        ProcmapQuery mapping;
        for (Address at = range.start; at < covered.end && ask(file_.get(), at, name, mapping); at = mapping.vma_end) {
            if (mapping.vma_start >= range.end) {
                break;
            }
            covered = {std::min(covered.start, mapping.vma_start), std::max(covered.end, mapping.vma_end)};
            append_line(fresh, mapping, mapping.vma_name_size > 0 ? std::string_view(name.data()) : std::string_view());
        }
        if (fresh.empty() && !ask(file_.get(), 0, {}, mapping)) {
            return false;
        }
        if (covered == range) {
            maps.replace(old.begin, old.end - old.begin, fresh);
            return true;
        }
        range = covered;  // a mapping reaches farther than what was known: that is replaced too
    }
    return false;
}

std::optional<std::uint32_t> MapQuery::count() const {
    std::uint32_t mappings = 0;
    ProcmapQuery mapping;
    for (Address at = 0; file_ && ask(file_.get(), at, {}, mapping); at = mapping.vma_end) {
        ++mappings;
    }
    return mappings > 0 ? std::optional(mappings) : std::nullopt;
}

}  // namespace procatlas
