#include "core/observe/linux/proc/object_heads.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/uio.h>
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
    std::vector<std::string> heads(addresses.size());
    std::vector<iovec> there;  // the kernel reads many pieces in one call
    std::vector<iovec> here;
    std::vector<std::string*> wanted;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        if (addresses[i] > static_cast<Address>(INT64_MAX) || !pages.has(addresses[i])) {
            continue;
        }
        heads[i].resize(std::min(object_head_size, head_page - addresses[i] % head_page));
        wanted.push_back(&heads[i]);
        there.push_back({reinterpret_cast<void*>(addresses[i]), heads[i].size()});  // NOLINT(performance-no-int-to-ptr)
        here.push_back({heads[i].data(), heads[i].size()});
    }
    // Pieces are read in order, and none behind one that cannot be read.
    for (std::size_t done = 0; done < wanted.size();) {
        const std::size_t count = std::min<std::size_t>(wanted.size() - done, IOV_MAX);
        const ssize_t got = ::process_vm_readv(tid, &here[done], count, &there[done], count, 0);
        auto left = static_cast<std::size_t>(std::max<ssize_t>(got, 0));
        const std::size_t end = done + count;
        for (; done < end && left >= here[done].iov_len; ++done) {
            left -= here[done].iov_len;
        }
        if (done < end) {
            wanted[done++]->clear();
        }
    }
    return heads;
}

}  // namespace procatlas
