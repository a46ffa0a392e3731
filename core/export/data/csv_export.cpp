#include "core/export/data/csv_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "core/base/text.h"

namespace procatlas {

namespace {

// Includes the full-width forms, which East Asian spreadsheets treat like the ordinary ones.
bool is_formula(std::string_view text) {
    constexpr std::array<std::string_view, 11> starts{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};
    return std::ranges::any_of(starts, [&](std::string_view start) { return text.starts_with(start); });
}

}  // namespace

std::string csv_field(std::string_view text) {
    const std::string harmless = (is_formula(text) ? "'" : "") + std::string(text);
    if (harmless.find_first_of(",\"\r\n") == std::string::npos) {
        return harmless;
    }
    std::string field = "\"";
    for (const char c : harmless) {
        field += c == '"' ? "\"\"" : std::string(1, c);
    }
    return field + '"';
}

std::string memory_csv(const World& world, std::span<const std::size_t> processes, std::span<const ElfImage> images) {
    std::string out = "pid,ppid,program,kind,part,start,end,size,permissions,file\r\n";
    for (const std::size_t index : processes) {
        const Process& process = world.processes[index];
        const std::int32_t parent = process.parent ? world.processes[*process.parent].key.pid : process.parent_pid;
        const std::string program = csv_field(display_text(process.program()));
        for (const Region& region : regions_of(process, images)) {
            const std::string& file = region.file.empty() ? region.label : region.file;
            fmt::format_to(std::back_inserter(out), "{},{},{},{},{},{:#x},{:#x},{},{},{}\r\n", process.key.pid, parent, program,
                           region_kind_name(region.kind),
                           region.part == LibraryPart::none ? std::string_view() : library_part_name(region.part),
                           region.range.start, region.range.end, region.range.size(),
                           csv_field(permissions_text(region.permissions)), csv_field(display_text(file)));
        }
    }
    return out;
}

}  // namespace procatlas
