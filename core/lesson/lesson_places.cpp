#include "core/lesson/lesson_places.h"

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "core/model/frame_number.h"
#include "core/model/region.h"
#include "core/narrate/family_names.h"

namespace procatlas {
namespace {

std::optional<std::string> place_word(const Recording& recording, const Process& process, const LessonPlace& place) {
    switch (place.of) {
        case PlaceOf::region: {
            const std::vector<Region> regions = regions_of(process, recording.images());
            const auto found = std::ranges::find_if(regions, [&](const Region& region) {
                return region.range.start <= place.which && place.which < region.range.end;
            });
            return found == regions.end() ? std::nullopt : std::optional(std::string(region_kind_name(found->kind)));
        }
        case PlaceOf::page:
            return hex_address(place.which);
        case PlaceOf::frame: {
            const StackFrame* const frame = frame_with(process, place.which);
            return frame && !frame->function.empty() ? std::optional(display_text(frame->function)) : std::nullopt;
        }
        case PlaceOf::line:
            return std::to_string(place.which);
        case PlaceOf::process:
            break;
    }
    return std::nullopt;
}

}  // namespace

std::optional<AnswerWords> place_words(const Recording& recording, const World& world, const LessonPlace& place) {
    if (place.process >= world.processes.size()) {
        return std::nullopt;
    }
    std::string name = family_name(world, place.process);
    if (place.of == PlaceOf::process) {
        return AnswerWords{std::move(name)};
    }
    auto word = place_word(recording, world.processes[place.process], place);
    return word ? std::optional(AnswerWords{std::move(*word), std::move(name)}) : std::nullopt;
}

std::vector<LessonPlace> listed_places(const Recording& recording, const World& world, PlaceOf of) {
    constexpr std::size_t most = 40;
    std::vector<LessonPlace> listed;
    for (std::size_t i = 0; i < world.processes.size(); ++i) {
        const Process& process = world.processes[i];
        if (of == PlaceOf::process) {
            listed.push_back({of, i, 0});
        } else if (of == PlaceOf::region) {
            std::set<RegionKind> known;
            for (const Region& region : regions_of(process, recording.images())) {
                if (known.insert(region.kind).second) {
                    listed.push_back({of, i, region.range.start});
                }
            }
        }
        for (std::size_t thread = 0; of == PlaceOf::frame && thread < process.threads.size(); ++thread) {
            const Stack* const stack = process.threads[thread].stack.get();
            for (std::size_t frame = 0; stack && frame < stack->frames.size(); ++frame) {
                if (stack->frames[frame]->own && !stack->frames[frame]->library) {
                    listed.push_back({of, i, frame_number(thread, frame)});
                }
            }
        }
    }
    listed.resize(std::min(listed.size(), most));
    return listed;
}

}  // namespace procatlas
