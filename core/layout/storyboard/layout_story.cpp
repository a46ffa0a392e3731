#include "core/layout/storyboard/layout_story.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/layout/layout_context.h"
#include "core/layout/memory/memory_column.h"
#include "core/layout/process_role.h"
#include "core/layout/stage/layout_stage.h"
#include "core/layout/stage/stage_places.h"
#include "core/narrate/family_names.h"
#include "core/narrate/headline.h"
#include "core/scene/wrap_text.h"

namespace procatlas {
namespace {

constexpr float between_steps = 26;
constexpr float below_heading = 12;
constexpr float mark_bar = 4;    // its width
constexpr float mark_gap = 16;   // between the mark in a heading and the moment
constexpr float mark_inset = 7;  // between the edge of that mark and its word

float mark_width(const Messages& words, const TextMeasure& measure) {
    return measure.width(words.text("story.here"), TextStyle::small) + 2 * mark_inset;
}

class StoryLayout {
public:
    StoryLayout(const Recording& recording, const StoryView& view, const Messages& words, const TextMeasure& measure)
        : recording_(recording), view_(view), words_(words), measure_(measure) {}

    StoryboardScene run(std::span<const StoryStep> story) {
        for (const StoryStep& step : story) {
            add_step(step);
        }
        board_.scene.width = view_.width;
        board_.scene.height = y_;
        return std::move(board_);
    }

private:
    void add_step(const StoryStep& step) {
        const World world = recording_.world_at(step.moment);
        const LayoutContext context{recording_, world, step.moment, words_, measure_};
        std::vector<StageColumn> columns;
        for (const std::size_t process : distinct_memories(world, step.processes)) {
            if (columns.size() < stage_columns_that_fit(step_width())) {
                columns.push_back(stage_column(context, process));
            }
        }
        if (columns.empty()) {
            return;
        }
        y_ += board_.steps.empty() ? 0 : between_steps;
        const float top = y_;
        add_heading(step, context);
        const StageView stage{
            .width = step_width(), .height = std::max(view_.height - (y_ - top), least_stage), .selected = {}};
        board_.scene.append(layout_stage(context, columns, stage), {view_.margin, y_});
        y_ = board_.scene.height;
        board_.steps.push_back({{0, top, view_.width, y_ - top}, step.moment});
    }

    // "2. After fork", the moment, and below them who did what.
    void add_heading(const StoryStep& step, const LayoutContext& context) {
        const std::string number = std::to_string(board_.steps.size() + 1) + ".  ";
        const std::string moment = words_.format("story.moment", step.moment);
        const float right = view_.width - measure_.width(moment, TextStyle::small);
        const float mark = view_.margin > 0 ? mark_width(words_, measure_) + mark_gap : 0;
        label({view_.margin, y_}, number + words_.format(story_part_key(step.part), step.moment), TextStyle::title, Role::text,
              right - mark - view_.margin - 10);
        label({right, y_ + 4}, moment, TextStyle::small, Role::muted, view_.width);
        y_ += measure_.line_height(TextStyle::title) + 4;

        const std::vector<std::string> names = family_names(context.world);
        const bool before =
            step.part == StoryPart::before_fork || step.part == StoryPart::before_vfork || step.part == StoryPart::before_clone;
        // Of a process that ran before, children may be there that nobody follows.
        const bool alone = before && context.world.alive_count() == 1 && !context.world.processes.front().found;
        const Headline said =
            alone ? Headline{step.processes.front(), std::string(words_.text("story.is_alone"))} : headline(context);
        float x = view_.margin;
        if (said.process) {
            const Role role = role_of_process(*said.process);
            const float width = measure_.width(names[*said.process], TextStyle::strong) + 12;
            board_.scene.boxes.push_back({.box = {x, y_, width, measure_.line_height(TextStyle::strong) + 2},
                                          .role = role,
                                          .radius = 4,
                                          .hit = {HitKind::column_header, *said.process, 0}});
            label({x + 6, y_ + 1}, names[*said.process], TextStyle::strong, role, width, true);
            x += width + 8;
        }
        label({x, y_ + 1}, said.text, TextStyle::body, Role::text, view_.width - x);
        y_ += measure_.line_height(TextStyle::body) + below_heading;
    }

    [[nodiscard]] float step_width() const { return view_.width - view_.margin; }

    void label(Point at, std::string_view text, TextStyle style, Role role, float room, bool on_fill = false) {
        board_.scene.labels.push_back({at, fit_text(text, style, room, measure_), style, role, on_fill});
    }

    static constexpr float least_stage = 300;

    const Recording& recording_;
    const StoryView& view_;
    const Messages& words_;
    const TextMeasure& measure_;
    StoryboardScene board_;
    float y_ = 0;
};

}  // namespace

StoryboardScene layout_story(const Recording& recording, std::span<const StoryStep> story, const StoryView& view,
                             const Messages& words, const TextMeasure& measure) {
    return StoryLayout(recording, view, words, measure).run(story);
}

std::optional<std::size_t> story_step_at(const StoryboardScene& board, std::size_t moment) {
    if (board.steps.empty()) {
        return std::nullopt;
    }
    const auto after = std::ranges::upper_bound(board.steps, moment, {}, &StoryPlace::moment);
    return after == board.steps.begin() ? 0 : static_cast<std::size_t>(after - board.steps.begin()) - 1;
}

void mark_story_step(StoryboardScene& board, std::size_t step, const Messages& words, const TextMeasure& measure) {
    const StoryPlace& place = board.steps[step];
    const float moment = measure.width(words.format("story.moment", place.moment), TextStyle::small);
    const float width = mark_width(words, measure);
    const Box mark{place.box.right() - moment - mark_gap - width, place.box.y + 2, width,
                   measure.line_height(TextStyle::small) + 4};
    board.scene.boxes.push_back(
        {.box = {place.box.x, place.box.y, mark_bar, place.box.height}, .role = Role::accent, .radius = 2, .hit = {}});
    board.scene.boxes.push_back({.box = mark, .role = Role::accent, .radius = 4, .hit = {}});
    board.scene.labels.push_back(
        {{mark.x + mark_inset, mark.y + 2}, std::string(words.text("story.here")), TextStyle::small, Role::accent, true});
}

}  // namespace procatlas
