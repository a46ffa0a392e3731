// Asks the reader once for each program and library that turns up in a memory map, and adds its answers to the recording.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <tuple>

#include "core/inspect/client/reader_client.h"
#include "core/model/recording.h"

namespace procatlas {

class ImageCollector {
public:
    [[nodiscard]] int descriptor() const { return reader_.descriptor(); }

    // Asks for what is new in `recording`, and adds what was answered; true where anything was added.
    bool follow(Recording& recording);
    // For a new recording.
    void clear();

private:
    void look_at(const AddressSpace& memory);

    ReaderClient reader_;
    std::size_t taken_ = 0;                                                    // events
    std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>> asked_;  // device and inode
    const AddressSpace* last_ = nullptr;
};

}  // namespace procatlas
