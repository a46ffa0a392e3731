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

void call(ShadowStack& calls, Address function, Address slot, Address return_address) {
    calls.enter(function, function + body, slot, return_address);
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

TEST_CASE("a call whose reporting address was never reached has no return either") {
    ShadowStack calls;
    calls.enter(f, f + body, stack, after_f);
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
