#include "core/observe/linux/step/hardware_watch.h"

#include <sys/ptrace.h>
#include <sys/user.h>

#include <cerrno>
#include <cstddef>

#include "core/model/stop_points.h"

namespace procatlas {

#if defined(__x86_64__)
namespace {

constexpr std::size_t status_register = 6;
constexpr std::size_t control_register = 7;

std::size_t offset_of(std::size_t debug_register) {
    return offsetof(struct user, u_debugreg) + debug_register * sizeof(std::uint64_t);
}

bool set_debug_register(pid_t tid, std::size_t which, std::uint64_t value) {
    return ::ptrace(PTRACE_POKEUSER, tid, offset_of(which), value) == 0;
}

// The two bits for the length of a place: 1, 2, 8 and 4 bytes.
std::uint64_t length_bits(ByteCount size) {
    return size == 8 ? 2 : size - 1;
}

}  // namespace

bool watch_places(pid_t tid, std::span<const AddressRange> places) {
    bool done = set_debug_register(tid, control_register, 0);  // an address is refused while its old length does not fit it
    std::uint64_t control = 0;
    for (std::size_t i = 0; i < places.size() && i < most_watched; ++i) {
        constexpr std::uint64_t at_writes = 1;
        done = done && set_debug_register(tid, i, places[i].start);
        control |= std::uint64_t{1} << (2 * i) | (length_bits(places[i].size()) << 2 | at_writes) << (16 + 4 * i);
    }
    return done && set_debug_register(tid, control_register, control);
}

std::vector<AddressRange> take_written(pid_t tid, std::span<const AddressRange> places) {
    std::vector<AddressRange> written;
    errno = 0;
    const auto status = static_cast<std::uint64_t>(::ptrace(PTRACE_PEEKUSER, tid, offset_of(status_register), nullptr));
    if (errno != 0) {
        return written;
    }
    for (std::size_t i = 0; i < places.size() && i < most_watched; ++i) {
        if ((status >> i & 1) != 0) {
            written.push_back(places[i]);
        }
    }
    if (!written.empty()) {
        set_debug_register(tid, status_register, 0);
    }
    return written;
}

#else

bool watch_places(pid_t, std::span<const AddressRange> places) {
    return places.empty();
}

std::vector<AddressRange> take_written(pid_t, std::span<const AddressRange>) {
    return {};
}

#endif

}  // namespace procatlas
