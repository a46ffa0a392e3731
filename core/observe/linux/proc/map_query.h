// Single mappings of a process (PROCMAP_QUERY of /proc/PID/maps, Linux 6.11): a fraction of what reading the whole text costs.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/base/address.h"
#include "core/base/unique_fd.h"

namespace procatlas {

class MapQuery {
public:
    // Of the memory that the thread has now: it answers no more once that is gone by an exec.
    explicit MapQuery(pid_t thread);

    // Makes `maps`, a text of /proc/PID/maps, what it is now in `changed` and in the mappings at its edges. Pages, not bytes, are
    // what counts. False: the kernel cannot be asked, and `maps` is as it was.
    [[nodiscard]] bool refresh(std::string& maps, std::span<const AddressRange> changed) const;

    // How many mappings there are, that of the kernel above all not counted; nullopt: the kernel cannot be asked.
    [[nodiscard]] std::optional<std::uint32_t> count() const;

private:
    bool refresh_one(std::string& maps, AddressRange changed) const;

    UniqueFd file_;
};

}  // namespace procatlas
