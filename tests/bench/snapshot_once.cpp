// snapshot_once PID: reads and parses the memory map of a process, and prints how many mappings it has: what `pmap` is set
// beside.
#include <cstdio>
#include <cstdlib>

#include "core/observe/linux/proc/maps.h"
#include "core/stream/proc_maps.h"

int main(int argc, char** argv) {
    using namespace procatlas;
    MemoryText text;
    if (argc != 2 || !read_memory_text(std::atoi(argv[1]), false, text)) {
        return 1;
    }
    const auto space = parse_proc_maps(std::move(text.maps));
    if (!space) {
        return 1;
    }
    std::printf("%zu\n", space->mappings.size());
    return 0;
}
