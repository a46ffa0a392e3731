// Places that a question can ask for, and what an answer calls them. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/lesson/judge.h"
#include "core/lesson/lesson.h"
#include "core/model/recording.h"

namespace procatlas {

struct LessonPlace {
    PlaceOf of = PlaceOf::region;
    std::size_t process = 0;
    // region: an address in it. page: its first byte. frame: frame_number (model/frame_number.h). line: its number. process: 0.
    std::uint64_t which = 0;

    bool operator==(const LessonPlace&) const = default;
};

// With the process as the last word. nullopt: there is no such place in `world`, which is one of `recording`.
[[nodiscard]] std::optional<AnswerWords> place_words(const Recording& recording, const World& world, const LessonPlace& place);

// Those that can be told from one another by a short list, for who cannot click: each kind of region, the student's own frames
// from the innermost on, processes. Pages and lines are too many: none.
[[nodiscard]] std::vector<LessonPlace> listed_places(const Recording& recording, const World& world, PlaceOf of);

}  // namespace procatlas
