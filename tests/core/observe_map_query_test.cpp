#include "core/observe/linux/proc/map_query.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "core/observe/linux/proc/maps.h"
#include "tests/core/observe_support.h"

using namespace procatlas;
using namespace procatlas::observing;

namespace {

// A child that does what it is told with its memory, and answers with the range that this changed.
class MemoryChild {
public:
    MemoryChild() {
        REQUIRE(::pipe(asked_.data()) == 0);
        REQUIRE(::pipe(answered_.data()) == 0);
        pid_ = ::fork();
        if (pid_ == 0) {
            serve();
        }
        REQUIRE(pid_ > 0);
    }
    MemoryChild(const MemoryChild&) = delete;
    MemoryChild& operator=(const MemoryChild&) = delete;
    ~MemoryChild() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        for (const int descriptor : {asked_[0], asked_[1], answered_[0], answered_[1]}) {
            ::close(descriptor);
        }
    }
    [[nodiscard]] pid_t pid() const { return pid_; }

    struct Order {
        int what = 0;  // 0: mmap, 1: of a file, 2: munmap, 3: mprotect, 4: mremap
        Address start = 0;
        std::size_t size = 0;
        int protection = 0;
    };
    // Where something is afterwards; empty: it did not work.
    AddressRange obey(const Order& order) {
        AddressRange changed;
        REQUIRE(::write(asked_[1], &order, sizeof order) == sizeof order);
        REQUIRE(::read(answered_[0], &changed, sizeof changed) == sizeof changed);
        return changed;
    }

private:
    [[noreturn]] void serve() const {
        const int file = ::open("/bin/sh", O_RDONLY);
        Order order;
        while (::read(asked_[0], &order, sizeof order) == sizeof order) {
            auto* at = reinterpret_cast<void*>(order.start);
            void* result = at;
            switch (order.what) {
                case 0:
                    result = ::mmap(nullptr, order.size, order.protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                    break;
                case 1:
                    result = ::mmap(nullptr, order.size, PROT_READ, MAP_PRIVATE, file, 0);
                    break;
                case 2:
                    result = ::munmap(at, order.size) == 0 ? at : MAP_FAILED;
                    break;
                case 3:
                    result = ::mprotect(at, order.size, order.protection) == 0 ? at : MAP_FAILED;
                    break;
                default:
                    result = ::mremap(at, order.size, 2 * order.size, MREMAP_MAYMOVE);
                    order.size *= 2;
                    break;
            }
            const auto start = reinterpret_cast<Address>(result);
            const AddressRange changed = result == MAP_FAILED ? AddressRange{} : AddressRange{start, start + order.size};
            [[maybe_unused]] const ssize_t put = ::write(answered_[1], &changed, sizeof changed);
        }
        ::_exit(0);
    }

    std::array<int, 2> asked_{};
    std::array<int, 2> answered_{};
    pid_t pid_ = 0;
};

std::string whole_map(pid_t pid) {
    MemoryText text;
    REQUIRE(read_memory_text(pid, false, text));
    return text.maps;
}

}  // namespace

TEST_CASE("MapQuery: a map that is refreshed where each call changed it is the one that the kernel writes") {
    MemoryChild child;
    const MapQuery query(child.pid());
    std::string kept = whole_map(child.pid());
    if (!query.refresh(kept, std::array{AddressRange{0x1000, 0x2000}})) {
        MESSAGE("not tested: this kernel has no PROCMAP_QUERY");
        return;
    }
    std::mt19937 random(7);
    std::vector<AddressRange> have;
    for (int i = 0; i < 1500; ++i) {
        MemoryChild::Order order{static_cast<int>(random() % 5), 0, 4096 * (1 + random() % 12), static_cast<int>(random() % 8)};
        std::size_t chosen = 0;
        if (order.what > 1) {
            if (have.empty()) {
                continue;
            }
            chosen = random() % have.size();
            const Address skipped = order.what == 4 ? 0 : random() % (have[chosen].size() / 4096) * 4096;
            order.start = have[chosen].start + skipped;
            order.size = order.what == 4 ? have[chosen].size() : have[chosen].size() - skipped;
        }
        const AddressRange before{order.start, order.start + order.size};
        const AddressRange after = child.obey(order);
        if (after.empty()) {
            continue;
        }
        if (order.what <= 1) {
            have.push_back(after);
        } else if (order.what == 2) {
            have.erase(have.begin() + static_cast<std::ptrdiff_t>(chosen));
        } else if (order.what == 4) {
            have[chosen] = after;
        }
        REQUIRE(query.refresh(kept, order.what > 1 ? std::vector{before, after} : std::vector{after}));
        const std::string whole = whole_map(child.pid());
        REQUIRE(kept == whole);
        const auto lines = static_cast<std::uint32_t>(std::ranges::count(whole, '\n'));
        REQUIRE(query.count() == lines - (has_kernel_mapping(whole) ? 1 : 0));
    }
    CHECK(have.size() > 20);
}

TEST_CASE("MapQuery: a process that is gone cannot be asked, and the text stays") {
    pid_t gone = 0;
    {
        const IdleChild child;
        gone = child.pid();
    }
    std::string text = "1000-2000 r--p 00000000 00:00 0 \n";
    const MapQuery query(gone);
    CHECK_FALSE(query.refresh(text, std::array{AddressRange{0x1000, 0x2000}}));
    CHECK(text == "1000-2000 r--p 00000000 00:00 0 \n");
    CHECK_FALSE(query.count());
}
