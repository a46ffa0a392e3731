// Which pages two processes of a recording have in common, without the frame numbers that only root is told: what they had from
// one another by fork, less what has been copied since. Pure.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/address_ranges.h"
#include "core/model/recording.h"

namespace procatlas {

// What two processes share by fork after `moment`, by index in World::processes; `world` is the one then.
[[nodiscard]] AddressRanges shared_pages(const SharingEvidence& sharing, const World& world, std::size_t moment,
                                         std::size_t first, std::size_t second);

class CommonPages {
public:
    // Processes by index in World::processes; `world`: the one after `moment`. Of a process that has ended it is told how much
    // had been copied when it ended, and that nothing is shared with it any more.
    CommonPages(const Recording& recording, const World& world, std::size_t moment, std::size_t first, std::size_t second);

    // They have their memory from one another, or from the same process, and neither has executed another program since.
    [[nodiscard]] bool related() const { return related_; }

    struct Counts {
        std::uint64_t shared = 0;  // one page for both: the first write will copy it
        std::uint64_t copied = 0;  // one page for both when the younger was born, and two by now; both still have one
    };
    // Of the pages that `range` touches. `of_file`: a private mapping of a file, whose pages are those of the file until the
    // first write, whether they are present or not.
    [[nodiscard]] Counts in(AddressRange range, bool of_file) const;

private:
    ByteCount page_size_ = 4096;
    bool related_ = false;
    bool alive_ = false;               // both are
    AddressRanges shared_;             // now
    AddressRanges shared_at_birth_;    // of the younger one
    AddressRanges separate_at_birth_;  // copied by then, or one's own
    AddressRanges separate_;           // the same, now
    AddressRanges present_;            // in both
};

}  // namespace procatlas
