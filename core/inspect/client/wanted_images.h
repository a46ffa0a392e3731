// Chooses the files of a memory map to ask procatlas-reader about, each once.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "core/inspect/client/reader_protocol.h"
#include "core/model/address_space.h"

namespace procatlas {

class WantedImages {
public:
    // The question about the file of `mapping`. nullopt: it is no program or library, or was returned before.
    [[nodiscard]] std::optional<ElfImageRequest> take_new(const Mapping& mapping);
    // The programs and libraries of `space` (files with an executable mapping) that were not returned before.
    [[nodiscard]] std::vector<ElfImageRequest> take_new(const AddressSpace& space);

private:
    std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>> known_;
};

}  // namespace procatlas
