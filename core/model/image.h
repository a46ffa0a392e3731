// The parts of an ELF file that a memory map needs, at link-time addresses (elf(5)).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/address.h"

namespace procatlas {

struct ElfSection {
    std::string name;
    AddressRange range;  // empty ranges and sections without SHF_ALLOC are left out
    bool write = false;
    bool execute = false;
    bool no_bits = false;  // SHT_NOBITS: bss

    bool operator==(const ElfSection&) const = default;
};

struct ElfSegment {      // PT_LOAD
    AddressRange range;  // memory size, not page-aligned
    std::uint64_t offset = 0;
    std::uint64_t file_size = 0;

    bool operator==(const ElfSegment&) const = default;
};

struct ElfImage {
    std::string path;
    std::uint32_t device_major = 0;
    std::uint32_t device_minor = 0;
    std::uint64_t inode = 0;
    bool executable_type = false;  // ET_EXEC: link-time addresses are run-time addresses
    Address entry = 0;
    std::vector<ElfSection> sections;
    std::vector<ElfSegment> segments;

    bool operator==(const ElfImage&) const = default;
};

}  // namespace procatlas
