#include "core/layout/inside/variable_rows.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/model/inside_moment.h"
#include "core/narrate/reasons.h"
#include "core/scene/inside_things.h"

namespace procatlas {
namespace {

constexpr float left = 12;
constexpr float row_space = 10;
constexpr float most_name_share = 0.4F;
constexpr float most_type_share = 0.25F;
constexpr float least_with_object_address = 420;  // below that a name's object alone, at the end of its arrow, has it

// nullptr: the variable is new.
const Variable* same_of(const Variable& variable, std::span<const Variable> before) {
    const auto found = std::ranges::find_if(
        before, [&](const Variable& v) { return v.name == variable.name && v.address == variable.address; });
    return found == before.end() ? nullptr : &*found;
}

}  // namespace

void VariableRows::label(float x, float y, const std::string& text, TextStyle style, Role role, float room) {
    const float down = (row_height - measure_.line_height(style)) / 2;
    SceneLabel label = fitted_label({{x, y + down}, text, style, role}, room, measure_);
    if (!label.text.empty()) {
        into_.scene.labels.push_back(std::move(label));
    }
}

std::string VariableRows::place_of(const Variable& variable) const {
    switch (language_) {
        case FrameLanguage::native:
            return variable.address == 0 ? std::string(words_.text("stack.register")) : address_text(variable.address, true);
        case FrameLanguage::python:
            return variable.leads_to.empty() ? std::string() : address_text(variable.leads_to.front(), true);
    }
    return {};
}

bool VariableRows::is_changed(const Variable& variable, const Variable* then) const {
    const bool another_object = language_ == FrameLanguage::python && then && then->leads_to != variable.leads_to;
    return !then || then->value != variable.value || another_object;
}

float VariableRows::add(std::span<const Variable> variables, std::span<const Variable> before, bool mark, float y) {
    const bool with_address = language_ == FrameLanguage::native || width_ >= least_with_object_address;
    const float address_width = with_address ? measure_.width("0000 0000 0000", TextStyle::mono_small) : 0;
    const float inner = width_ - left - address_width - 2 * row_space;
    float name_width = 0;
    float type_width = 0;
    for (const Variable& variable : variables) {
        name_width = std::max(name_width, measure_.width(display_text(variable.name), TextStyle::strong) + row_space + 1);
        type_width = std::max(type_width, measure_.width(display_text(variable.type), TextStyle::small) + row_space + 1);
    }
    name_width = std::min(name_width, inner * most_name_share);
    type_width = std::min(type_width, inner * most_type_share);
    for (const Variable& variable : variables) {
        const Variable* then = same_of(variable, before);
        const bool unset = has_no_value_yet(variable);
        const bool changed = mark && !unset && is_changed(variable, then);
        if (changed) {  // a bar and a word, because colour alone is not enough
            into_.scene.boxes.push_back({.box = {2, y + 3, 4, row_height - 6}, .role = Role::accent, .radius = 2, .hit = {}});
        }
        label(left, y, display_text(variable.name), TextStyle::strong, Role::text, name_width - row_space);
        label(left + name_width, y, display_text(variable.type), TextStyle::small, Role::muted, type_width - row_space);
        const float value_x = left + name_width + type_width;
        float value_room = inner - name_width - type_width - row_space;
        const bool has_former = changed && then && !then->value.empty() && !has_no_value_yet(*then);
        const std::string about = unset        ? std::string(words_.text("stack.no_value_yet"))
                                  : has_former ? words_.format("stack.was", display_text(then->value))
                                               : std::string();
        const float about_width = measure_.width(about, TextStyle::small);
        if (!about.empty() && about_width < value_room * (unset ? 0.75F : 0.5F)) {
            label(value_x + value_room - about_width, y, about, TextStyle::small, Role::muted, about_width + 1);
            value_room -= about_width + row_space;
        }
        if (variable.value.empty()) {
            label(value_x, y, words_.format("stack.no_value", display_text(reason_text(variable.why_not, words_))),
                  TextStyle::small, Role::muted, value_room);
        } else {
            label(value_x, y, display_text(variable.value), TextStyle::mono,
                  unset     ? Role::muted
                  : changed ? Role::accent
                            : Role::text,
                  value_room);
        }
        const std::string address = with_address ? place_of(variable) : std::string();
        const bool in_register = language_ == FrameLanguage::native && variable.address == 0;
        const TextStyle address_style = in_register ? TextStyle::small : TextStyle::mono_small;
        label(width_ - row_space - measure_.width(address, address_style), y, address, address_style, Role::muted,
              address_width + 1);
        for (const Address to : variable.leads_to) {
            into_.pointers.push_back({{width_, y + row_height / 2}, to});
        }
        into_.scene.things.push_back({{0, y, width_, row_height}, thing_of(variable, function_)});
        y += row_height;
    }
    return y;
}

float VariableRows::add_plain(std::string_view name, std::string_view value, float y, TextStyle style) {
    label(left, y, std::string(name), style, Role::muted, width_ / 2);
    const float width = measure_.width(value, TextStyle::mono_small);
    label(width_ - row_space - width, y, std::string(value), TextStyle::mono_small, Role::muted, width + 1);
    return y + row_height;
}

}  // namespace procatlas
