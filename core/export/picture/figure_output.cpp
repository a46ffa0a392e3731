#include "core/export/picture/figure_output.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/narrate/output_log.h"
#include "core/scene/wrap_text.h"

namespace procatlas {

namespace {

constexpr std::size_t most_rows = 24;
constexpr float row_step = 21;
constexpr float badge_pad = 6;
constexpr float gap = 10;

struct Row {
    std::size_t line = 0;
    std::string text;
    bool first = false;  // the first row of its line
};

class OutputLayout {
public:
    OutputLayout(const OutputLog& log, const World& world, float width, const Messages& words, const TextMeasure& measure)
        : lines_(log.lines()), world_(world), words_(words), measure_(measure) {
        for (const OutputLine& line : lines_) {
            badge_ = std::max(badge_, measure.width(pid_of(line), TextStyle::mono_small) + 2 * badge_pad);
        }
        stderr_ = measure.width(words.text("output.stderr"), TextStyle::small) + gap;
        text_width_ = std::max(width - badge_ - gap, 80.0F);
    }

    Scene run() {
        // Goes from the last line backwards, so that it wraps only what is shown.
        std::vector<Row> rows;  // last first
        std::size_t line = lines_.size();
        while (line > 0 && rows.size() < most_rows) {
            add_rows(--line, rows);
        }
        if (line > 0) {
            note(words_.format("figure.lines_before", line));
        }
        std::for_each(rows.rbegin(), rows.rend(), [&](const Row& row) { add_row(row); });
        if (lines_.empty()) {
            note(std::string(words_.text("text.no_output")));
        }
        scene_.height = y_;
        return std::move(scene_);
    }

private:
    std::string pid_of(const OutputLine& line) const {
        return line.process == OutputLine::nobody ? "?" : std::to_string(world_.processes[line.process].key.pid);
    }

    static bool is_error(const OutputLine& line) { return line.stream == OutputStream::standard_error; }

    void add_rows(std::size_t index, std::vector<Row>& rows) const {
        const OutputLine& line = lines_[index];
        const float room = text_width_ - (is_error(line) ? stderr_ : 0);
        std::vector<std::string> wrapped = wrap_text(line.text, TextStyle::mono, room, measure_, most_rows);
        if (wrapped.empty()) {
            wrapped.emplace_back();
        }
        if (line.cut > 0) {
            wrapped.push_back(words_.format("output.cut", size_text(line.cut)));
        }
        for (std::size_t i = wrapped.size(); i-- > 0;) {
            rows.push_back({index, std::move(wrapped[i]), i == 0});
        }
    }

    void add_row(const Row& row) {
        const OutputLine& line = lines_[row.line];
        const bool error = is_error(line);
        if (row.first) {
            add_badge(pid_of(line));
            if (error) {
                label(badge_ + gap, TextStyle::small, std::string(words_.text("output.stderr")), Role::muted);
            }
        }
        label(badge_ + gap + (error ? stderr_ : 0), TextStyle::mono, row.text, error ? Role::warning : Role::text);
        y_ += row_step;
    }

    void add_badge(const std::string& pid) {
        const Box box{0, y_ + 1, badge_, row_step - 4};
        scene_.boxes.push_back(
            {.box = box, .role = Role::card, .outline = Role::link, .radius = 4, .outlined = true, .hit = {}});
        label((badge_ - measure_.width(pid, TextStyle::mono_small)) / 2, TextStyle::mono_small, pid, Role::text);
    }

    void note(std::string text) {
        label(0, TextStyle::small, std::move(text), Role::muted);
        y_ += row_step;
    }

    // Centres a label in the row's height.
    void label(float x, TextStyle style, std::string text, Role role) {
        if (!text.empty()) {
            scene_.labels.push_back({{x, y_ + (row_step - 2 - measure_.line_height(style)) / 2}, std::move(text), style, role});
        }
    }

    const std::vector<OutputLine>& lines_;
    const World& world_;
    const Messages& words_;
    const TextMeasure& measure_;
    Scene scene_;
    float badge_ = 0;
    float stderr_ = 0;
    float text_width_ = 0;
    float y_ = 0;
};

}  // namespace

Scene layout_figure_output(const LayoutContext& context, float width) {
    const auto& [recording, world, moment, words, measure] = context;

    OutputLog log;
    log.follow(recording, moment);
    return OutputLayout(log, world, width, words, measure).run();
}

}  // namespace procatlas
