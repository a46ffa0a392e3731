// How many pages of an area two processes share, and how many each has for itself. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/address_ranges.h"
#include "core/layout/layout_context.h"
#include "core/layout/stage/stage_areas.h"
#include "core/model/common_pages.h"

namespace procatlas {

struct StageBridge {
    std::uint64_t shared = 0;
    std::uint64_t copied = 0;   // since they parted
    std::uint64_t apart = 0;    // two page frames all the same
    std::uint64_t unread = 0;   // pages whose state is not known, in one of the two or in both
    bool hides_copies = false;  // of a library: some are copied, but they are not counted
    bool stale = false;         // one of the two has acted since its pages were read
    bool together = false;      // shared memory: it is never copied
    bool same_file = false;     // code
    // At this event, pages of the first or the second process are told as copied: of both where either may have written.
    std::array<bool, 2> copied_now{};

    // Pages that each of the two has for itself.
    [[nodiscard]] std::uint64_t own() const { return copied + apart; }
    // Both still share all that they had in common of it.
    [[nodiscard]] bool none_copied() const { return shared > 0 && own() == 0 && unread == 0 && !hides_copies && !stale; }
    [[nodiscard]] bool parted_now() const { return copied_now[0] || copied_now[1]; }
    [[nodiscard]] bool is_writer(std::size_t side) const { return copied_now[side] && !copied_now[1 - side]; }
    // The states of the pages leave it open which of two wrote, as where both ran meanwhile.
    [[nodiscard]] bool is_writer_open() const { return copied_now[0] && copied_now[1]; }

    // "12 pages"
    [[nodiscard]] std::string pages_text(std::uint64_t pages, const Messages& words) const;
};

struct JustCopied {
    std::vector<std::string> texts;  // "C1 just copied 1 page", and shorter ones for where that has no room
    bool some = false;
};

class StageBridges {
public:
    // Indices in World::processes.
    StageBridges(const LayoutContext& context, std::size_t first, std::size_t second);

    // Whether both got their memory from one another, or from one process, and the pages of both were read.
    [[nodiscard]] bool related() const { return read_ && pages_.related(); }
    // The same, but the pages of one of them were not read, so that it is not known what they share.
    [[nodiscard]] bool related_but_unread() const { return !read_ && pages_.related(); }
    // Who has executed another program, so that nothing of a fork is left to share; indices in World::processes. Empty: nobody,
    // or it is not known.
    [[nodiscard]] std::vector<std::size_t> executed() const { return read_ ? pages_.executed() : std::vector<std::size_t>(); }
    // What the readings at this event say of the two. No texts: of neither all pages were read at it.
    [[nodiscard]] JustCopied just_copied(const std::array<std::string, 2>& names) const;
    // The same area in both.
    [[nodiscard]] StageBridge of(const StageArea& first, const StageArea& second) const;

private:
    [[nodiscard]] bool copied_at_moment(std::size_t process, const StageArea& area) const;
    [[nodiscard]] bool was_read_before(std::size_t process) const;
    [[nodiscard]] static bool touches(const StageArea& area, const CopiedRun& run);

    LayoutContext c_;
    std::size_t first_;
    std::size_t second_;
    bool read_;
    CommonPages pages_;
    AddressRanges unread_;  // pages, of one of the two or of both
};

}  // namespace procatlas
