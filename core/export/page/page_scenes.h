// The pictures of one moment in an HTML page. Cards and columns have the same width at every moment, so that stepping moves
// only what has changed.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/layout/timeline/process_lanes.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

// The processes whose memory is shown, ascending: those of `chosen` that are born. If `chosen` is empty, the first process and
// those that acted last.
[[nodiscard]] std::vector<std::size_t> page_columns(const World& world, std::span<const std::size_t> chosen);

struct PageTimeline {
    Scene scene;
    float left = 0;  // x of moment 0 …
    float step = 1;  // … and width of one moment
    float below_ruler = 0;
};

struct PageStage {
    Scene scene;
    float acts_at = 0;  // x of the column of the event's process
};

class PageScenes {
public:
    PageScenes(const Recording& recording, const Messages& words, const TextMeasure& measure);

    [[nodiscard]] Scene tree(const World& world, std::size_t moment, std::span<const std::size_t> columns) const;
    // Equal keys mean equal trees. Most events do not change the tree.
    [[nodiscard]] std::string tree_key(const World& world, std::size_t moment, std::span<const std::size_t> columns) const;
    [[nodiscard]] Scene memory(const World& world, std::span<const std::size_t> columns) const;
    // The memory as a textbook draws it, of the event's process and the one beside it among `columns`.
    [[nodiscard]] PageStage stage(const World& world, std::size_t moment, std::span<const std::size_t> columns) const;
    // The timeline of the first `events` moments, at least `width` wide. The page itself draws the flag at the shown moment.
    [[nodiscard]] PageTimeline timeline(float width, std::size_t events) const;

private:
    const Recording& recording_;
    const Messages& words_;
    const TextMeasure& measure_;
    float card_width_;
};

}  // namespace procatlas
