#include "core/layout/stage/stage_pen.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>

#include "core/base/text.h"
#include "core/narrate/family_names.h"

namespace procatlas {

StagePen::StagePen(const LayoutContext& c, const StageView& v)
    : context(c), world(c.world), words(c.words), measure(c.measure), view(v), names(family_names(c.world)) {}

StagePen::Scope::Scope(StagePen& pen, std::size_t column, std::string_view name)
    : pen_(pen), column_(column), boxes_(pen.scene.boxes.size()), labels_(pen.scene.labels.size()), outer_(pen.path_) {
    const SceneGroup& group = pen.scene.groups[column];
    if (pen.path_.empty()) {
        pen.path_ = std::to_string(group.process) + (name == "column" ? "" : "." + std::to_string(group.era));
    }
    pen.path_ += "/" + std::string(name);
}

StagePen::Scope::~Scope() {
    pen_.scene.parts.push_back({std::hash<std::string>{}(pen_.path_), column_});
    const auto part = static_cast<std::uint32_t>(pen_.scene.parts.size());
    const auto claim = [&](auto& elements, std::size_t first) {
        for (std::size_t i = first; i < elements.size(); ++i) {
            elements[i].part = elements[i].part == 0 ? part : elements[i].part;
        }
    };
    claim(pen_.scene.boxes, boxes_);
    claim(pen_.scene.labels, labels_);
    pen_.path_ = std::move(outer_);
}

void StagePen::label(Point at, std::string_view text, TextStyle style, Role role, float room, bool on_fill) {
    SceneLabel label = fitted_label({at, std::string(text), style, role, on_fill}, room, measure);
    if (!label.text.empty()) {
        scene.labels.push_back(std::move(label));
    }
}

float StagePen::right_label(float right, float y, std::string_view text, TextStyle style, Role role, float room, bool on_fill) {
    SceneLabel label = fitted_label({{0, y}, std::string(text), style, role, on_fill}, room, measure);
    if (label.text.empty()) {
        return 0;
    }
    const float width = measure.width(label.text, style);
    label.at.x = right - width;
    scene.labels.push_back(std::move(label));
    return width;
}

void StagePen::thing(const Thing& thing, const Box& box) {
    if (thing.kind != ThingKind::none && view.veils == Veils{}) {
        scene.things.push_back({box, thing});
    }
}

bool StagePen::is_pointed_region(std::string_view region) const {
    return std::ranges::any_of(
        view.pointed, [&](const Pointed& pointed) { return pointed.kind == PointedKind::region && pointed.name == region; });
}

bool StagePen::is_pointed_variable(std::string_view name) const {
    return std::ranges::any_of(view.pointed, [&](const Pointed& pointed) { return points_at_variable(pointed, name); });
}

void StagePen::frame_pointed(const Box& box) {
    scene.boxes.push_back(
        {.box = box, .outline = Role::accent, .radius = 4, .filled = false, .outlined = true, .dashed = true, .hit = {}});
}

std::string StagePen::stack_pointer_text(Address pointer) const {
    return "◀ SP " + (view.veils.addresses ? std::string(stage_veil) : address_text(pointer, true));
}

}  // namespace procatlas
