#include "core/lesson/lesson_places.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>
#include <string_view>
#include <utility>

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

// The first words of the places of the list, each once.
std::vector<std::string> names_of(const Recording& recording, const World& world, PlaceOf of) {
    std::vector<std::string> names;
    for (const LessonPlace& place : listed_places(recording, world, of)) {
        const auto words = place_words(recording, world, place);
        if (words && std::ranges::find(names, words->front()) == names.end()) {
            names.push_back(words->front());
        }
    }
    return names;
}

std::string in_small_letters(std::string_view text) {
    std::string small(text);
    std::ranges::transform(small, small.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return small;
}

std::optional<std::string> known_name(const std::vector<std::string>& names, std::string_view typed) {
    const std::string wanted = in_small_letters(typed);
    const auto found = std::ranges::find(names, wanted, in_small_letters);
    return found == names.end() ? std::nullopt : std::optional(*found);
}

// As a whole, in decimal or behind 0x.
std::optional<std::uint64_t> whole_number(std::string_view text) {
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    text.remove_prefix(hexadecimal ? 2 : 0);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hexadecimal ? 16 : 10);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::vector<AddressRange> mapped_ranges(const Recording& recording, const World& world) {
    std::vector<AddressRange> ranges;
    for (const Process& process : world.processes) {
        for (const Region& region : regions_of(process, recording.images())) {
            ranges.push_back(region.range);
        }
    }
    std::ranges::sort(ranges, {}, &AddressRange::start);
    std::vector<AddressRange> merged;
    for (const AddressRange& range : ranges) {
        if (!merged.empty() && range.start <= merged.back().end) {
            merged.back().end = std::max(merged.back().end, range.end);
        } else {
            merged.push_back(range);
        }
    }
    return merged;
}

// Of anybody's stack, libraries too: more can be clicked than are listed.
std::vector<std::string> functions_on_stacks(const World& world) {
    std::set<std::string> functions;
    for (const Process& process : world.processes) {
        for (const ThreadState& thread : process.threads) {
            for (std::size_t i = 0; thread.stack && i < thread.stack->frames.size(); ++i) {
                functions.insert(display_text(thread.stack->frames[i]->function));
            }
        }
    }
    functions.erase("");
    return {functions.begin(), functions.end()};
}

// nullopt: where no source was read as a whole, nobody knows how many lines there are.
std::optional<std::uint64_t> longest_source(const Recording& recording) {
    std::uint64_t longest = 0;
    for (const SourceFile& source : recording.sources()) {
        if (source.cut) {
            return std::nullopt;
        }
        longest = std::max<std::uint64_t>(longest, 1 + static_cast<std::uint64_t>(std::ranges::count(source.text, '\n')));
    }
    return longest == 0 ? std::nullopt : std::optional(longest);
}

std::optional<std::string> known_word(const KnownPlaces& known, std::string_view typed) {
    const auto number = whole_number(typed);
    switch (known.of) {
        case PlaceOf::page: {
            const bool mapped = number && std::ranges::any_of(known.mapped, [&](const AddressRange& range) {
                                    return range.start <= *number && *number < range.end;
                                });
            return mapped ? std::optional(hex_address(*number / known.page_size * known.page_size)) : std::nullopt;
        }
        case PlaceOf::line: {
            const bool there = number && *number > 0 && (!known.last_line || *number <= *known.last_line);
            return there ? std::optional(std::to_string(*number)) : std::nullopt;
        }
        case PlaceOf::frame: {
            const auto found = std::ranges::find(known.names, typed);
            return found == known.names.end() ? std::nullopt : std::optional(*found);
        }
        case PlaceOf::region:
        case PlaceOf::process:
            break;
    }
    return known_name(known.names, typed);
}

}  // namespace

KnownPlaces known_places(const Recording& recording, const World& world, PlaceOf of) {
    KnownPlaces known;
    known.of = of;
    known.names = of == PlaceOf::frame ? functions_on_stacks(world) : names_of(recording, world, of);
    known.mapped = of == PlaceOf::page ? mapped_ranges(recording, world) : std::vector<AddressRange>();
    known.page_size = recording.pages().page_size();
    known.last_line = of == PlaceOf::line ? longest_source(recording) : std::nullopt;
    known.processes = names_of(recording, world, PlaceOf::process);
    return known;
}

std::optional<AnswerWords> known_place(const Recording& recording, const World& world, PlaceOf of, AnswerWords typed) {
    if (typed.empty() || typed.size() > 2) {
        return std::nullopt;
    }
    const KnownPlaces known = known_places(recording, world, of);
    auto word = known_word(known, typed.front());
    if (!word) {
        return std::nullopt;
    }
    typed.front() = std::move(*word);
    if (typed.size() == 2) {
        auto process = known_name(known.processes, typed[1]);
        if (!process) {
            return std::nullopt;
        }
        typed[1] = std::move(*process);
    }
    return typed;
}

std::string no_place_text(const Recording& recording, const World& world, PlaceOf of, std::string_view typed,
                          const Messages& words) {
    const std::string names = fmt::format("{}", fmt::join(names_of(recording, world, of), ", "));
    return words.format(fmt::format("lesson.no_{}", place_name(of)), first_characters(typed, 40), names);
}

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
