#include "app/control/next_lesson.h"

#include <algorithm>
#include <iterator>

namespace procatlas {

namespace {

auto lesson_named(std::span<const LessonTitle> lessons, std::string_view name) {
    return std::ranges::find_if(lessons, [&](const LessonTitle& lesson) { return lesson.entry.name == name; });
}

}  // namespace

const LessonTitle* lesson_to_go_on_with(std::span<const LessonTitle> lessons, const Settings& settings) {
    const auto found = lesson_named(lessons, settings.last_lesson);
    if (found == lessons.end()) {
        return lessons.empty() ? nullptr : &lessons.front();
    }
    const auto known = settings.lessons.find(settings.last_lesson);
    const bool done = known != settings.lessons.end() && known->second.done();
    return done && std::next(found) != lessons.end() ? &*std::next(found) : &*found;
}

const LessonTitle* lesson_after(std::span<const LessonTitle> lessons, std::string_view name) {
    const auto found = lesson_named(lessons, name);
    if (found == lessons.end() || found->entry.number == 0 || std::next(found) == lessons.end()) {
        return nullptr;
    }
    return std::next(found)->entry.number == 0 ? nullptr : &*std::next(found);
}

}  // namespace procatlas
