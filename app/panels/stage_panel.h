// The stage: the memory of the chosen processes as a textbook draws it, at a glance.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <tuple>
#include <vector>

#include "app/paint/frame.h"
#include "core/base/memo.h"
#include "core/layout/stage/layout_stage.h"

namespace procatlas {

class StagePanel {
public:
    void draw(const Frame& frame, Actions& actions, const Box& place);
    // How many columns fit, as of the last draw.
    [[nodiscard]] std::size_t columns_room() const { return columns_room_; }

private:
    using Key = std::tuple<std::array<std::size_t, 4>, float, float, std::vector<std::size_t>, Hit, int, bool,
                           std::vector<Pointed>, std::size_t>;

    // The scene now: between the last one and `scene` for a moment after a step, where that is wanted.
    const Scene& moving(const Frame& frame, Actions& actions, const Key& key, const Scene& scene);

    Memo<Key, Scene> scene_;
    Scene settled_;  // what was shown before the last change …
    Scene last_;     // … and since
    Scene between_;
    std::optional<Key> key_;
    std::chrono::steady_clock::time_point changed_;
    bool moves_ = false;
    std::size_t columns_room_ = 2;
};

}  // namespace procatlas
