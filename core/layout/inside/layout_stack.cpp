#include "core/layout/inside/layout_stack.h"
#include "core/narrate/function_name.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/layout/inside/variable_rows.h"
#include "core/model/inside_moment.h"
#include "core/narrate/reasons.h"
#include "core/scene/inside_things.h"

namespace procatlas {
namespace {

constexpr float frame_header = 26;
constexpr float frame_gap = 6;
constexpr float fold_height = 30;
constexpr float stack_line = 22;
constexpr std::size_t stale_rows = 4;
constexpr std::size_t word_size = 8;

// From the outermost frame inwards: a frame of the program, a run of frames of libraries, or folded frames. Of a library only
// the innermost frame is shown as one of the program, if it was compiled into it.
struct Item {
    enum class Kind { frame, libraries, fold } kind = Kind::frame;
    std::size_t first = 0;  // index in Stack::frames, which starts with the innermost
    std::size_t last = 0;   // index of the outer end, inclusive
};

std::vector<Item> items_of(const Stack& stack, std::size_t most) {
    std::vector<Item> items;
    for (std::size_t i = stack.frames.size(); i-- > 0;) {
        if (stack.frames[i]->own && !stack.frames[i]->file.empty() && (i == 0 || !stack.frames[i]->library)) {
            items.push_back({Item::Kind::frame, i, i});
        } else if (!items.empty() && items.back().kind == Item::Kind::libraries) {
            items.back().first = i;
        } else {
            items.push_back({Item::Kind::libraries, i, i});
        }
    }
    if (items.size() > most && most >= 4) {
        // Outer frames do not move when functions are called. Inner frames show what happens now.
        const std::size_t outer = most / 3;
        const std::size_t inner = most - outer;
        const Item fold{Item::Kind::fold, items[items.size() - inner - 1].first, items[outer].last};
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(outer), items.end() - static_cast<std::ptrdiff_t>(inner));
        items.insert(items.begin() + static_cast<std::ptrdiff_t>(outer), fold);
    }
    return items;
}

std::string frame_name(const StackFrame& frame) {
    return frame.function.empty() ? hex_address(frame.program_counter) : display_text(frame.function);
}

class StackLayout {
public:
    StackLayout(const Stack& stack, Address stack_pointer, const StackView& view, const Messages& words,
                const TextMeasure& measure)
        : stack_(stack), sp_(stack_pointer), view_(view), words_(words), measure_(measure) {}

    StackScene run() {
        const bool of_python = is_of_python(stack_);
        line_text(words_.text(of_python ? "stack.python_outermost" : "stack.high"));
        for (const Item& item : items_of(stack_, view_.most_frames)) {
            switch (item.kind) {
                case Item::Kind::frame:
                    add_frame(item.first);
                    break;
                case Item::Kind::libraries:
                    add_libraries(item);
                    break;
                case Item::Kind::fold:
                    add_fold(item);
                    break;
            }
        }
        if (!stack_.why_cut.empty()) {
            line_text(words_.format("stack.cut", display_text(reason_text(stack_.why_cut, words_))));
        }
        if (!of_python) {
            add_stack_pointer();
            add_move();
            if (view_.bytes) {
                add_stale();
            }
        }
        line_text(words_.text(of_python ? "stack.python_innermost" : "stack.low"));
        made_.scene.width = view_.width;
        made_.scene.height = y_;
        return std::move(made_);
    }

private:
    Scene& scene() { return made_.scene; }

    void text(float x, float y, const std::string& what, TextStyle style, Role role, float room, bool on_fill = false) {
        SceneLabel label = fitted_label({{x, y}, what, style, role, on_fill}, room, measure_);
        if (!label.text.empty()) {
            scene().labels.push_back(std::move(label));
        }
    }

    void line_text(std::string_view what) {
        text(0, y_ + 2, std::string(what), TextStyle::small, Role::muted, view_.width);
        y_ += stack_line;
    }

    // The same frame at the previous moment; null: it was pushed since.
    const StackFrame* before_of(std::size_t index) const {
        if (!view_.before) {
            return nullptr;
        }
        const StackFrame& frame = *stack_.frames[index];
        if (frame.language == FrameLanguage::python) {  // it has no address: it is known by its place from the outermost on
            const std::size_t outer = stack_.frames.size() - index;
            const auto& then = view_.before->frames;
            const bool same = outer <= then.size() && then[then.size() - outer]->function == frame.function &&
                              then[then.size() - outer]->language == frame.language;
            return same ? then[then.size() - outer].get() : nullptr;
        }
        const auto found = std::ranges::find_if(view_.before->frames, [&](const auto& f) {
            return f->extent.end == frame.extent.end && f->function == frame.function;
        });
        return found == view_.before->frames.end() ? nullptr : found->get();
    }

    void add_frame(std::size_t index) {
        const StackFrame& frame = *stack_.frames[index];
        const StackFrame* then = before_of(index);
        const bool pushed = view_.before && !then;
        const float top = y_;
        const std::size_t outline = scene().boxes.size();
        scene().boxes.push_back({});  // set below, once its height is known
        scene().boxes.push_back({.box = {0, y_, view_.width, frame_header}, .role = Role::stack, .radius = 5, .hit = {}});
        const float line = measure_.line_height(TextStyle::strong);
        const float text_y = y_ + (frame_header - line) / 2;
        const std::string range = frame.language == FrameLanguage::python ? std::string()
                                  : is_inlined(stack_, index)
                                      ? std::string(words_.text("stack.inlined"))
                                      : address_text(frame.extent.start, true) + " – " + address_text(frame.extent.end, true) +
                                            " · " + size_text(frame.extent.size());
        const float range_width = measure_.width(range, TextStyle::mono_small);
        text(view_.width - 10 - range_width, y_ + (frame_header - measure_.line_height(TextStyle::mono_small)) / 2, range,
             TextStyle::mono_small, Role::stack, range_width + 1, true);
        std::string title = with_brackets(frame_name(frame));
        if (frame.library) {
            title += "  " + std::string(words_.text("stack.of_library"));
        }
        if (frame.optimised) {
            title += "  " + std::string(words_.text("stack.optimised"));
        }
        if (pushed) {
            title += "  " + std::string(words_.text("stack.pushed"));
        }
        const float room = view_.width - 30 - range_width;
        text(12, text_y, title, TextStyle::strong, Role::stack, room, true);
        const float title_width = measure_.width(title, TextStyle::strong);
        if (!frame.file.empty()) {
            const std::string place = display_text(base_name(frame.file)) + ":" + std::to_string(frame.line);
            text(22 + title_width, text_y + line - measure_.line_height(TextStyle::small) - 1, place, TextStyle::small,
                 Role::stack, room - title_width - 10, true);
        }
        y_ += frame_header + 2;
        VariableRows rows(made_, view_.width, words_, measure_, frame.language, frame.function);
        const std::span<const Variable> old = then ? std::span<const Variable>(then->variables) : std::span<const Variable>();
        y_ = rows.add(frame.variables, old, then != nullptr, y_);
        if (frame.return_address != 0) {
            y_ = rows.add_plain(words_.text("stack.return_address"), address_text(frame.return_address, true), y_);
        }
        y_ += 2;
        scene().boxes[outline] = {.box = {0, top, view_.width, y_ - top},
                                  .role = Role::card,
                                  .outline = Role::frame,
                                  .radius = 5,
                                  .outlined = true,
                                  .hit = {}};
        scene().things.push_back({{0, top, view_.width, frame_header}, thing_of(frame)});
        if (index == 0) {
            scene().boxes.push_back(
                {.box = {0, top, view_.width, y_ - top}, .radius = 5, .filled = false, .selected = true, .hit = {}});
        }
        y_ += frame_gap;
    }

    void add_libraries(const Item& item) {
        std::string names;
        for (std::size_t i = item.last + 1; i-- > item.first && names.size() < 200;) {
            names += (names.empty() ? "" : " → ") + frame_name(*stack_.frames[i]);
        }
        add_strip(words_.format("stack.libraries", names), false);
    }

    void add_fold(const Item& item) {
        const std::size_t count = item.last - item.first + 1;
        add_strip(words_.format("stack.folded", count, frame_name(*stack_.frames[item.last])), true);
    }

    void add_strip(const std::string& what, bool dashed) {
        scene().boxes.push_back({.box = {0, y_, view_.width, fold_height - frame_gap},
                                 .role = Role::card,
                                 .outline = Role::frame,
                                 .radius = 5,
                                 .outlined = true,
                                 .dashed = dashed,
                                 .hit = {}});
        text(12, y_ + (fold_height - frame_gap - measure_.line_height(TextStyle::small)) / 2, what, TextStyle::small,
             Role::muted, view_.width - 24);
        y_ += fold_height;
    }

    void add_stack_pointer() {
        if (sp_ == 0) {
            return;
        }
        const std::string what = words_.format("stack.pointer", address_text(sp_, true));
        const float line = measure_.line_height(TextStyle::mono);
        scene().links.push_back({{{0, y_ + 1}, {view_.width, y_ + 1}}, Role::accent});
        scene().marks.push_back({{6, y_ + 6 + line / 2}, 4, MarkShape::disc, Role::accent});
        text(16, y_ + 5, what, TextStyle::mono, Role::accent, view_.width - 16);
        y_ += line + 12;
    }

    // Shows what the last instruction pushed or popped, byte by byte.
    void add_move() {
        constexpr ByteCount most_shown = 32;
        const Address then = view_.stack_pointer_before;
        if (then == 0 || then == sp_ || sp_ == 0) {
            return;
        }
        const bool pushed = sp_ < then;
        const AddressRange moved{std::min(sp_, then), std::max(sp_, then)};
        const std::string what =
            words_.format(pushed ? "stack.push" : "stack.pop", address_text(then, true), address_text(sp_, true), moved.size());
        const float line = measure_.line_height(TextStyle::small);
        scene().boxes.push_back({.box = {0, y_, view_.width, line * 2 + 12},
                                 .role = Role::card,
                                 .outline = Role::accent,
                                 .radius = 5,
                                 .outlined = true,
                                 .hit = {}});
        text(12, y_ + 4, what, TextStyle::small, Role::text, view_.width - 24);
        const bool known = moved.start >= stack_.bytes_start && moved.end - stack_.bytes_start <= stack_.bytes.size();
        const std::string bytes =
            !view_.bytes ? std::string()
            : known      ? hex_text(std::string_view(stack_.bytes)
                                        .substr(moved.start - stack_.bytes_start, std::min(moved.size(), most_shown))) +
                          (moved.size() > most_shown ? " …" : "")
                    : std::string(words_.text("bytes.left_out"));
        text(12, y_ + 7 + line, bytes, TextStyle::mono_small, pushed ? Role::accent : Role::muted, view_.width - 24);
        y_ += line * 2 + 12 + frame_gap;
    }

    // Shows the bytes below the stack pointer, left over from calls that returned.
    void add_stale() {
        if (sp_ < stack_.bytes_start + word_size || sp_ - stack_.bytes_start > stack_.bytes.size()) {
            return;
        }
        const Address in_use = lowest_in_use(stack_, sp_);
        if (in_use < sp_) {
            text(12, y_, std::string(words_.text("stack.red_zone")), TextStyle::small, Role::muted, view_.width - 24);
            y_ += measure_.line_height(TextStyle::small) + 4;
        }
        if (in_use < stack_.bytes_start + word_size) {
            return;
        }
        std::size_t at = in_use - stack_.bytes_start;
        VariableRows rows(made_, view_.width, words_, measure_);
        text(12, y_, std::string(words_.text("stack.stale")), TextStyle::small, Role::muted, view_.width - 24);
        y_ += measure_.line_height(TextStyle::small) + 2;
        for (std::size_t row = 0; row < stale_rows && at >= word_size; ++row) {
            at -= word_size;
            y_ = rows.add_plain(hex_text(std::string_view(stack_.bytes).substr(at, word_size)),
                                address_text(stack_.bytes_start + at, true), y_, TextStyle::mono_small);
        }
    }

    const Stack& stack_;
    Address sp_;
    const StackView& view_;
    const Messages& words_;
    const TextMeasure& measure_;
    StackScene made_;
    float y_ = 0;
};

}  // namespace

StackScene layout_stack(const Stack& stack, Address stack_pointer, const StackView& view, const Messages& words,
                        const TextMeasure& measure) {
    return StackLayout(stack, stack_pointer, view, words, measure).run();
}

StackScene layout_variables(std::span<const Variable> variables, std::span<const Variable> before, float width,
                            std::string_view heading, Role role, const Messages& words, const TextMeasure& measure,
                            FrameLanguage language) {
    StackScene made;
    made.scene.boxes.push_back({});
    made.scene.boxes.push_back({.box = {0, 0, width, frame_header}, .role = role, .radius = 5, .hit = {}});
    const float line = measure.line_height(TextStyle::strong);
    made.scene.labels.push_back({{12, (frame_header - line) / 2}, std::string(heading), TextStyle::strong, role, true});
    const float bottom =
        VariableRows(made, width, words, measure, language).add(variables, before, !before.empty(), frame_header + 2) + 2;
    made.scene.boxes.front() = {
        .box = {0, 0, width, bottom}, .role = Role::card, .outline = Role::frame, .radius = 5, .outlined = true, .hit = {}};
    made.scene.width = width;
    made.scene.height = bottom;
    return made;
}

}  // namespace procatlas
