// What the user wants a figure to show.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/pointed.h"
#include "core/scene/palette.h"
#include "core/scene/veils.h"

namespace procatlas {

enum class FigureView : std::uint8_t {
    memory,
    tree,
    timeline,
    all,
    inside,
    stack,
    heap,
    code,
    bytes,
    source,
    storyboard,
    pages,
    compare,
    stage,
};

struct FigureOptions {
    FigureView view = FigureView::all;
    std::vector<std::int32_t> pids;  // whose memory is shown, in order; empty: the first process and the youngest others
    Theme theme = Theme::light;
    std::size_t moment = 0;
    std::vector<std::size_t> moments;  // of a storyboard, in this order; empty: those that tell the story of the first fork
    float memory_height = 560;         // of columns of memory
    bool heading = true;               // title, moment and event above the view
    float scale = 2;                   // PNG: pixels per unit of the scene
    Veils blank = {};                  // what is left out, for an exercise
    bool timeline_ends = false;        // so is what a timeline shows after the moment
    std::vector<Pointed> pointed;      // framed on the stage and in the source
    bool compact = false;              // for a page with more on it: some lines of source, no wider than they are
    bool comments = true;              // of source code
    bool picks = false;                // frames, lines and pages are hit in the scene too
    std::string title;                 // empty: the command of the first process
    std::string language = "en";       // of the texts; screen readers need it
    std::string_view recording_file;   // bytes of the .procatlas file that the figure carries; empty: none
};

// Viewers show this beside the picture; screen readers read it instead.
struct FigureText {
    std::string title;
    std::string description;
    std::string language = "en";
};

}  // namespace procatlas
