#include "tests/bench/map_maker.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/base/unique_fd.h"

namespace procatlas {

bool make_mappings(std::size_t count) {
    std::ifstream maps("/proc/self/maps");
    const auto present = static_cast<std::size_t>(std::count(std::istreambuf_iterator<char>(maps), {}, '\n'));
    const UniqueFd file(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
    for (std::size_t i = present; i < count; ++i) {
        const int protection = i % 4 < 2 ? PROT_READ : PROT_NONE;  // neighbours differ, so that they stay apart
        const bool anonymous = i % 2 == 1;
        const int flags = MAP_PRIVATE | (anonymous ? MAP_ANONYMOUS : 0);
        if (::mmap(nullptr, 4096, protection, flags, anonymous ? -1 : file.get(), 0) == MAP_FAILED) {
            return false;
        }
    }
    return true;
}

}  // namespace procatlas
