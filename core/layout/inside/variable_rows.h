// Rows of variables for the pictures of stack and globals: name, type, value, address, and what a pointer points to. Pure.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/layout/inside/layout_stack.h"
#include "core/model/inside.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

class VariableRows {
public:
    // `function`: whose variables they are; empty: globals.
    VariableRows(StackScene& into, float width, const Messages& words, const TextMeasure& measure,
                 FrameLanguage language = FrameLanguage::native, std::string_view function = {})
        : into_(into), width_(width), words_(words), measure_(measure), language_(language), function_(function) {}

    // Adds rows from `y` down and returns the y below them. If `mark`, marks variables that are new or changed since `before`.
    float add(std::span<const Variable> variables, std::span<const Variable> before, bool mark, float y);
    // Adds one row with a name and a value in small text.
    float add_plain(std::string_view name, std::string_view value, float y, TextStyle style = TextStyle::small);

    static constexpr float row_height = 22;

private:
    [[nodiscard]] std::string place_of(const Variable& variable) const;
    [[nodiscard]] bool is_changed(const Variable& variable, const Variable* then) const;
    void label(float x, float y, const std::string& text, TextStyle style, Role role, float room);

    StackScene& into_;
    float width_;
    const Messages& words_;
    const TextMeasure& measure_;
    FrameLanguage language_;  // a name of Python has no place of its own: that of its object is shown
    std::string_view function_;
};

}  // namespace procatlas
