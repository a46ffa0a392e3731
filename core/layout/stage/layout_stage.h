// World -> Scene: the memory of a few processes as a textbook draws it, each a column that fits the height: its areas, and in
// them the frames, variables and blocks that lie there. Between neighbours that came of one another stands what they share:
// a bridge is one page for both, a broken bridge is a page for each. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/layout/layout_context.h"
#include "core/layout/stage/stage_column.h"
#include "core/model/pointed.h"
#include "core/scene/scene.h"
#include "core/scene/veils.h"

namespace procatlas {

struct StageView {
    float width = 800;
    float height = 600;
    Hit selected;                           // a region, or none
    std::optional<std::size_t> focus = {};  // the process that other panels tell of: what is missing of it is said first
    bool picks_frames = false;              // a frame is hit, not the area around it
    Veils veils = {};                       // a box with "?" stands for what is left out
    std::vector<Pointed> pointed = {};      // variables and regions are framed, in every process
};

// `columns` are processes of `context.world`, each with a memory of its own.
[[nodiscard]] Scene layout_stage(const LayoutContext& context, std::span<const StageColumn> columns, const StageView& view);

}  // namespace procatlas
