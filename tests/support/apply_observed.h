// Folds what an observer says straight into a world, as `Recording::append` does.
#pragma once

#include "core/model/world.h"

namespace procatlas {

inline Folded apply(World& world, ObservedEvent observed) {
    const EventReadings readings{observed.memory, observed.child_memory, observed.pages};
    const Event event = take_kept(observed);
    return apply(world, event, readings);
}

}  // namespace procatlas
