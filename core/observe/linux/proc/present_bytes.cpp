#include "core/observe/linux/proc/present_bytes.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>

namespace procatlas {
namespace {

UniqueFd open_of_thread(pid_t tid, const char* name, int flags) {
    return UniqueFd(::open(("/proc/" + std::to_string(tid) + "/" + name).c_str(), flags | O_CLOEXEC));
}

bool all_pages_present(pid_t tid, Address address, std::size_t size) {
    static const auto page = static_cast<Address>(::sysconf(_SC_PAGESIZE));
    constexpr std::uint64_t present = 1ull << 63;
    const UniqueFd pagemap = open_of_thread(tid, "pagemap", O_RDONLY);
    if (!pagemap || size == 0 || address + size < address) {
        return false;
    }
    for (Address number = address / page; number <= (address + size - 1) / page; ++number) {
        std::uint64_t entry = 0;
        const auto at = static_cast<off_t>(number * sizeof entry);
        if (::pread(pagemap.get(), &entry, sizeof entry, at) != sizeof entry || (entry & present) == 0) {
            return false;
        }
    }
    return true;
}

PageAt where_is_page(const UniqueFd& pagemap, Address address) {
    static const auto page = static_cast<Address>(::sysconf(_SC_PAGESIZE));
    constexpr std::uint64_t present_or_swapped = 3ull << 62;
    std::uint64_t entry = 0;
    if (!pagemap || ::pread(pagemap.get(), &entry, sizeof entry, static_cast<off_t>(address / page * sizeof entry)) !=
                        static_cast<ssize_t>(sizeof entry)) {
        return PageAt::unknown;
    }
    return (entry & present_or_swapped) != 0 ? PageAt::hand : PageAt::elsewhere;
}

}  // namespace

PageAt where_is_page(pid_t tid, Address address) {
    return where_is_page(open_of_thread(tid, "pagemap", O_RDONLY), address);
}

PagesAtHand::PagesAtHand(pid_t tid)
    : pagemap_(open_of_thread(tid, "pagemap", O_RDONLY)), memory_(open_of_thread(tid, "mem", O_RDONLY)) {}

PageAt PagesAtHand::where(Address address) const {
    return where_is_page(pagemap_, address);
}

std::string PagesAtHand::read(Address address) const {
    std::string bytes(size, '\0');
    const auto start = static_cast<off_t>(address - address % size);
    return where(address) == PageAt::hand && ::pread(memory_.get(), bytes.data(), size, start) == static_cast<ssize_t>(size)
               ? bytes
               : std::string();
}

std::string read_present_bytes(pid_t tid, Address address, std::size_t size) {
    if (!all_pages_present(tid, address, size)) {
        return {};
    }
    const UniqueFd memory = open_of_thread(tid, "mem", O_RDONLY);
    std::string bytes(size, '\0');
    return ::pread(memory.get(), bytes.data(), size, static_cast<off_t>(address)) == static_cast<ssize_t>(size) ? bytes
                                                                                                                : std::string();
}

bool write_present_bytes(pid_t tid, Address address, std::string_view bytes) {
    if (!all_pages_present(tid, address, bytes.size())) {
        return false;
    }
    const UniqueFd memory = open_of_thread(tid, "mem", O_RDWR);
    return ::pwrite(memory.get(), bytes.data(), bytes.size(), static_cast<off_t>(address)) ==
           static_cast<ssize_t>(bytes.size());
}

}  // namespace procatlas
