// The unit that is drawn: one kind over an address range. Pure: made from a map, the kernel's marks, ELF images and stack
// pointers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/address.h"
#include "core/model/address_space.h"
#include "core/model/image.h"

namespace procatlas {

enum class RegionKind {
    code,
    read_only_data,
    data,
    bss,
    heap,
    stack,
    thread_stack,
    shared_library,
    mapped_file,
    shared_memory,
    anonymous,
    guard,
    kernel,
};

enum class LibraryPart { none, code, read_only_data, data, bss };

struct Region {
    RegionKind kind = RegionKind::anonymous;
    LibraryPart part = LibraryPart::none;  // of a shared library
    AddressRange range;
    Permissions permissions;
    std::uint64_t offset = 0;  // into `file`
    std::string file;          // path as the kernel reports it, empty for none; raw bytes
    std::string label;         // the kernel's own name if there is no file: "[vdso]", "[anon:x]"; raw bytes
    bool arena = false;        // heap: an allocator arena, not made by brk; guard: the unused rest of an arena
    std::int32_t thread = 0;   // the thread whose stack this is; 0: not known

    bool operator==(const Region&) const = default;
};

// All processes that map it see every write, so its pages are never copied.
[[nodiscard]] inline bool is_shared_memory(const Region& region) {
    return region.kind == RegionKind::shared_memory || (region.permissions.shared && region.permissions.write);
}

struct ThreadMark {
    std::int32_t thread = 0;
    Address stack_pointer = 0;
};

// Regions in ascending order, covering exactly the mappings of `space`. `executable` and libraries are found in `images` by
// device and inode; without an image the kernel's end_data still tells data from bss.
[[nodiscard]] std::vector<Region> classify_regions(const AddressSpace& space, std::string_view executable,
                                                   std::span<const ElfImage> images, std::span<const ThreadMark> threads);

// "code", "read_only_data", ...: the names used in JSON.
[[nodiscard]] std::string_view region_kind_name(RegionKind kind);
[[nodiscard]] std::string_view library_part_name(LibraryPart part);

// The region that contains `address`, or nullptr.
[[nodiscard]] const Region* find_region(std::span<const Region> regions, Address address);

// The end of the heap made by brk; 0: there is none.
[[nodiscard]] Address brk_of(std::span<const Region> regions);

}  // namespace procatlas
