// The breakpoints of one memory. Processes and threads that share the memory share them; a fork inherits a copy with the
// memory. Where a function takes a thread, that thread must be in a ptrace stop and have this memory.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/base/address.h"
#include "core/model/grain.h"
#include "core/observe/linux/proc/present_bytes.h"
#include "core/observe/linux/step/goroutine_calls.h"
#include "core/observe/linux/step/hardware_watch.h"

namespace procatlas {

class Breakpoints {
public:
    void set_plan(const BreakpointPlan& plan);
    [[nodiscard]] bool has_plan() const { return planned_; }
    [[nodiscard]] bool knows_functions() const { return !functions_.empty(); }
    [[nodiscard]] bool is_line(Address address) const { return lines_.contains(address); }
    // In the program itself, whoever wrote it.
    [[nodiscard]] bool is_own_code(Address address) const;
    // Likewise, but not in one of its functions that are stepped over.
    [[nodiscard]] bool is_followed_code(Address address) const;
    [[nodiscard]] Address entry() const { return entry_; }
    // The entry of the program's function that the instruction before `address` is in; 0: it is in none.
    [[nodiscard]] Address function_before(Address address) const;
    // The place to stop at of the function that begins at `entry`; nullopt: none does.
    [[nodiscard]] std::optional<Address> body_of(Address entry) const;

    // Puts in what the grain wants of the plan and takes out what it does not. Those put in by `put_in` stay, except that
    // `none` takes out all.
    void arrange(pid_t tid, Grain grain);
    // The plan or the grain has changed: `arrange` is to be called when some thread is stopped.
    void arrange_soon() { arrange_due_ = true; }
    [[nodiscard]] bool is_arrange_due() const { return arrange_due_; }
    // False: it is not in. A page that is not in memory is left alone, for touching it may wait for a file system without end.
    bool put_in(pid_t tid, Address address);
    // Functions that `arrange` has left out for that since this was last asked.
    [[nodiscard]] std::size_t take_out_of_reach() { return std::exchange(out_of_reach_, 0); }
    // Takes all out for a system call of this thread, after which nobody may be able to change the memory any more. They are
    // put in again at the thread's next stop, where that can be.
    void set_aside(pid_t tid);
    // For one step of the thread that stands there.
    void lift(pid_t tid, Address address);
    void put_back(pid_t tid, Address address);

    // Of those in the program's own code, forgets whichever does not stand there any more: the program has mapped something
    // else there, or has written there. What is there now is left alone.
    void look_for_lost(pid_t tid, AddressRange where);
    // Whether one is there, where a thread has come by other ways than by running into it; if not, likewise.
    [[nodiscard]] bool stands(pid_t tid, Address address);
    // How many were lost, once; 0: none was, or it was asked before.
    [[nodiscard]] std::size_t take_lost();

    // At a breakpoint instruction outside the program's own code: where the program has copied that of ours there together with
    // the code around it, puts back what was there before. False: it is the program's own, as far as can be told.
    bool mend_copy(pid_t tid, Address address);

    // The copy that a fork has: the same, and no thread uses its scratch room.
    [[nodiscard]] Breakpoints inherited() const;

    [[nodiscard]] bool is_in(Address address) const;
    // Whether a thread that has run into a breakpoint instruction there has run into ours, also one that was taken out
    // meanwhile.
    [[nodiscard]] bool is_ours(pid_t tid, Address address) const;

    // Instructions there without our breakpoints, as many as can be read; zeros behind the first `size` bytes.
    using Code = std::array<std::uint8_t, 16>;
    [[nodiscard]] std::optional<Code> code_at(pid_t tid, Address address, std::size_t size = std::tuple_size_v<Code>) const;

    // Of a Go program, the calls that those of its goroutines are in: they belong to the memory, not to a thread.
    [[nodiscard]] GoroutineCalls& goroutines() { return goroutines_; }

    // What the processor watches in this memory.
    [[nodiscard]] const WatchedPlaces& watched() const { return watched_; }
    void watch(std::vector<AddressRange> places) { watched_ = {std::move(places), watched_.version + 1}; }

    // Room for one displaced instruction where no thread will run any more, around the program's entry point; 0: there is none.
    [[nodiscard]] Address scratch() const { return scratch_; }
    [[nodiscard]] bool scratch_is_taken() const { return scratch_user_ != 0; }
    // Writes the instruction there for `tid`, which has the room to itself until it frees it.
    void take_scratch(pid_t tid, const Code& code);
    // False: `tid` does not have it.
    bool free_scratch(pid_t tid);

private:
    struct Spot {
        std::uint8_t original = 0;
        bool in = false;
        bool of_plan = false;
        bool lifted = false;  // for a step
        bool lost = false;    // it was in, and the program has put something else there
    };
    [[nodiscard]] bool lose(Address address, Spot& spot);
    [[nodiscard]] std::optional<std::uint8_t> original_byte(Address address, const PagesAtHand& memory);
    struct Surroundings;
    [[nodiscard]] bool is_copy(const Surroundings& copy, Address address, const PagesAtHand& memory);
    void take_out(pid_t tid, Address address, Spot& spot);
    bool write_scratch(pid_t tid, const Code& code);
    void restore_scratch(pid_t tid);
    [[nodiscard]] bool may_touch(pid_t tid, Address address) const;
    [[nodiscard]] bool is_wanted(Address address, Grain grain) const;

    bool planned_ = false;
    bool arrange_due_ = false;
    pid_t aside_for_ = 0;                             // the thread that makes that call
    std::vector<Address> aside_;                      // those of no plan
    pid_t scratch_user_ = 0;                          // the thread that executes an instruction there
    std::unordered_map<Address, Address> functions_;  // entry to body
    std::vector<Address> entries_;                    // of these, ascending
    std::unordered_set<Address> bodies_;
    std::unordered_set<Address> lines_;
    std::vector<AddressRange> own_code_;
    std::vector<AddressRange> libraries_;  // ascending
    Address entry_ = 0;
    Address scratch_ = 0;
    std::optional<Code> under_scratch_;
    std::size_t out_of_reach_ = 0;
    mutable std::unordered_set<Address> at_hand_;  // addresses of pages that were in memory when last looked at
    std::unordered_map<Address, Spot> spots_;
    std::set<Address> spot_pages_;  // numbers of the pages that ever had one
    std::size_t lost_ = 0;
    bool lost_told_ = false;
    std::unordered_map<Address, std::string> code_pages_;  // those that `mend_copy` has looked at, as they were then
    GoroutineCalls goroutines_;
    WatchedPlaces watched_;
};

}  // namespace procatlas
