// The calls of one thread that have not returned, as its breakpoints saw them begin.
#pragma once

#include <optional>
#include <vector>

#include "core/base/address.h"

namespace procatlas {

class ShadowStack {
public:
    // At the first instruction of `function`: the stack pointer points at the return address. A frame that stands at the same
    // place made a tail call, and returns together with the new one. But where it is of the same function, it was left by a
    // jump (longjmp, an exception) and then called again: the two cannot be told apart, and the second is what loops do.
    void enter(Address function, Address body, Address stack_pointer, Address return_address);

    // At the place to tell the innermost call at, for the first time: the function that was called.
    [[nodiscard]] std::optional<Address> reach_body(Address program_counter, Address stack_pointer);

    // Forgets the frames that the thread has left, and tells of which it did so by returning to here: innermost first, and
    // only those whose call was told. A jump that lands where the call would have returned to looks like a return.
    [[nodiscard]] std::vector<Address> leave(Address program_counter, Address stack_pointer);

    void clear() { frames_.clear(); }

private:
    struct Frame {
        Address function = 0;
        Address body = 0;
        Address slot = 0;  // where the return address is
        Address return_address = 0;
        bool told = false;
    };
    // The innermost frame of the stack that is in use now: a signal handler may have one of its own.
    [[nodiscard]] std::vector<Frame>::iterator innermost(Address stack_pointer);

    std::vector<Frame> frames_;
};

}  // namespace procatlas
