#include "core/model/places.h"

#include <algorithm>

namespace procatlas {

std::vector<Place> places_of(const Process& process, std::span<const Region> regions, std::size_t thread_limit) {
    if (!process.alive()) {
        return {};  // it has no registers, and its heap cannot grow
    }
    std::vector<Place> places;
    if (!process.memory) {
        return places;
    }
    const AddressMarks& marks = process.memory->marks;
    const auto add = [&](PlaceKind kind, Address address, std::int32_t thread) {
        if (address != 0) {
            places.push_back({kind, address, thread});
        }
    };
    for (std::size_t i = 0; i < std::min(process.threads.size(), thread_limit); ++i) {
        const ThreadState& thread = process.threads[i];
        const std::int32_t number = thread.thread == process.key.pid ? 0 : thread.thread;
        add(PlaceKind::program_counter, thread.program_counter, number);
        add(PlaceKind::stack_pointer, thread.stack_pointer, number);
    }
    add(PlaceKind::brk, std::max(marks.start_brk, brk_of(regions)), 0);
    add(PlaceKind::stack_start, marks.start_stack, 0);
    add(PlaceKind::entry, marks.entry, 0);
    return places;
}

}  // namespace procatlas
