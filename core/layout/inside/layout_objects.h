// Objects of a Python program -> Scene: a box for each object to which names lead, with its type, value, address and reference
// count. Pure.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/model/inside.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

struct ObjectsView {
    float width = 330;
    std::size_t most_objects = 30;                      // the others are counted
    const std::vector<PythonObject>* before = nullptr;  // those of the moment before; null: marks no changes
    // Says in words where the address lies: its region, and whether its page is shared.
    std::function<std::string(Address)> place;
    std::function<bool(Address)> is_copied_now;  // its page was copied at the event; null: none was
};

struct ObjectPlace {
    Address address = 0;
    Box box;
};

struct ObjectsScene {
    Scene scene;
    std::vector<ObjectPlace> places;  // of the objects shown

    // nullptr: the object is not shown.
    [[nodiscard]] const ObjectPlace* place_of(Address address) const;
};

// In the order in which `roots` (the addresses in names, as they are shown) lead to them.
[[nodiscard]] ObjectsScene layout_objects(const std::vector<PythonObject>& objects, std::span<const Address> roots,
                                          const ObjectsView& view, const Messages& words, const TextMeasure& measure);

}  // namespace procatlas
