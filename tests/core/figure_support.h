// What the tests of figures share: a small family of processes, recorded in code.
#pragma once

#include <memory>
#include <string>

#include "core/model/recording.h"
#include "core/stream/proc_maps.h"
#include "layout_support.h"

namespace procatlas {

inline constexpr std::string_view family_maps =
    "5633a7a3c000-5633a7a3d000 r--p 00000000 08:01 131 /home/ada/lesson/family\n"
    "5633a7a3d000-5633a7a3e000 r-xp 00001000 08:01 131 /home/ada/lesson/family\n"
    "5633a7a3e000-5633a7a3f000 r--p 00002000 08:01 131 /home/ada/lesson/family\n"
    "5633a7a40000-5633a7a41000 rw-p 00003000 08:01 131 /home/ada/lesson/family\n"
    "5633c8d11000-5633c8d32000 rw-p 00000000 00:00 0 [heap]\n"
    "7f2b61400000-7f2b61426000 r--p 00000000 08:01 77 /usr/lib/x86_64-linux-gnu/libc.so.6\n"
    "7f2b61426000-7f2b6157b000 r-xp 00026000 08:01 77 /usr/lib/x86_64-linux-gnu/libc.so.6\n"
    "7f2b6157b000-7f2b615ce000 r--p 0017b000 08:01 77 /usr/lib/x86_64-linux-gnu/libc.so.6\n"
    "7f2b615ce000-7f2b615d4000 rw-p 001ce000 08:01 77 /usr/lib/x86_64-linux-gnu/libc.so.6\n"
    "7f2b61670000-7f2b61671000 r-xp 00000000 08:01 78 /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2\n"
    "7ffce6e4d000-7ffce6e6e000 rw-p 00000000 00:00 0 [stack]\n"
    "7ffce6f6a000-7ffce6f6e000 r--p 00000000 00:00 0 [vvar]\n"
    "7ffce6f6e000-7ffce6f70000 r-xp 00000000 00:00 0 [vdso]\n";

inline constexpr std::string_view python_maps =
    "0000400000-000041f000 r--p 00000000 08:01 200 /usr/bin/python3.11\n"
    "000041f000-00006b6000 r-xp 0001f000 08:01 200 /usr/bin/python3.11\n"
    "0000a25000-0000b40000 rw-p 00624000 08:01 200 /usr/bin/python3.11\n"
    "0001c5d000-0001d10000 rw-p 00000000 00:00 0 [heap]\n"
    "7f90d4c00000-7f90d4d55000 r-xp 00000000 08:01 77 /usr/lib/x86_64-linux-gnu/libc.so.6\n"
    "7f90d4e00000-7f90d4e80000 rw-s 00000000 00:05 9 /dev/shm/blackboard\n"
    "7ffd20c51000-7ffd20c72000 rw-p 00000000 00:00 0 [stack]\n";

inline std::shared_ptr<const AddressSpace> space_of(std::string_view maps, AddressMarks marks = {}) {
    Result<AddressSpace> space = parse_proc_maps(maps);
    REQUIRE(space);
    space->marks = marks;
    return std::make_shared<const AddressSpace>(std::move(*space));
}

inline AddressMarks family_marks() {
    AddressMarks marks;
    marks.start_data = 0x5633a7a40000;
    marks.end_data = 0x5633a7a40400;
    marks.start_brk = 0x5633c8d11000;
    marks.start_stack = 0x7ffce6e6c5b0;
    marks.entry = 0x5633a7a3d0a0;
    return marks;
}

inline OutputEvent printed(std::string text, OutputStream stream = OutputStream::standard_output) {
    const std::uint64_t size = text.size();
    return {stream, std::move(text), size};
}

// Appends events one millisecond apart.
class Script {
public:
    using Map = std::shared_ptr<const AddressSpace>;

    void add(std::int32_t pid, EventDetail detail, Map memory = nullptr, Address counter = 0, Address stack = 0) {
        recording.append(next(pid, std::move(detail), std::move(memory), counter, stack));
    }
    // `memory`: of parent and child.
    void add_fork(std::int32_t pid, const ForkEvent& fork, const Map& memory, Address counter = 0, Address stack = 0) {
        ObservedEvent event = next(pid, fork, memory, counter, stack);
        event.child_memory = memory;
        recording.append(std::move(event));
    }

    Recording recording;

private:
    [[nodiscard]] ObservedEvent next(std::int32_t pid, EventDetail detail, Map memory, Address counter, Address stack) const {
        ObservedEvent event = event_of(pid, std::move(detail));
        event.time_ns = 1'000'000 * recording.events().size();
        event.memory = std::move(memory);
        event.program_counter = counter;
        event.stack_pointer = stack;
        return event;
    }
};

// A parent (2417), a child that prints (2418), one that becomes python3 and crashes (2419), and one that is a zombie (2420).
// The last moment is the crash.
inline Recording family_recording(const std::string& name = "family") {
    const auto memory = space_of(family_maps, family_marks());
    Script script;
    script.add(2417, StartEvent{2400, {"./" + name}, "/home/ada/lesson"});
    script.add(2417, ExecEvent{.path = "/home/ada/lesson/" + name, .arguments = {"./" + name}}, memory, 0x5633a7a3d0a0,
               0x7ffce6e6c5b0);
    for (const std::int32_t child : {2418, 2419, 2420}) {
        ForkEvent fork = fork_of(2417, child);
        script.add_fork(2417, fork, memory, 0x5633a7a3d1f2, 0x7ffce6e6c3a0);
    }
    script.add(2417, printed("the parent is 2417, counter at 0x5633a7a40010\r\n"));
    script.add(2418, printed("안녕하세요! 저는 자식입니다\r\n"));
    script.add(2420, ExitEvent{.code = 3, .signal = {}}, memory);
    script.add(
        2419,
        ExecEvent{
            .path = "/usr/bin/python3.11", .arguments = {"python3", "-c", "1"}, .mappings_before = 13, .mappings_after = 7},
        space_of(python_maps), 0x4f1a20, 0x7ffd20c70e10);
    script.add(2419, printed("Traceback: something went wrong\r\n", OutputStream::standard_error));
    SignalEvent crash;
    crash.number = 11;
    crash.address = 0;
    script.add(2419, crash);
    return std::move(script.recording);
}

}  // namespace procatlas
