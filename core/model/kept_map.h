// The map of a process in a World: held, or made of the rows of a MapHistory when somebody looks at it first, and held from
// then on. A recording of many processes, or a jump in time, so needs the maps of those alone that are looked at. One thread
// only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "core/model/address_space.h"

namespace procatlas {

class MapHistory;

class KeptMap {
public:
    KeptMap() = default;  // none was read
    KeptMap(std::shared_ptr<const AddressSpace> held) : held_(std::move(held)) {}
    // The map of the process (an index in World::processes) at `moment`, of which the history must have one.
    KeptMap(std::shared_ptr<const MapHistory> history, std::size_t process, std::size_t moment)
        : history_(std::move(history)),
          process_(static_cast<std::uint32_t>(process)),
          moment_(static_cast<std::uint32_t>(moment)) {}

    [[nodiscard]] explicit operator bool() const { return held_ || history_; }
    // Null if none was read. What it points to lives as long as this map does.
    [[nodiscard]] const std::shared_ptr<const AddressSpace>& get() const;
    operator const std::shared_ptr<const AddressSpace>&() const { return get(); }
    [[nodiscard]] const AddressSpace& operator*() const { return *get(); }
    [[nodiscard]] const AddressSpace* operator->() const { return get().get(); }
    void reset() { *this = KeptMap(); }
    // No longer holds what can be made again. Nothing that came of `get` may be in use.
    void let_go() const {
        if (history_) {
            held_.reset();
        }
    }

    bool operator==(const KeptMap& other) const {
        return get() == other.get() || (get() && other.get() && *get() == *other.get());
    }

private:
    mutable std::shared_ptr<const AddressSpace> held_;
    std::shared_ptr<const MapHistory> history_;
    std::uint32_t process_ = 0;
    std::uint32_t moment_ = 0;
};

}  // namespace procatlas
