// The texts of the interface that the script of an HTML page uses.
#pragma once

#include <array>

namespace procatlas {

inline constexpr std::array page_words{
    "figure.lines_before", "figure.moment",        "figure.shown",   "memory.hint",   "memory.title",
    "output.cut",          "output.hint",          "output.stderr",  "output.title",  "page.keys",
    "page.last",           "page.left_out",        "page.no_output", "page.settings", "page.steps",
    "page.timeline_hint",  "page.output_left_out", "timeline.title", "tip.back",      "tip.first",
    "tip.forward",         "toolbar.dark",         "toolbar.light",  "tree.alive",    "tree.gone",
    "tree.title",          "tree.zombie",          "tree.zombies"};

}  // namespace procatlas
