#include "core/export/paper/flow.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/base/text.h"

namespace procatlas {
namespace {

constexpr float leading = 1.35F;  // of a line's height

class Flow {
public:
    Flow(float width, const TextMeasure& measure, const FlowStyles& styles)
        : width_(width), measure_(measure), styles_(styles), height_(measure.line_height(styles.plain) * leading) {
        begin_line();
    }

    void add(const SheetSpan& span) {
        std::string_view text = span.text;
        const TextStyle style = style_of(span.style);
        while (!text.empty()) {
            const char first = text.front();
            if (first == '\n') {
                begin_line();
                text.remove_prefix(1);
            } else if (first == ' ') {
                const std::size_t size = std::min(text.find_first_not_of(' '), text.size());
                blank_ = measure_.width(" ", style) * static_cast<float>(span.style == SheetStyle::code ? size : 1);
                text.remove_prefix(size);
            } else {
                const std::size_t size = std::min(text.find_first_of(" \n"), text.size());
                add_word(text.substr(0, size), style);
                text.remove_prefix(size);
            }
        }
    }

    std::vector<Scene> take() { return std::move(lines_); }

private:
    TextStyle style_of(SheetStyle style) const {
        switch (style) {
            case SheetStyle::plain:
                return styles_.plain;
            case SheetStyle::strong:
                return styles_.strong;
            case SheetStyle::code:
                return styles_.code;
        }
        return styles_.plain;
    }

    void begin_line() {
        Scene& line = lines_.emplace_back();
        line.width = width_;
        line.height = height_;
        x_ = 0;
        blank_ = 0;
    }

    void add_word(std::string_view word, TextStyle style) {
        if (x_ + blank_ > 0 && fitting_bytes(word, style, width_ - x_ - blank_, measure_) < word.size()) {
            begin_line();
        }
        // A word that is longer than a line is cut; of each line at least one letter.
        for (std::size_t fits = 0; (fits = fitting_bytes(word, style, width_, measure_)) < word.size();) {
            if (fits == 0) {
                std::ignore = next_code_point(word, fits);
            }
            place(word.substr(0, fits), style);
            word.remove_prefix(fits);
            begin_line();
        }
        place(word, style);
    }

    void place(std::string_view word, TextStyle style) {
        x_ += std::exchange(blank_, 0.0F);
        const float drop = (height_ - measure_.line_height(style)) / 2;
        lines_.back().labels.push_back({{x_, drop}, std::string(word), style, Role::text});
        x_ += measure_.width(word, style);
    }

    float width_;
    const TextMeasure& measure_;
    FlowStyles styles_;
    float height_;
    std::vector<Scene> lines_;
    float x_ = 0;
    float blank_ = 0;  // before the next word
};

}  // namespace

std::vector<Scene> flow_text(const std::vector<SheetSpan>& spans, float width, const TextMeasure& measure,
                             const FlowStyles& styles) {
    Flow flow(width, measure, styles);
    for (const SheetSpan& span : spans) {
        flow.add(span);
    }
    return flow.take();
}

}  // namespace procatlas
