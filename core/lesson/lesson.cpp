#include "core/lesson/lesson.h"

#include <charconv>
#include <string_view>

namespace procatlas {

std::string_view question_kind_name(QuestionKind kind) {
    switch (kind) {
        case QuestionKind::choice:
            return "choice";
        case QuestionKind::number:
            return "number";
        case QuestionKind::text:
            return "text";
        case QuestionKind::place:
            return "place";
        case QuestionKind::order:
            return "order";
        case QuestionKind::tree:
            return "tree";
        case QuestionKind::fill:
            return "fill";
    }
    return {};
}

std::string_view place_name(PlaceOf place) {
    switch (place) {
        case PlaceOf::region:
            return "region";
        case PlaceOf::page:
            return "page";
        case PlaceOf::frame:
            return "frame";
        case PlaceOf::line:
            return "line";
        case PlaceOf::process:
            return "process";
    }
    return {};
}

std::string_view lesson_grain_name(LessonGrain grain) {
    switch (grain) {
        case LessonGrain::lifecycle:
            return "lifecycle";
        case LessonGrain::memory:
            return "memory";
        case LessonGrain::calls:
            return "calls";
        case LessonGrain::lines:
            return "lines";
        case LessonGrain::instructions:
            return "instructions";
    }
    return {};
}

std::string process_label(std::size_t process) {
    return process == 0 ? "P" : "C" + std::to_string(process);
}

std::optional<std::size_t> parse_process_label(std::string_view label) {
    if (label == "P" || label == "p") {
        return 0;
    }
    std::size_t number = 0;
    if (!label.starts_with('C') && !label.starts_with('c')) {
        return std::nullopt;
    }
    const char* const end = label.data() + label.size();
    const auto [stop, error] = std::from_chars(label.data() + 1, end, number);
    constexpr std::size_t most = 10'000;
    return error == std::errc() && stop == end && number > 0 && number < most ? std::optional(number) : std::nullopt;
}

std::string plain_text(const Prose& prose) {
    std::string text;
    for (const Span& span : prose.spans) {
        text += span.text;
    }
    return text;
}

}  // namespace procatlas
