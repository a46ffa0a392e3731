#include <doctest/doctest.h>

#include "core/observe/linux/step/shadow_stack.h"

using namespace procatlas;

namespace {

constexpr Address f = 0x1000;
constexpr Address g = 0x2000;
constexpr Address h = 0x3000;
constexpr Address body = 4;
constexpr Address after_f = 0x5005;  // the return address of the calls
constexpr Address after_g = 0x1050;
constexpr Address stack = 0x7ffc0000;

using Functions = std::vector<Address>;

void call(ShadowStack& calls, Address function, Address slot, Address return_address, Address caller = 0) {
    calls.enter({function, function + body, slot, return_address, caller, 0});
    CHECK(calls.reach_body(function + body, slot - 8) == function);
}

}  // namespace

TEST_CASE("ShadowStack: a call is reported once, and its return when the stack pointer is above the return address") {
    ShadowStack calls;
    call(calls, f, stack, after_f);
    CHECK_FALSE(calls.reach_body(f + body, stack - 8));  // the head of a loop
    CHECK(calls.leave(after_f, stack - 64).empty());     // a deeper call to the same place
    CHECK(calls.leave(after_f, stack + 8) == Functions{f});
    CHECK(calls.leave(after_f, stack + 8).empty());
}

TEST_CASE("a tail call returns together with its caller, innermost first") {
    ShadowStack calls;
    call(calls, f, stack, after_f);
    call(calls, g, stack, after_f);
    call(calls, h, stack - 32, after_g);
    CHECK(calls.leave(after_g, stack - 24) == Functions{h});
    CHECK(calls.leave(after_f, stack + 8) == Functions{g, f});
}

TEST_CASE("frames that a jump has left are forgotten, and a later call at their place is a new call") {
    ShadowStack calls;
    call(calls, f, stack, after_f);
    call(calls, g, stack - 32, after_g);
    CHECK(calls.leave(0x5050, stack + 8).empty());  // a jump to the caller
    call(calls, f, stack, after_f);
    call(calls, f, stack, after_f);  // a jump that was not seen, and then the same call again
    CHECK(calls.leave(after_f, stack + 8) == Functions{f});
    call(calls, f, stack, after_f);
    call(calls, g, stack, 0x6000);  // another place calls
    CHECK(calls.leave(0x6000, stack + 8) == Functions{g});
}

TEST_CASE("calls return on a stack that was moved, also those that were not at their body yet") {
    constexpr Address distance = Address{0} - 0x4000;  // to a lower place
    ShadowStack calls;
    call(calls, f, stack, after_f);
    call(calls, g, stack - 32, after_g);
    calls.enter({h, h + body, stack - 64, after_g, g, 0});
    calls.move(distance);
    const auto ends = calls.ends(stack + distance - 64);
    REQUIRE(ends.size() == 2);
    CHECK(ends[0].slot == stack + distance);
    CHECK(ends[1].slot == stack + distance - 64);
    CHECK(calls.ends(stack + distance - 40)[1].slot == stack + distance - 32);
    calls.enter({h, h + body, stack + distance - 64, after_g, g, 0});  // Go begins the function once more
    CHECK(calls.reach_body(h + body, stack + distance - 72) == h);
    CHECK(calls.leave(after_g, stack + distance - 56) == Functions{h});
    CHECK(calls.leave(after_g, stack - 24).empty());  // where it was
    CHECK(calls.leave(after_g, stack + distance - 24) == Functions{g});
    CHECK(calls.leave(after_f, stack + distance + 8) == Functions{f});
    CHECK(calls.is_empty());
}

TEST_CASE("a call whose reporting address was never reached has no return either") {
    ShadowStack calls;
    calls.enter({f, f + body, stack, after_f, 0, 0});
    CHECK(calls.leave(after_f, stack + 8).empty());
}

TEST_CASE("another stack, above or below, leaves the frames of the first alone") {
    for (const Address other : {Address{0x404000}, Address{0x7fff'0000'0000}}) {
        ShadowStack calls;
        call(calls, f, stack, after_f);
        call(calls, g, other, after_g);
        CHECK(calls.leave(after_g, other + 8) == Functions{g});
        CHECK(calls.leave(after_f, stack + 8) == Functions{f});
    }
}

TEST_CASE("the way back to a caller may be a jump where calls that its function made have not returned") {
    ShadowStack calls;
    call(calls, h, stack + 64, 0x7000);
    call(calls, f, stack, after_f);
    call(calls, f, stack - 32, 0x1060);
    const auto candidate =
        calls.may_return(after_f, stack + 8);  // the caller flows on to where the call would have returned to
    REQUIRE(candidate);
    REQUIRE(candidate->inner);
    CHECK(candidate->inner->slot == stack - 32);
    CHECK(candidate->inner->return_address == 0x1060);
    CHECK(calls.leave(after_f, stack + 8, ShadowStack::Came::jumped).empty());
    CHECK(calls.leave(0x7000, stack + 72) == Functions{h});
}

TEST_CASE("what shows a jump beside the frames takes the return away, and the frame with it") {
    ShadowStack calls;
    call(calls, f, stack, after_f);
    CHECK(calls.may_return(after_f, stack + 8));
    CHECK_FALSE(calls.may_return(after_f, stack + 16));
    CHECK(calls.leave(after_f, stack + 8, ShadowStack::Came::jumped).empty());
    CHECK(calls.leave(after_f, stack + 8).empty());
}

TEST_CASE("coroutines whose stacks lie a few pages apart keep their calls, in whatever order they go on") {
    constexpr Address coroutine = stack - 0x8000;  // the highest address of its stack
    ShadowStack calls;
    call(calls, f, stack, after_f);
    call(calls, g, coroutine, 0x9000);                       // begins in a library
    call(calls, h, coroutine - 0x80, after_g, g);            // and calls on
    CHECK(calls.leave(after_f, stack + 8) == Functions{f});  // it gives way to the first stack, where f returns
    call(calls, f, stack - 0x40, after_f);
    CHECK(calls.leave(after_g, coroutine - 0x78) == Functions{h});
    CHECK(calls.leave(0x9000, coroutine + 8) == Functions{g});
    CHECK(calls.leave(after_f, stack - 0x38) == Functions{f});
}

TEST_CASE("a call from the program's own code is on its caller's stack, however large that caller's frame is") {
    ShadowStack calls;
    call(calls, f, stack, after_f);
    call(calls, g, stack - 0x20000, 0x1060, f);
    const auto candidate = calls.may_return(after_f, stack + 8);  // if this is no return, it is a jump over g
    REQUIRE(candidate);
    CHECK(candidate->inner);
}

TEST_CASE("calls in memory that another stack has taken over are forgotten") {
    constexpr Address coroutine = stack - 0x8000;
    ShadowStack calls;
    call(calls, f, stack, after_f);
    call(calls, g, coroutine, 0x9000);
    call(calls, h, stack - 0x10000, 0x1060, f);  // a large frame, over what was the coroutine's
    CHECK(calls.leave(0x1060, stack - 0x10000 + 8) == Functions{h});
    CHECK(calls.leave(0x9000, coroutine + 8).empty());
    CHECK(calls.leave(after_f, stack + 8) == Functions{f});
}
