// The calls of one thread that have not returned, as its breakpoints saw them begin. A thread may use several stacks
// (coroutines, signal handlers), which may lie close to each other: the calls of each are kept apart.
#pragma once

#include <optional>
#include <vector>

#include "core/base/address.h"

namespace procatlas {

class ShadowStack {
public:
    // A call as its first instruction shows it: the stack pointer points at the return address, which lies in the function
    // `caller` of the program; 0: it lies elsewhere.
    struct Entered {
        Address function = 0;
        Address body = 0;
        Address stack_pointer = 0;
        Address return_address = 0;
        Address caller = 0;
        Address jump_target = 0;  // where the last longjmp has led, if the registers show that
    };
    // A frame that stands at the same place made a tail call, and returns together with the new one. But where it is of the
    // same function, it was left by a jump (longjmp, an exception) and then called again: the two cannot be told apart, and the
    // second is what loops do.
    void enter(const Entered& call);

    // At the place to tell the innermost call at, for the first time: the function that was called.
    [[nodiscard]] std::optional<Address> reach_body(Address program_counter, Address stack_pointer);

    // A call that would return to here, if it does return. `inner`: the outermost of the calls that it made and that have not
    // returned, so a jump has left them: to here, or back into the call.
    struct Place {
        Address slot = 0;
        Address return_address = 0;
    };
    struct Candidate {
        Address jump_target = 0;  // as it was entered
        std::optional<Place> inner;
    };
    [[nodiscard]] std::optional<Candidate> may_return(Address program_counter, Address stack_pointer) const;

    enum class Came { returned, jumped };
    // Forgets the frames that the thread has left, and tells of which it did so by returning to here: innermost first, and
    // only those whose call was told.
    [[nodiscard]] std::vector<Address> leave(Address program_counter, Address stack_pointer, Came came = Came::returned);

    void clear() { stacks_.clear(); }
    [[nodiscard]] bool is_empty() const { return stacks_.empty(); }

    // All that lay on the stack lies `distance` higher now (modulo 2^64).
    void move(Address distance);
    // The outermost and innermost of the calls that are active while the stack pointer is there, and where they return to.
    [[nodiscard]] std::vector<Place> ends(Address stack_pointer) const;

private:
    struct Frame {
        Address function = 0;
        Address body = 0;
        Address slot = 0;  // where the return address is
        Address return_address = 0;
        Address jump_target = 0;
        bool told = false;
    };
    using Frames = std::vector<Frame>;  // of one stack, outermost first: the slots descend; never empty

    // The stack that holds the frame next above `stack_pointer`, if the call was made there; else the end.
    [[nodiscard]] std::vector<Frames>::iterator stack_of(const Entered& call);
    // The memory of these slots is in use by another stack now.
    void forget_between(Address lowest, Address end);

    std::vector<Frames> stacks_;  // that of the last call is the last
};

}  // namespace procatlas
