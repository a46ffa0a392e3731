// Chooses the files of a memory map to ask procatlas-reader about, each once.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <set>
#include <tuple>

#include "core/inspect/client/reader_protocol.h"
#include "core/model/address_space.h"

namespace procatlas {

class WantedImages {
public:
    // The question about the file of `mapping`, which process `pid` has. nullopt: it is no program or library, or was returned
    // before.
    [[nodiscard]] std::optional<ElfImageRequest> take_new(const Mapping& mapping, pid_t pid);

private:
    std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>> known_;
};

}  // namespace procatlas
