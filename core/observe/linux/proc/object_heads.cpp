#include "core/observe/linux/proc/object_heads.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <unordered_map>

#include "core/base/unique_fd.h"

namespace procatlas {
namespace {

constexpr Address head_page = 4096;

class PresentPages {
public:
    explicit PresentPages(pid_t tid)
        : file_(::open(("/proc/" + std::to_string(tid) + "/pagemap").c_str(), O_RDONLY | O_CLOEXEC)) {}

    bool has(Address address) {
        constexpr std::uint64_t present = 1ull << 63;
        const auto [known, anew] = known_.try_emplace(address / head_page, false);
        if (anew) {
            std::uint64_t entry = 0;
            const auto at = static_cast<off_t>(known->first * sizeof entry);
            known->second = ::pread(file_.get(), &entry, sizeof entry, at) == sizeof entry && (entry & present) != 0;
        }
        return known->second;
    }

private:
    UniqueFd file_;
    std::unordered_map<Address, bool> known_;
};

}  // namespace

std::vector<std::string> read_object_heads(pid_t tid, std::span<const Address> addresses) {
    PresentPages pages(tid);
    const UniqueFd memory(::open(("/proc/" + std::to_string(tid) + "/mem").c_str(), O_RDONLY | O_CLOEXEC));
    std::vector<std::string> heads(addresses.size());
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        if (addresses[i] > static_cast<Address>(INT64_MAX) || !pages.has(addresses[i])) {
            continue;
        }
        std::string& head = heads[i];
        head.resize(std::min(object_head_size, head_page - addresses[i] % head_page));
        const ssize_t got = ::pread(memory.get(), head.data(), head.size(), static_cast<off_t>(addresses[i]));
        head.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    }
    return heads;
}

}  // namespace procatlas
