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

std::optional<std::string> known_page(const Recording& recording, const World& world, std::string_view typed) {
    const auto address = whole_number(typed);
    const bool mapped = address && std::ranges::any_of(world.processes, [&](const Process& process) {
                            return find_region(regions_of(process, recording.images()), *address) != nullptr;
                        });
    const ByteCount size = recording.pages().page_size();
    return mapped ? std::optional(hex_address(*address / size * size)) : std::nullopt;
}

// Of anybody's stack, libraries too: more can be clicked than are listed.
std::optional<std::string> known_frame(const World& world, std::string_view typed) {
    for (const Process& process : world.processes) {
        for (const ThreadState& thread : process.threads) {
            for (std::size_t i = 0; thread.stack && i < thread.stack->frames.size(); ++i) {
                if (std::string name = display_text(thread.stack->frames[i]->function); !name.empty() && name == typed) {
                    return name;
                }
            }
        }
    }
    return std::nullopt;
}

// Where no source was read, nobody knows how many lines there are.
std::optional<std::string> known_line(const Recording& recording, std::string_view typed) {
    const auto number = whole_number(typed);
    std::uint64_t longest = 0;
    bool whole = true;
    for (const SourceFile& source : recording.sources()) {
        longest = std::max<std::uint64_t>(longest, 1 + static_cast<std::uint64_t>(std::ranges::count(source.text, '\n')));
        whole = whole && !source.cut;
    }
    const bool known = number && *number > 0 && (!whole || longest == 0 || *number <= longest);
    return known ? std::optional(std::to_string(*number)) : std::nullopt;
}

std::optional<std::string> known_word(const Recording& recording, const World& world, PlaceOf of, std::string_view typed) {
    switch (of) {
        case PlaceOf::page:
            return known_page(recording, world, typed);
        case PlaceOf::line:
            return known_line(recording, typed);
        case PlaceOf::frame:
            return known_frame(world, typed);
        case PlaceOf::region:
        case PlaceOf::process:
            break;
    }
    return known_name(names_of(recording, world, of), typed);
}

}  // namespace

std::optional<AnswerWords> known_place(const Recording& recording, const World& world, PlaceOf of, AnswerWords typed) {
    if (typed.empty() || typed.size() > 2) {
        return std::nullopt;
    }
    auto word = known_word(recording, world, of, typed.front());
    if (!word) {
        return std::nullopt;
    }
    typed.front() = std::move(*word);
    if (typed.size() == 2) {
        auto process = known_name(names_of(recording, world, PlaceOf::process), typed[1]);
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
