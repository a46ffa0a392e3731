// The memory of the chosen processes in columns, side by side at the same virtual addresses.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "app/paint/frame.h"
#include "core/base/memo.h"
#include "core/layout/memory/layout_memory.h"

namespace procatlas {

class MemoryPanel {
public:
    void draw(const Frame& frame, Actions& actions, const Box& place);
    // How many columns fit, as of the last draw.
    [[nodiscard]] std::size_t columns_room() const { return columns_room_; }

private:
    struct Kept {  // a cached column and its input
        std::shared_ptr<const AddressSpace> memory;
        std::size_t images = 0;
        MemoryColumn column;
    };
    void gather(const Frame& frame);
    static void draw_head(const Frame& frame, Actions& actions);
    static void draw_compare_menu(const Frame& frame, Actions& actions);

    using Key = std::tuple<std::array<std::size_t, 4>, float, float, std::vector<std::size_t>, Hit,
                           std::optional<ProcessAddress>, bool, std::pair<int, std::size_t>, float>;

    std::vector<Kept> kept_;  // for each process
    std::vector<MemoryColumn> columns_;
    Memo<Key, MemoryScene> scene_;
    std::optional<ProcessAddress> marked_;  // in the previous draw
    float scrolled_ = 0;                    // likewise, in the scene's units
    std::size_t columns_room_ = 2;
    std::size_t generation_ = 0;
};

}  // namespace procatlas
