#include "core/layout/inside/layout_interpreter.h"

#include <string>

#include "core/base/text.h"

namespace procatlas {

namespace {

constexpr float interpreter_row = 24;
constexpr float interpreter_gap = 3;
constexpr float interpreter_title = 24;
constexpr float interpreter_inset = 8;

}  // namespace

Scene layout_interpreter(const Stack& stack, float width, const Messages& words, const TextMeasure& measure) {
    Scene scene;
    scene.labels.push_back({{0, 2}, std::string(words.text("stack.interpreter")), TextStyle::small, Role::muted});
    float y = interpreter_title;
    const float line = measure.line_height(TextStyle::mono_small);
    for (auto frame = stack.frames.rbegin(); frame != stack.frames.rend(); ++frame) {
        const StackFrame& one = **frame;
        if (one.language == FrameLanguage::python) {
            continue;
        }
        scene.boxes.push_back({.box = {0, y, width, interpreter_row}, .role = Role::shared_library, .radius = 4, .hit = {}});
        const std::string place = hex_address(one.extent.start) + " · " + size_text(one.extent.size());
        const float place_width = measure.width(place, TextStyle::mono_small);
        const float top = y + (interpreter_row - line) / 2;
        const std::string name = one.function.empty() ? words.format("stack.nameless", hex_address(one.program_counter))
                                                      : display_text(one.function);
        scene.labels.push_back({{interpreter_inset, top},
                                fit_text(name, TextStyle::mono_small, width - place_width - 3 * interpreter_inset, measure),
                                TextStyle::mono_small,
                                Role::shared_library,
                                true});
        scene.labels.push_back(
            {{width - interpreter_inset - place_width, top}, place, TextStyle::mono_small, Role::shared_library, true});
        y += interpreter_row + interpreter_gap;
    }
    scene.width = width;
    scene.height = y;
    return scene;
}

}  // namespace procatlas
