// What the pieces of the stage are drawn with: the scene that grows, labels that fit, the names of its parts, what is veiled
// and what is pointed at. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/layout/layout_context.h"
#include "core/layout/stage/layout_stage.h"
#include "core/scene/scene.h"
#include "core/scene/thing.h"

namespace procatlas {

inline constexpr float stage_text_pad = 9;  // between an area's or a card's edge and its text
inline constexpr std::string_view stage_veil = "?";

class StagePen {
public:
    // Holds references to both.
    StagePen(const LayoutContext& context, const StageView& view);

    const LayoutContext& context;
    const World& world;
    const Messages& words;
    const TextMeasure& measure;
    const StageView& view;
    std::vector<std::string> names;  // of the processes: "C1"
    Scene scene;                     // it has a group for each column before the first `Scope`

    // What is added while it lives, and is of no inner one, is one part, known by its names from the outermost on.
    class Scope {
    public:
        Scope(StagePen& pen, std::size_t column, std::string_view name);
        ~Scope();
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

    private:
        StagePen& pen_;
        std::size_t column_;
        std::size_t boxes_;
        std::size_t labels_;
        std::string outer_;
    };

    void label(Point at, std::string_view text, TextStyle style, Role role, float room, bool on_fill = false);
    // Returns the width that it took.
    float right_label(float right, float y, std::string_view text, TextStyle style, Role role, float room,
                      bool on_fill = false);
    // Not while something is veiled: its menu would say it.
    void thing(const Thing& thing, const Box& box);

    [[nodiscard]] bool is_pointed_region(std::string_view region) const;  // "stack"
    [[nodiscard]] bool is_pointed_variable(std::string_view name) const;
    void frame_pointed(const Box& box);

    [[nodiscard]] std::string stack_pointer_text(Address pointer) const;  // "◀ SP 7ffd …"

private:
    std::string path_;  // of the innermost scope
};

}  // namespace procatlas
