// The memory and the map of a process that somebody else holds still. Blocks as long as a page of it does (FUSE, userfaultfd):
// only procatlas-reader may use this.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <unordered_map>

#include "core/base/address.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/model/address_space.h"

namespace procatlas {

class StoppedProcess {
public:
    explicit StoppedProcess(pid_t pid) : pid_(pid) {}

    // Reads the map anew and forgets the memory. `task` is a living thread of the process: where the first has ended, only the
    // others have a map.
    Result<void> refresh(pid_t task);

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] const AddressSpace& space() const { return space_; }
    [[nodiscard]] Address entry() const { return entry_; }  // AT_ENTRY: where the program itself starts; 0: not known
    // The mapping that `address` lies in, or nullptr.
    [[nodiscard]] const Mapping* mapping_at(Address address) const;

    // All `size` bytes, or false.
    [[nodiscard]] bool read(Address address, void* out, std::size_t size);
    // As many of `size` bytes as there are before one that cannot be read.
    [[nodiscard]] std::string read_some(Address address, std::size_t size);
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

    pid_t pid_;
    UniqueFd memory_;  // /proc/PID/mem: process_vm_readv(2) pins pages, for which the kernel copies shared ones
    std::string maps_text_;
    AddressSpace space_;
    Address entry_ = 0;
    std::unordered_map<Address, std::unique_ptr<Page>> pages_;  // null: cannot be read
};

}  // namespace procatlas
