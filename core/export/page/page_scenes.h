// The pictures of one moment in an HTML page, laid out so that stepping moves only what has changed: cards and columns have the
// same width at every moment.
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

// Whose memory is shown at a moment, ascending: `chosen` as far as they are born, or where none was chosen the first process
// and those to which something happened last.
[[nodiscard]] std::vector<std::size_t> page_columns(const World& world, std::span<const std::size_t> chosen);

struct PageTimeline {
    Scene scene;
    float left = 0;  // where moments begin …
    float step = 1;  // … and how wide one is
    float below_ruler = 0;
};

class PageScenes {
public:
    PageScenes(const Recording& recording, const Messages& words, const TextMeasure& measure);

    [[nodiscard]] Scene tree(const World& world, std::size_t moment, std::span<const std::size_t> columns) const;
    // Equal where the tree is: most events change nothing that it shows.
    [[nodiscard]] std::string tree_key(const World& world, std::size_t moment, std::span<const std::size_t> columns) const;
    [[nodiscard]] Scene memory(const World& world, std::span<const std::size_t> columns) const;
    // Of the whole recording, at least `width` wide; without a flag at the shown moment, which the page draws.
    [[nodiscard]] PageTimeline timeline(float width) const;

private:
    const Recording& recording_;
    const Messages& words_;
    const TextMeasure& measure_;
    float card_width_;
};

}  // namespace procatlas
