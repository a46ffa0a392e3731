// What a program does before its own first function: the loader maps libraries, the interpreter reads its modules. The timeline
// draws these moments as one short stretch. Pure.
#pragma once

#include <cstddef>

#include "core/model/recording.h"

namespace procatlas {

// Moments [first, end) have the width of `width` moments; a place on the timeline is counted in such widths. first == end:
// nothing is folded, and a place is a moment.
struct StartupStretch {
    std::size_t first = 0;
    std::size_t end = 0;
    double width = 1;

    [[nodiscard]] bool empty() const { return first >= end; }
    [[nodiscard]] std::size_t count() const { return end - first; }
    [[nodiscard]] double place_of(double moment) const;
    [[nodiscard]] double moment_at(double place) const;

    bool operator==(const StartupStretch&) const = default;
};

// From the exec of the program that the person named to its first function, if both were told and only start-up lies between:
// no birth, no end, no output. Empty: there is none, or it is too short to be in the way.
[[nodiscard]] StartupStretch startup_stretch(const Recording& recording);

}  // namespace procatlas
