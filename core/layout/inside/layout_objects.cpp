#include "core/layout/inside/layout_objects.h"

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "core/narrate/reasons.h"

namespace procatlas {
namespace {

constexpr float object_gap = 5;
constexpr float object_line = 22;
constexpr float arrow_lanes = 34;  // width at the right, for the arrows between objects

// Breadth first: what a name leads to stands before what that leads to.
std::vector<const PythonObject*> in_order(const std::vector<PythonObject>& objects, std::span<const Address> roots) {
    std::vector<Address> open(roots.begin(), roots.end());
    std::vector<const PythonObject*> ordered;
    std::set<Address> seen;
    for (std::size_t i = 0; i < open.size(); ++i) {
        const PythonObject* object = seen.insert(open[i]).second ? find_object(objects, open[i]) : nullptr;
        if (object) {
            ordered.push_back(object);
            open.insert(open.end(), object->leads_to.begin(), object->leads_to.end());
        }
    }
    return ordered;
}

class ObjectsLayout {
public:
    ObjectsLayout(const std::vector<PythonObject>& objects, std::span<const Address> roots, const ObjectsView& view,
                  const Messages& words, const TextMeasure& measure)
        : ordered_(in_order(objects, roots)), view_(view), words_(words), measure_(measure) {}

    ObjectsScene run() {
        const std::size_t shown = std::min(ordered_.size(), view_.most_objects);
        for (std::size_t i = 0; i < shown; ++i) {
            add(*ordered_[i]);
        }
        if (ordered_.size() > shown) {
            text(0, y_, words_.format("objects.more", ordered_.size() - shown), TextStyle::small, Role::muted, view_.width);
            y_ += object_line;
        }
        if (ordered_.empty()) {
            text(0, y_, std::string(words_.text("objects.none")), TextStyle::small, Role::muted, view_.width);
            y_ += object_line;
        }
        for (std::size_t i = 0; i < shown; ++i) {
            add_arrows(*ordered_[i]);
        }
        made_.scene.width = view_.width;
        made_.scene.height = y_;
        return std::move(made_);
    }

private:
    [[nodiscard]] float box_width() const { return view_.width - arrow_lanes; }

    void text(float x, float y, const std::string& what, TextStyle style, Role role, float room, bool on_fill = false) {
        SceneLabel label = fitted_label({{x, y}, what, style, role, on_fill}, room, measure_);
        if (!label.text.empty()) {
            made_.scene.labels.push_back(std::move(label));
        }
    }

    [[nodiscard]] std::string count_of(const PythonObject& object) const {
        if (object.immortal) {
            return std::string(words_.text("objects.immortal"));
        }
        return object.references ? words_.format("objects.references", count_text(*object.references))
                                 : words_.format("objects.no_count", display_text(reason_text(object.why_no_count, words_)));
    }

    // What has another value, or another count, than at the moment before is outlined.
    [[nodiscard]] bool is_changed(const PythonObject& object) const {
        const PythonObject* then = view_.before ? find_object(*view_.before, object.address) : nullptr;
        return view_.before && (!then || then->value != object.value || then->references != object.references);
    }

    void add(const PythonObject& object) {
        constexpr float inset = 10;
        const float room = box_width() - 2 * inset;
        const float line = measure_.line_height(TextStyle::small) + 2;
        std::string facts = address_text(object.address, true) + " · " + count_of(object) + " · " + size_text(object.size);
        std::string place = view_.place ? view_.place(object.address) : std::string();
        if (const std::string whole = place.empty() ? facts : facts + " · " + place;
            measure_.width(whole, TextStyle::small) <= room) {
            facts = whole;
            place.clear();
        }
        const float first = y_ + 4;
        const float second = first + measure_.line_height(TextStyle::strong) + 3;
        const Box box{0, y_, box_width(), second + line * (place.empty() ? 1.0F : 2.0F) + 3 - y_};
        made_.scene.boxes.push_back({.box = box,
                                     .role = Role::card,
                                     .outline = Role::heap,
                                     .radius = 4,
                                     .outlined = true,
                                     .selected = is_changed(object),
                                     .hit = {}});
        made_.places.push_back({object.address, box});
        const bool copied = view_.is_copied_now && view_.is_copied_now(object.address);
        if (copied) {  // a bar, beside the words, for the eye
            made_.scene.boxes.push_back({.box = {2, y_ + 4, 4, box.height - 8}, .role = Role::accent, .radius = 2, .hit = {}});
        }
        const std::string type = display_text(object.type);
        const float type_width = std::min(measure_.width(type, TextStyle::strong), box_width() * 0.5F);
        text(inset, first, type, TextStyle::strong, Role::text, type_width + 1);
        const std::string value = object.value.empty()
                                      ? words_.format("stack.no_value", display_text(reason_text(object.why_not, words_)))
                                      : display_text(object.value);
        text(2 * inset + type_width, first, value, object.value.empty() ? TextStyle::small : TextStyle::mono,
             object.value.empty() ? Role::muted : Role::text, room - type_width - inset);
        const Role fact_role = copied ? Role::accent : Role::muted;
        text(inset, second, facts, TextStyle::small, place.empty() ? fact_role : Role::muted, room);
        text(inset, second + line, place, TextStyle::small, fact_role, room);
        y_ += box.height + object_gap;
    }

    void add_arrows(const PythonObject& object) {
        constexpr float least = 8;
        const ObjectPlace* from = made_.place_of(object.address);
        std::set<Address> targets(object.leads_to.begin(), object.leads_to.end());
        for (const Address address : targets) {
            const ObjectPlace* to = made_.place_of(address);
            if (!to || to == from) {
                continue;
            }
            const float lane = box_width() + least + lane_;
            const float from_y = from->box.y + from->box.height * 0.35F;
            const float to_y = to->box.y + to->box.height * 0.65F;
            made_.scene.links.push_back(
                {{{box_width(), from_y}, {lane, from_y}, {lane, to_y}, {box_width() + 3, to_y}}, Role::muted});
            made_.scene.marks.push_back({{box_width() + 3, to_y}, 3, MarkShape::disc, Role::muted});
            lane_ = lane_ > arrow_lanes - 2 * least ? 0 : lane_ + 4;
        }
    }

    std::vector<const PythonObject*> ordered_;
    const ObjectsView& view_;
    const Messages& words_;
    const TextMeasure& measure_;
    ObjectsScene made_;
    float y_ = 0;
    float lane_ = 0;
};

}  // namespace

const ObjectPlace* ObjectsScene::place_of(Address address) const {
    const auto found = std::ranges::find(places, address, &ObjectPlace::address);
    return found == places.end() ? nullptr : &*found;
}

ObjectsScene layout_objects(const std::vector<PythonObject>& objects, std::span<const Address> roots, const ObjectsView& view,
                            const Messages& words, const TextMeasure& measure) {
    return ObjectsLayout(objects, roots, view, words, measure).run();
}

}  // namespace procatlas
