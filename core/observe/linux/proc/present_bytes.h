// Bytes of a stopped thread's memory at a place that nobody has just used. Its pages are asked for first (pagemap, bit 63):
// touching one that is not present may wait for a file system or for another program without end.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/address.h"
#include "core/base/unique_fd.h"

namespace procatlas {

// Whether touching the page waits for nobody: it is in memory, or was written to swap. unknown: the kernel does not say.
enum class PageAt { hand, elsewhere, unknown };
[[nodiscard]] PageAt where_is_page(pid_t tid, Address address);

// Many pages of one stopped thread's memory: the files that tell of them are opened once.
class PagesAtHand {
public:
    static constexpr Address size = 4096;

    explicit PagesAtHand(pid_t tid);
    [[nodiscard]] PageAt where(Address address) const;
    // The page that the address is in; empty: it is not at hand, or may not be looked at.
    [[nodiscard]] std::string read(Address address) const;

private:
    UniqueFd pagemap_;
    UniqueFd memory_;
};

// Empty: not all of its pages are present, or it may not be looked at.
[[nodiscard]] std::string read_present_bytes(pid_t tid, Address address, std::size_t size);
// False: nothing was written, for the same reasons.
bool write_present_bytes(pid_t tid, Address address, std::string_view bytes);

}  // namespace procatlas
