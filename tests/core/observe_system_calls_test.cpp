#include "core/observe/linux/trace/system_calls.h"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <cerrno>

#include "tests/core/observe_support.h"

using namespace procatlas;
using namespace procatlas::observing;

TEST_CASE("a failed brk returns the old end instead of an error number") {
    const PendingCall call{__NR_brk, {0x5000}};
    const MemoryEvent grown = memory_event(call, 0x5000);
    CHECK(grown.call == MemoryCall::brk);
    CHECK(grown.error == 0);
    CHECK(grown.result == 0x5000);
    CHECK(grown.length == 0);
    CHECK(memory_event(call, 0x4000).error == ENOMEM);
}

TEST_CASE("mmap reports address, length and protection, and no address if it failed") {
    const PendingCall call{__NR_mmap, {0, 8192, PROT_READ}};
    const MemoryEvent mapped = memory_event(call, 0x7000'0000);
    CHECK(mapped.call == MemoryCall::mmap);
    CHECK(mapped.result == 0x7000'0000);
    CHECK(mapped.length == 8192);
    CHECK(mapped.protection == PROT_READ);
    const MemoryEvent failed = memory_event(call, -ENOMEM);
    CHECK(failed.error == ENOMEM);
    CHECK(failed.result == 0);
}

TEST_CASE("mremap reports its new length, munmap and mprotect their arguments") {
    const MemoryEvent moved = memory_event({__NR_mremap, {0x1000, 4096, 8192}}, 0x9000);
    CHECK(moved.call == MemoryCall::mremap);
    CHECK(moved.length == 8192);
    CHECK(moved.result == 0x9000);
    const MemoryEvent gone = memory_event({__NR_munmap, {0x1000, 4096}}, 0);
    CHECK(gone.call == MemoryCall::munmap);
    CHECK(gone.address == 0x1000);
    CHECK(gone.length == 4096);
    const MemoryEvent guarded = memory_event({__NR_mprotect, {0x1000, 4096, PROT_NONE}}, -EACCES);
    CHECK(guarded.call == MemoryCall::mprotect);
    CHECK(guarded.error == EACCES);
}

TEST_CASE("a call interrupted by a signal is reported when it is restarted") {
    CHECK(will_be_restarted(-512));
    CHECK(will_be_restarted(-516));
    CHECK_FALSE(will_be_restarted(-EINTR));
    CHECK_FALSE(will_be_restarted(-517));
}

TEST_CASE("SystemCalls: a thread without information from the kernel has made no call") {
    IdleChild child;
    Parts parts;
    TracedThread& thread = parts.stopped_first(child.pid());
    CHECK_FALSE(parts.calls.gather_entry(thread));
    thread.call = PendingCall{__NR_brk, {1}};
    CHECK_FALSE(parts.calls.gather_return(thread));
    CHECK_FALSE(thread.call);
}
