#include "core/lesson/lesson.h"

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

std::string plain_text(const Prose& prose) {
    std::string text;
    for (const Span& span : prose.spans) {
        text += span.text;
    }
    return text;
}

}  // namespace procatlas
