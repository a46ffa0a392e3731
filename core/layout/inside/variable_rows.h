// The rows of variables in the pictures of stack and globals: name, type, value, address; a pointer tells where it leads. Pure.
#pragma once

#include <span>
#include <vector>

#include "core/layout/inside/layout_stack.h"
#include "core/model/inside.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

class VariableRows {
public:
    VariableRows(StackScene& into, float width, const Messages& words, const TextMeasure& measure)
        : into_(into), width_(width), words_(words), measure_(measure) {}

    // Rows from `y` on; what is not in `before` with the same value is marked where `mark`. Returns the y below them.
    float add(std::span<const Variable> variables, std::span<const Variable> before, bool mark, float y);
    // One row of a name and a value in small print.
    float add_plain(std::string_view name, std::string_view value, float y, TextStyle style = TextStyle::small);

    static constexpr float row_height = 22;

private:
    void label(float x, float y, const std::string& text, TextStyle style, Role role, float room);

    StackScene& into_;
    float width_;
    const Messages& words_;
    const TextMeasure& measure_;
};

}  // namespace procatlas
