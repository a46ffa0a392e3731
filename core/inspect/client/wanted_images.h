// Which files of a memory map procatlas-reader should be asked about, each once.
#pragma once

#include <cstdint>
#include <set>
#include <tuple>
#include <vector>

#include "core/inspect/client/reader_protocol.h"
#include "core/model/address_space.h"

namespace procatlas {

class WantedImages {
public:
    // The programs and libraries of `space` (files with an executable mapping) that were not returned before.
    [[nodiscard]] std::vector<ElfImageRequest> take_new(const AddressSpace& space);

private:
    std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>> known_;
};

}  // namespace procatlas
