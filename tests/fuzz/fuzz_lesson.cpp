#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/text.h"
#include "core/lesson/judge.h"
#include "core/lesson/parse_lesson.h"
#include "core/lesson/tree_shape.h"
#include "core/lesson/walk.h"
#include "tests/fuzz/require.h"

namespace {

using namespace procatlas;

void require_safe(const std::vector<Prose>& text) {
    for (const Prose& prose : text) {
        for (const Span& span : prose.spans) {
            REQUIRE(display_text(span.text, prose.kind == ProseKind::code) == span.text);
        }
    }
}

}  // namespace

// Whatever the text, it is refused with a line or becomes a lesson that can be shown and walked.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)tree_shape(text);
    auto lesson = parse_lesson(text, "lesson.en.md");
    if (!lesson) {
        REQUIRE(lesson.error().message.starts_with("lesson.en.md:"));
        (void)parse_translation(text, "lesson.ko.md");
        return 0;
    }
    require_safe(lesson->text);
    for (const LessonStep& step : lesson->steps) {
        require_safe(step.text);
        if (step.question) {
            (void)parse_typed_answer(*step.question, text);
        }
    }
    if (const auto words = parse_translation(text, "lesson.ko.md")) {
        (void)translated(*lesson, *words);
    }
    LessonWalk walk(std::move(*lesson));
    do {
        (void)walk.show();
        (void)walk.veils();
        walk.answer({}, Verdict{}, 0);
    } while (walk.next());
    return 0;
}
