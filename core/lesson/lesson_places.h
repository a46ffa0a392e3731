// Places that a question can ask for, and what an answer calls them. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/lesson/judge.h"
#include "core/lesson/lesson.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"

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

// All places of a kind that somebody can name at a moment, more than are listed.
struct KnownPlaces {
    PlaceOf of = PlaceOf::region;
    std::vector<std::string> names;    // kinds of regions, functions of frames, or processes; in small or capital letters
                                       // alike, but for functions
    std::vector<AddressRange> mapped;  // where pages can be, ascending, of all processes together
    ByteCount page_size = 0;
    std::optional<std::uint64_t> last_line;  // nullopt: not known
    std::vector<std::string> processes;      // whose it may be
};
[[nodiscard]] KnownPlaces known_places(const Recording& recording, const World& world, PlaceOf of);

// What a person typed for a place of that kind, as the answer to it; of an address within a page, the page. nullopt: there is
// no such place in `world`, so it was no prediction but a slip of the keyboard.
[[nodiscard]] std::optional<AnswerWords> known_place(const Recording& recording, const World& world, PlaceOf of,
                                                     AnswerWords typed);
// The sentence that says so, with the names of those that are there. `typed`: safe to show.
[[nodiscard]] std::string no_place_text(const Recording& recording, const World& world, PlaceOf of, std::string_view typed,
                                        const Messages& words);

}  // namespace procatlas
