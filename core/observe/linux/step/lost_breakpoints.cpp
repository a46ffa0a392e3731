// What becomes of breakpoints when the program changes or copies its own code.
#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "core/observe/linux/step/breakpoints.h"
#include "core/observe/linux/step/stopped_thread.h"

namespace procatlas {
namespace {

constexpr std::uint8_t our_instruction = 0xcc;  // int3
constexpr std::size_t bytes_around = 15;

}  // namespace

// That one in a library is gone says nothing: libraries are unmapped, and others mapped in their place.
bool Breakpoints::lose(Address address, Spot& spot) {
    if (!std::exchange(spot.in, false) || (!spot.of_plan && !is_own_code(address))) {
        return false;
    }
    spot.lost = true;
    ++lost_;
    return true;
}

// A page that has had a breakpoint is the process's own copy: it is at hand as long as it is there at all.
void Breakpoints::look_for_lost(pid_t tid, AddressRange where) {
    const auto first_page = spot_pages_.lower_bound(where.start / PagesAtHand::size);
    if (first_page == spot_pages_.end() || *first_page * PagesAtHand::size >= where.end) {
        return;
    }
    std::map<Address, std::vector<Address>> by_page;
    for (const auto& [address, spot] : spots_) {
        if (spot.in && !spot.lifted && where.contains(address)) {
            by_page[address / PagesAtHand::size].push_back(address);
        }
    }
    const PagesAtHand memory(tid);
    for (const auto& [page, addresses] : by_page) {
        const std::string bytes = memory.read(page * PagesAtHand::size);
        if (bytes.empty() && memory.where(page * PagesAtHand::size) != PageAt::elsewhere) {
            continue;  // nobody says what is there
        }
        for (const Address address : addresses) {
            if (bytes.empty() || static_cast<std::uint8_t>(bytes[address % PagesAtHand::size]) != our_instruction) {
                (void)lose(address, spots_[address]);
            }
        }
    }
}

bool Breakpoints::stands(pid_t tid, Address address) {
    const auto spot = spots_.find(address);
    if (spot == spots_.end() || !spot->second.in) {
        return false;
    }
    if (spot->second.lifted || peek_byte(tid, address).value_or(our_instruction) == our_instruction) {
        return true;
    }
    (void)lose(address, spot->second);
    return false;
}

std::size_t Breakpoints::take_lost() {
    return lost_ == 0 || std::exchange(lost_told_, true) ? 0 : lost_;
}

// The bytes before a place, its own and those behind it; nullopt: not to be read.
struct Breakpoints::Surroundings {
    std::array<std::optional<std::uint8_t>, 2 * bytes_around + 1> bytes;
};

std::optional<std::uint8_t> Breakpoints::original_byte(Address address, const PagesAtHand& memory) {
    if (const auto spot = spots_.find(address); spot != spots_.end() && spot->second.in) {
        return spot->second.original;
    }
    const auto [page, fresh] = code_pages_.try_emplace(address / PagesAtHand::size);
    if (fresh) {
        page->second = memory.read(address);
    }
    return page->second.empty() ? std::nullopt
                                : std::optional(static_cast<std::uint8_t>(page->second[address % PagesAtHand::size]));
}

// By the bytes behind it, or where the copy ends with its function, by those before it too.
bool Breakpoints::is_copy(const Surroundings& copy, Address address, const PagesAtHand& memory) {
    const auto same = [&](Address at) {
        const auto there = copy.bytes[at + bytes_around - address];
        const auto here = there ? original_byte(at, memory) : std::nullopt;
        return here && (there == here || (there == our_instruction && spots_.contains(at)));
    };
    Address end = address + 1;
    while (end <= address + bytes_around && same(end)) {
        ++end;
    }
    if (end > address + bytes_around) {
        return true;
    }
    const auto next = std::ranges::upper_bound(entries_, address);
    if (next == entries_.begin() || next == entries_.end() || end < *next) {
        return false;
    }
    constexpr Address fewest = 4;
    const Address begin = std::max(*std::prev(next), address - bytes_around);
    Address start = address;
    while (start > begin && same(start - 1)) {
        --start;
    }
    return start == begin && end - begin > fewest;
}

bool Breakpoints::mend_copy(pid_t tid, Address address) {
    if (spots_.empty() || is_own_code(address) || peek_byte(tid, address) != our_instruction) {
        return false;
    }
    const PagesAtHand memory(tid);
    Surroundings copy;
    std::map<Address, std::string> pages;
    for (std::size_t i = 0; i < copy.bytes.size(); ++i) {
        const Address at = address - bytes_around + i;
        const auto [page, fresh] = pages.try_emplace(at / PagesAtHand::size);
        if (fresh) {
            page->second = memory.read(at);
        }
        if (!page->second.empty()) {
            copy.bytes[i] = static_cast<std::uint8_t>(page->second[at % PagesAtHand::size]);
        }
    }
    std::set<std::uint8_t> originals;
    for (const auto& [at, spot] : spots_) {
        if (is_own_code(at) && is_copy(copy, at, memory)) {
            originals.insert(spot.original);
        }
    }
    return originals.size() == 1 && poke_byte(tid, address, *originals.begin());
}

}  // namespace procatlas
