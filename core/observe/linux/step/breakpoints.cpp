#include "core/observe/linux/step/breakpoints.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <limits>
#include <tuple>
#include <utility>

#include "core/observe/linux/step/stopped_thread.h"

namespace procatlas {
namespace {

constexpr std::uint8_t trap_instruction = 0xcc;  // int3
constexpr Address word_size = sizeof(std::uint64_t);
constexpr Address code_page_size = 4096;
constexpr AddressRange everywhere{0, std::numeric_limits<Address>::max()};
constexpr std::size_t scratch_size = std::tuple_size_v<Breakpoints::Code>;

}  // namespace

void Breakpoints::set_plan(const BreakpointPlan& plan) {
    planned_ = true;
    functions_.clear();
    bodies_.clear();
    entries_.clear();
    for (const FunctionSpot& function : plan.functions) {
        functions_[function.entry] = function.body;
        bodies_.insert(function.body);
        entries_.push_back(function.entry);
    }
    std::ranges::sort(entries_);
    lines_ = {plan.lines.begin(), plan.lines.end()};
    own_code_ = plan.own_code;
    libraries_ = plan.libraries;
    entry_ = plan.entry;
    goroutines_.set_layout(plan.goroutines);
    // The code at the entry point runs once, before there can be a second thread.
    const Address aligned = (plan.entry + word_size - 1) / word_size * word_size;
    const auto in_room = [&](Address start) { return plan.entry < start && start < aligned + scratch_size; };
    const bool room = plan.entry != 0 && is_own_code(aligned) && is_own_code(aligned + scratch_size - 1) &&
                      std::ranges::none_of(plan.functions, in_room, &FunctionSpot::entry) &&
                      std::ranges::none_of(plan.libraries, in_room, &AddressRange::start);
    if (!under_scratch_) {
        scratch_ = room ? aligned : 0;
    }
}

bool Breakpoints::is_own_code(Address address) const {
    return std::ranges::any_of(own_code_, [&](const AddressRange& range) { return range.contains(address); });
}

bool Breakpoints::is_followed_code(Address address) const {
    const auto behind = std::ranges::upper_bound(libraries_, address, {}, &AddressRange::start);
    return (behind == libraries_.begin() || !std::prev(behind)->contains(address)) && is_own_code(address);
}

std::optional<Address> Breakpoints::body_of(Address entry) const {
    const auto found = functions_.find(entry);
    return found == functions_.end() ? std::nullopt : std::optional(found->second);
}

Address Breakpoints::function_before(Address address) const {
    const auto behind = std::ranges::lower_bound(entries_, address);
    return behind == entries_.begin() || !is_followed_code(address - 1) ? 0 : *std::prev(behind);
}

bool Breakpoints::is_wanted(Address address, Grain grain) const {
    return grain != Grain::none &&
           (functions_.contains(address) || bodies_.contains(address) || (grain >= Grain::lines && lines_.contains(address)) ||
            (grain == Grain::instructions && address == entry_ && !under_scratch_));
}

void Breakpoints::set_aside(pid_t tid) {
    std::vector<Address> aside = std::exchange(aside_, {});
    for (const auto& [address, spot] : spots_) {
        if (spot.in && !spot.of_plan) {
            aside.push_back(address);
        }
    }
    aside_for_ = 0;
    arrange(tid, Grain::none);
    aside_for_ = tid;
    aside_ = std::move(aside);
    arrange_soon();
}

void Breakpoints::arrange(pid_t tid, Grain grain) {
    if (aside_for_ != 0 && aside_for_ != tid && grain != Grain::none) {
        return;  // due until that thread has come back
    }
    aside_for_ = 0;
    look_for_lost(tid, everywhere);
    code_pages_.clear();
    const std::vector<Address> back = std::exchange(aside_, {});
    at_hand_.clear();
    const bool scratch_stays = grain != Grain::none || scratch_user_ != 0;
    arrange_due_ = grain == Grain::none && scratch_stays;  // again, when the thread there has come back
    if (!scratch_stays) {
        restore_scratch(tid);
    }
    for (auto& [address, spot] : spots_) {
        const bool stays = grain != Grain::none && (!spot.of_plan || is_wanted(address, grain));
        if (spot.in && !stays) {
            take_out(tid, address, spot);
        }
    }
    if (grain == Grain::none) {
        return;
    }
    const auto put = [&](Address address) {
        if (is_wanted(address, grain) && put_in(tid, address)) {
            spots_[address].of_plan = true;
        }
    };
    for (const auto& [entry, body] : functions_) {
        put(entry);
        put(body);
        const bool left_out = !is_in(entry) && is_wanted(entry, grain) && !at_hand_.contains(entry / code_page_size);
        out_of_reach_ += left_out && where_is_page(tid, entry) == PageAt::elsewhere ? 1 : 0;
    }
    if (grain >= Grain::lines) {
        std::ranges::for_each(lines_, put);
    }
    put(entry_);
    std::ranges::for_each(back, [&](Address address) { put_in(tid, address); });
}

Breakpoints Breakpoints::inherited() const {
    Breakpoints copy = *this;
    copy.scratch_user_ = 0;
    copy.aside_for_ = 0;
    copy.at_hand_.clear();
    copy.code_pages_.clear();
    copy.lost_told_ = false;
    return copy;
}

bool Breakpoints::may_touch(pid_t tid, Address address) const {
    if (at_hand_.contains(address / code_page_size)) {
        return true;
    }
    if (where_is_page(tid, address) != PageAt::hand) {
        return false;
    }
    at_hand_.insert(address / code_page_size);
    return true;
}

// Reads what is there each time: a library may have been unmapped, and another mapped in its place.
bool Breakpoints::put_in(pid_t tid, Address address) {
    const auto byte = may_touch(tid, address) ? peek_byte(tid, address) : std::nullopt;
    if (!byte) {
        return false;
    }
    const auto known = spots_.find(address);
    if (known != spots_.end() && known->second.lifted) {
        return known->second.in;
    }
    if (*byte == trap_instruction) {
        return known != spots_.end() && known->second.in;  // else the program's own
    }
    if (known != spots_.end() && (lose(address, known->second) || known->second.lost) && *byte != known->second.original) {
        return false;  // it is code of another kind
    }
    if (!poke_byte(tid, address, trap_instruction)) {
        return false;
    }
    Spot& spot = spots_[address];
    spot.original = *byte;
    spot.in = true;
    spot.lost = false;
    spot_pages_.insert(address / code_page_size);
    return true;
}

void Breakpoints::take_out(pid_t tid, Address address, Spot& spot) {
    spot.in = false;
    if (may_touch(tid, address) && peek_byte(tid, address) == trap_instruction) {
        poke_byte(tid, address, spot.original);
    }
}

void Breakpoints::lift(pid_t tid, Address address) {
    if (const auto spot = spots_.find(address); spot != spots_.end()) {
        poke_byte(tid, address, spot->second.original);
        spot->second.lifted = true;
    }
}

void Breakpoints::put_back(pid_t tid, Address address) {
    const auto spot = spots_.find(address);
    if (spot == spots_.end()) {
        return;
    }
    spot->second.lifted = false;
    if (spot->second.in) {
        poke_byte(tid, address, trap_instruction);
    }
}

bool Breakpoints::is_in(Address address) const {
    const auto spot = spots_.find(address);
    return spot != spots_.end() && spot->second.in;
}

bool Breakpoints::is_ours(pid_t tid, Address address) const {
    return is_in(address) || (spots_.contains(address) && peek_byte(tid, address) != trap_instruction);
}

std::optional<Breakpoints::Code> Breakpoints::code_at(pid_t tid, Address address, std::size_t size) const {
    Code code{};
    for (std::size_t at = 0; at < size;) {
        const Address aligned = (address + at) / word_size * word_size;
        const auto word = at == 0 || may_touch(tid, aligned) ? peek(tid, aligned) : std::nullopt;
        if (!word) {
            return at == 0 ? std::nullopt : std::optional(code);  // the last instruction before the end of a mapping
        }
        const auto bytes = std::bit_cast<std::array<std::uint8_t, word_size>>(*word);
        for (std::size_t i = address + at - aligned; i < word_size && at < size; ++i, ++at) {
            const auto spot = spots_.find(address + at);
            code[at] = spot != spots_.end() && spot->second.in ? spot->second.original : bytes[i];
        }
    }
    return code;
}

void Breakpoints::take_scratch(pid_t tid, const Code& code) {
    write_scratch(tid, code);
    scratch_user_ = tid;
}

bool Breakpoints::free_scratch(pid_t tid) {
    aside_for_ = aside_for_ == tid ? 0 : aside_for_;
    const bool had_it = scratch_user_ == tid && tid != 0;
    scratch_user_ = had_it ? 0 : scratch_user_;
    return had_it;
}

bool Breakpoints::write_scratch(pid_t tid, const Code& code) {
    if (scratch_ == 0) {
        return false;
    }
    if (!under_scratch_) {
        const auto under = code_at(tid, scratch_);
        if (!under) {
            return false;
        }
        under_scratch_ = under;
        for (Address address = scratch_; address < scratch_ + scratch_size; ++address) {
            spots_.erase(address);  // only the entry point's can be there, and it has been passed
        }
        if (const auto spot = spots_.find(entry_); spot != spots_.end() && spot->second.in) {
            take_out(tid, entry_, spot->second);
        }
    }
    const auto words = std::bit_cast<std::array<std::uint64_t, scratch_size / word_size>>(code);
    return poke(tid, scratch_, words[0]) && poke(tid, scratch_ + word_size, words[1]);
}

void Breakpoints::restore_scratch(pid_t tid) {
    if (under_scratch_) {
        const Code code = *under_scratch_;
        write_scratch(tid, code);
        under_scratch_.reset();
    }
}

}  // namespace procatlas
