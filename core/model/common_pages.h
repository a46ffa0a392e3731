// Which pages two processes of a recording share: those that they got from one another by fork, minus those copied since. Works
// without page frame numbers, which only root can read. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/address_ranges.h"
#include "core/model/recording.h"

namespace procatlas {

// The pages that two processes share by fork after `moment`. Processes are indices in World::processes; `world` is the world
// after `moment`.
[[nodiscard]] AddressRanges shared_pages(const SharingEvidence& sharing, const World& world, std::size_t moment,
                                         std::size_t first, std::size_t second);

class CommonPages {
public:
    // Processes are indices in World::processes; `world` is the world after `moment`. For a process that has ended, counts what
    // had been copied when it ended; it shares nothing any more.
    CommonPages(const Recording& recording, const World& world, std::size_t moment, std::size_t first, std::size_t second);

    // Whether one got its memory from the other, or both from the same process, and neither has called exec since.
    [[nodiscard]] bool related() const { return related_; }
    // The processes, indices in World::processes, whose exec since then is why the two are not related. Empty: they are, or
    // have no common ancestor.
    [[nodiscard]] const std::vector<std::size_t>& executed() const { return executed_; }

    struct Counts {
        std::uint64_t shared = 0;  // one page frame for both: the first write will copy it
        std::uint64_t copied =
            0;  // one page frame for both when the younger was born, but two now; both processes still have the page
        std::uint64_t apart = 0;  // both are alive and have the page, each its own, and not because one was copied since
    };
    // Counts the pages that `range` touches. `of_file`: `range` is a private mapping of a file. Until the first write its pages
    // belong to the file, whether they are present or not.
    [[nodiscard]] Counts in(AddressRange range, bool of_file) const;

private:
    ByteCount page_size_ = 4096;
    bool related_ = false;
    std::vector<std::size_t> executed_;
    bool alive_ = false;               // both are
    AddressRanges shared_;             // at the moment
    AddressRanges shared_at_birth_;    // when the younger process was born
    AddressRanges separate_at_birth_;  // copied by then, or never shared
    AddressRanges separate_;           // the same, now
    AddressRanges present_;            // in both processes
    AddressRanges two_frames_;         // of those, the ones that have a page frame in each
};

}  // namespace procatlas
