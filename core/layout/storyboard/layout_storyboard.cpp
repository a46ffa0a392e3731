#include "core/layout/storyboard/layout_storyboard.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/base/text.h"
#include "core/layout/memory/layout_memory.h"
#include "core/layout/tree/layout_tree.h"
#include "core/narrate/exec_facts.h"
#include "core/narrate/explain.h"
#include "core/narrate/process_state.h"
#include "core/scene/wrap_text.h"

namespace procatlas {
namespace {

constexpr float story_line_gap = 3;
constexpr float story_between = 12;    // captions, columns, facts
constexpr float story_group_gap = 40;  // kept free between the words of two steps

class StoryboardLayout {
public:
    StoryboardLayout(const Recording& recording, std::span<const StoryStep> story, const StoryboardView& view,
                     const Messages& words, const TextMeasure& measure)
        : recording_(recording), view_(view), words_(words), measure_(measure) {
        for (const StoryStep& step : story) {
            if (!step.processes.empty()) {
                steps_.push_back(&step);
            }
        }
    }

    StoryboardScene run() {
        if (steps_.empty()) {
            return {};
        }
        for (const StoryStep* step : steps_) {
            add_columns(*step);
        }
        MemoryView view;
        view.height = view_.height;
        view.width = std::max(memory_width(columns_.size(), view_.column_width, measure_), view_.width);
        MemoryScene memory = layout_memory(columns_, view, words_, measure_);
        Scene captions = layout_words(memory, [&](std::size_t step) { return caption(step); });
        const Scene facts = layout_words(memory, [&](std::size_t step) { return facts_of(step); });
        Scene scene = std::move(captions);
        scene.append(memory.header, {0, scene.height + story_between});
        scene.append(memory.body, {0, scene.height + 4});
        if (!facts.labels.empty()) {
            scene.append(facts, {0, scene.height + 2});
        }
        return {std::move(scene), places(memory), memory.left_out};
    }

private:
    struct Line {
        std::string text;
        TextStyle style = TextStyle::small;
        Role role = Role::text;
    };

    void add_columns(const StoryStep& step) {
        const World world = recording_.world_at(step.moment);
        const int group = static_cast<int>(worlds_.size());
        const std::vector<std::size_t> shown = distinct_memories(world, step.processes);
        for (const std::size_t process : shown) {
            MemoryColumn& column = columns_.emplace_back(memory_column(world, process, recording_.images(), words_));
            column.group = group;
            if (const auto before = last_shown(process)) {
                column.changes = changes_since(recording_, world, process, *before, words_);
            }
        }
        worlds_.push_back(world);
        shown_.push_back(shown);
    }

    // The latest earlier moment at which this process, or one that shares its memory, has a column.
    std::optional<std::size_t> last_shown(std::size_t process) const {
        for (std::size_t i = shown_.size(); i-- > 0;) {
            const auto has = [&](const std::vector<std::size_t>& list) {
                return std::ranges::find(list, process) != list.end();
            };
            if (has(shown_[i]) || has(steps_[i]->processes)) {
                return steps_[i]->moment;
            }
        }
        return std::nullopt;
    }

    std::vector<Line> caption(std::size_t index) const {
        const StoryStep& step = *steps_[index];
        const Event& event = recording_.events()[step.moment];
        const bool before = step.part == StoryPart::before_fork || step.part == StoryPart::before_vfork ||
                            step.part == StoryPart::before_clone || step.part == StoryPart::before_exec;
        // Before a fork or an exec, nothing of the story has happened yet.
        const std::string what = before
                                     ? what_there_is(worlds_[index], step.processes.front())
                                     : explain_event(event, recording_.map_read_at(step.moment).get(), worlds_[index],
                                                     recording_.images(), words_);  // the views of pages show what was copied
        const std::string name = words_.format(story_part_key(step.part), step.moment);
        std::vector<Line> lines{{std::to_string(index + 1) + ".  " + name, TextStyle::title, Role::text}};
        if (step.part != StoryPart::chosen) {  // a chosen step has no name except its moment
            lines.push_back({words_.format("story.moment", step.moment), TextStyle::small, Role::muted});
        }
        lines.push_back({what, TextStyle::body, Role::text});
        return lines;
    }

    // One program with one memory: alone, or among other living processes.
    std::string what_there_is(const World& world, std::size_t process) const {
        constexpr std::size_t most_named = 4;
        std::string others;
        std::size_t count = 0;
        for (std::size_t i = 0; i < world.processes.size(); ++i) {
            if (i != process && world.processes[i].alive() && ++count <= most_named) {
                others += (count == 1 ? "" : ", ") + std::to_string(world.processes[i].key.pid);
            }
        }
        const std::int32_t pid = world.processes[process].key.pid;
        if (count > most_named) {
            others += words_.format("story.more", count - most_named);
        }
        return count == 0 ? words_.format("story.alone", pid) : words_.format("story.among", pid, others);
    }

    // The lines below the columns: what an exec kept and replaced, or how a process ended.
    std::vector<Line> facts_of(std::size_t index) const {
        const StoryStep& step = *steps_[index];
        const World& world = worlds_[index];
        std::vector<Line> lines;
        for (const ExecFact& fact : exec_facts({recording_, world, step.moment, words_})) {
            lines.push_back({fact.heading, TextStyle::strong, Role::text});
            lines.push_back({fact.text, TextStyle::small, Role::text});
        }
        for (const std::size_t who : step.processes) {
            const Process& process = world.processes[who];
            if (process.alive()) {
                continue;
            }
            const std::string named = step.processes.size() == 1 ? "" : std::to_string(process.key.pid) + " · ";
            lines.push_back({named + state_text(process, words_), TextStyle::strong, Role::text});
            if (process.state == ProcessState::zombie) {
                lines.push_back(
                    {words_.format("story.zombie", process.key.pid, process.parent_pid), TextStyle::small, Role::text});
            }
        }
        return lines;
    }

    // From the left edge of a step's columns to that of the next step's.
    std::vector<StoryPlace> places(const MemoryScene& memory) const {
        std::vector<StoryPlace> found;
        std::size_t column = 0;
        for (std::size_t step = 0; step < steps_.size(); ++step) {
            const float left = memory.columns[column].box.x;
            column += shown_[step].size();
            const float right = column < memory.columns.size() ? memory.columns[column].box.x : memory.body.width;
            found.push_back({{left, 0, right - left, 1e6F}, steps_[step]->moment});
        }
        return found;
    }

    // The lines of each step, wrapped to the width of its columns.
    template <typename LinesOf>
    Scene layout_words(const MemoryScene& memory, LinesOf lines_of) const {
        Scene scene;
        scene.width = memory.body.width;
        std::size_t column = 0;
        for (std::size_t step = 0; step < steps_.size(); ++step) {
            const float left = memory.columns[column].box.x;
            column += shown_[step].size();
            const float right = column < memory.columns.size() ? memory.columns[column].box.x : memory.body.width;
            const float width = right - left - (column < memory.columns.size() ? story_group_gap : 0);
            float y = 0;
            for (const Line& line : lines_of(step)) {
                for (std::string& text : wrap_text(line.text, line.style, width, measure_)) {
                    scene.labels.push_back({{left, y}, std::move(text), line.style, line.role});
                    y += measure_.line_height(line.style) + story_line_gap;
                }
            }
            scene.height = std::max(scene.height, y);
        }
        return scene;
    }

    const Recording& recording_;
    const StoryboardView& view_;
    const Messages& words_;
    const TextMeasure& measure_;
    std::vector<const StoryStep*> steps_;
    std::vector<World> worlds_;                    // one for each step
    std::vector<std::vector<std::size_t>> shown_;  // for each step: the processes that have columns
    std::vector<MemoryColumn> columns_;
};

}  // namespace

StoryboardScene layout_storyboard(const Recording& recording, std::span<const StoryStep> story, const StoryboardView& view,
                                  const Messages& words, const TextMeasure& measure) {
    return StoryboardLayout(recording, story, view, words, measure).run();
}

}  // namespace procatlas
