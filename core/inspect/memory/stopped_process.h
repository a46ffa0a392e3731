// The memory and the map of a process that another program keeps stopped. One of its pages can block a read for any time (FUSE,
// userfaultfd): only procatlas-reader may use this class.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <unordered_map>

#include "core/base/address.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/inspect/memory/read_log.h"
#include "core/model/address_space.h"

namespace procatlas {

class StoppedProcess {
public:
    explicit StoppedProcess(pid_t pid) : pid_(pid) {}

    // Reads the map again and drops all cached memory. `task` is a living thread of the process: after the first thread has
    // ended, only the others have a map.
    Result<void> refresh(pid_t task);

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] const AddressSpace& space() const { return space_; }
    [[nodiscard]] Address entry() const { return entry_; }  // AT_ENTRY: where the program itself starts; 0: unknown
    // The mapping that contains `address`, or nullptr.
    [[nodiscard]] const Mapping* mapping_at(Address address) const;

    // Reads all `size` bytes, or returns false.
    [[nodiscard]] bool read(Address address, void* out, std::size_t size);
    // Reads up to `size` bytes, and stops before the first that cannot be read.
    [[nodiscard]] std::string read_some(Address address, std::size_t size);
    // Notes what is read from now on in `log`; null: nowhere.
    void note_reads(ReadLog* log) { log_ = log; }
    // Whether each of these reads would give the same now.
    [[nodiscard]] bool reads_the_same(const ReadLog& log);
    // Another number where the map has changed.
    [[nodiscard]] std::uint64_t map_version() const { return map_version_; }
    // Brings the page into memory where it is not, as the process would by executing it.
    void touch(Address address);
    template <typename T>
        requires std::is_trivially_copyable_v<T>
    [[nodiscard]] std::optional<T> value_at(Address address) {
        T value{};
        return read(address, &value, sizeof value) ? std::optional(value) : std::nullopt;
    }

private:
    static constexpr ByteCount page_size = 4096;
    using Page = std::array<char, page_size>;

    const Page* page(Address start);
    void fetch(Address start);
    // How many pages from `start` on are in the same state, at most `most`. untouched: nobody has read or written them yet.
    enum class Pages { in_memory, untouched, unknown };
    struct Stretch {
        Pages state = Pages::unknown;
        std::size_t count = 0;
    };
    [[nodiscard]] Stretch stretch_at(Address start, std::size_t most) const;
    [[nodiscard]] bool has_missing_pages();
    // The bytes that untouched pages of the mapping would get; false: they are not known without touching them.
    bool read_untouched(const Mapping& mapping, Address start, std::size_t count);

    pid_t pid_;
    UniqueFd memory_;  // /proc/PID/mem, because process_vm_readv(2) pins pages, and the kernel copies shared pages for that
    UniqueFd pagemap_;
    std::optional<bool> has_missing_pages_;  // userfaultfd(2): what an untouched page gets, another program says
    std::string maps_text_;
    AddressSpace space_;
    std::uint64_t map_version_ = 0;
    ReadLog* log_ = nullptr;
    Address entry_ = 0;
    std::unordered_map<Address, std::unique_ptr<Page>> pages_;  // null: unreadable
};

}  // namespace procatlas
