// One mapping: one VMA, one line of /proc/PID/maps (proc(5)).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/address.h"

namespace procatlas {

struct Permissions {
    bool read = false;
    bool write = false;
    bool execute = false;
    bool shared = false;  // MAP_SHARED; else private (copy on write)

    bool operator==(const Permissions&) const = default;
};

[[nodiscard]] inline std::string permissions_text(Permissions p) {
    return {p.read ? 'r' : '-', p.write ? 'w' : '-', p.execute ? 'x' : '-', p.shared ? 's' : 'p'};
}

struct Mapping {
    AddressRange range;
    Permissions permissions;
    std::uint64_t offset = 0;  // bytes into the file
    std::uint32_t device_major = 0;
    std::uint32_t device_minor = 0;
    std::uint64_t inode = 0;  // 0: no file
    // As the kernel reports it, with `\012` decoded: a path, "[heap]", "[stack]", "[anon:x]" or empty; raw bytes. Points into
    // AddressSpace::names or at a literal, so that a map of 30,000 mappings does not need 30,000 strings.
    std::string_view name;

    bool operator==(const Mapping&) const = default;
};

}  // namespace procatlas
