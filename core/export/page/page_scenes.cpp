#include "core/export/page/page_scenes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

#include "core/layout/memory/layout_memory.h"
#include "core/layout/stage/layout_stage.h"
#include "core/layout/timeline/layout_timeline.h"
#include "core/layout/tree/layout_tree.h"
#include "core/narrate/process_state.h"

namespace procatlas {

namespace {

constexpr std::size_t most_columns = 3;
constexpr float column_width = 216;
constexpr float memory_height = 430;
constexpr float stage_column_width = 290;
constexpr float stage_height = 470;
constexpr float word_room = 24;  // in the timeline, for each event
constexpr float widest_timeline = 6000;

Scene tree_scene(const World& world, float card_width, std::size_t selected, std::span<const std::size_t> columns,
                 std::span<const std::string> states, const Messages& words, const TextMeasure& measure) {
    TreeView view;
    view.width = 1e6F;  // unlimited, so that cards have their natural width
    view.card_width = card_width;
    view.selected = selected;
    view.columns = columns;
    view.states = states;
    return layout_tree(world, view, words, measure).scene;
}

// The smallest width at which no text is cut, when all processes exist.
float card_width_of(const World& world, const Messages& words, const TextMeasure& measure) {
    for (const float width : {190.0F, 220.0F, 250.0F}) {
        const Scene scene = tree_scene(world, width, world.processes.size(), {}, {}, words, measure);
        if (std::ranges::none_of(scene.labels, [](const SceneLabel& label) { return label.text.ends_with("…"); })) {
            return width;
        }
    }
    return 250;
}

}  // namespace

std::vector<std::size_t> page_columns(const World& world, std::span<const std::size_t> chosen) {
    std::vector<std::size_t> columns;
    if (!chosen.empty()) {
        std::ranges::copy_if(chosen, std::back_inserter(columns), [&](std::size_t i) { return i < world.processes.size(); });
        return columns;
    }
    for (std::size_t i = 0; i < world.processes.size(); ++i) {
        columns.push_back(i);
    }
    if (columns.size() > most_columns) {
        const auto others = columns.begin() + 1;
        const auto end = columns.begin() + most_columns;
        std::ranges::partial_sort(others, end, columns.end(), std::greater(),
                                  [&](std::size_t i) { return std::pair(world.processes[i].last_moment, i); });
        columns.resize(most_columns);
        std::ranges::sort(columns);
    }
    return columns;
}

PageScenes::PageScenes(const Recording& recording, const Messages& words, const TextMeasure& measure)
    : recording_(recording),
      words_(words),
      measure_(measure),
      card_width_(card_width_of(recording.last_world(), words, measure)) {}

Scene PageScenes::tree(const World& world, std::size_t moment, std::span<const std::size_t> columns) const {
    const auto acting = recording_.process_of(moment);
    const std::vector<std::string> states = states_at_moment({recording_, world, moment, words_});
    Scene scene = tree_scene(world, card_width_, acting.value_or(world.processes.size()), columns, states, words_, measure_);
    scene.width = std::ceil(scene.width);
    scene.height = std::ceil(scene.height);
    return scene;
}

std::string PageScenes::tree_key(const World& world, std::size_t moment, std::span<const std::size_t> columns) const {
    std::string key =
        fmt::format("{};{};", recording_.process_of(moment).value_or(world.processes.size()), fmt::join(columns, ","));
    for (const Process& process : world.processes) {
        const std::size_t threads = process.alive() ? process.threads.size() : 0;
        fmt::format_to(std::back_inserter(key), "{}{}{}{}{},{};", static_cast<int>(process.state), process.exit ? "x" : "",
                       process.orphan ? "o" : "", process.waits_for != 0 ? "w" : "", process.programs.size(), threads);
    }
    return key;
}

Scene PageScenes::memory(const World& world, std::span<const std::size_t> columns) const {
    std::vector<MemoryColumn> shown;
    for (const std::size_t process : distinct_memories(world, columns)) {
        shown.push_back(memory_column(world, process, recording_.images(), words_));
    }
    MemoryView view;
    view.height = memory_height;
    view.width = memory_width(shown.size(), column_width, measure_);
    MemoryScene memory = layout_memory(shown, view, words_, measure_);
    Scene scene = std::move(memory.header);
    scene.append(memory.body, {0, scene.height + 6});
    const Box extent = extent_of(scene, measure_);
    scene.width = std::ceil(std::max(extent.right(), view.width));
    scene.height = std::ceil(extent.bottom() + 2);
    return scene;
}

PageStage PageScenes::stage(const World& world, std::size_t moment, std::span<const std::size_t> columns) const {
    constexpr std::size_t most = 2;  // that can be read beside each other in a page
    constexpr float bridge_room = 124;
    std::vector<std::size_t> shown = distinct_memories(world, columns);
    const auto acting = recording_.process_of(moment);
    while (shown.size() > most) {  // the event's process stays, and the one before it
        const auto at = acting ? std::ranges::find(shown, *acting) : shown.end();
        at == shown.end() || at - shown.begin() < 2 ? shown.pop_back() : static_cast<void>(shown.erase(shown.begin()));
    }
    const LayoutContext context{recording_, world, moment, words_, measure_};
    std::vector<StageColumn> stage;
    for (const std::size_t process : shown) {
        stage.push_back(stage_column(context, process));
    }
    const auto count = static_cast<float>(stage.size());
    Scene scene = layout_stage(context, stage,
                               {.width = count * stage_column_width + (count > 1 ? bridge_room : 0),
                                .height = stage_height,
                                .selected = {},
                                .veils = {}});
    const Box extent = extent_of(scene, measure_);
    scene.width = std::ceil(std::max(extent.right(), scene.width) + 2);
    scene.height = std::ceil(extent.bottom() + 2);
    const bool second = acting && count > 1 && shown.back() == *acting;
    return {std::move(scene), second ? stage_column_width + bridge_room : 0};
}

PageTimeline PageScenes::timeline(float width, std::size_t events) const {
    ProcessLanes lanes;
    lanes.follow(recording_);
    TimelineView view;
    view.count = static_cast<double>(std::max<std::size_t>(events, 1));
    view.width = std::clamp(static_cast<float>(view.count) * word_room, width, std::max(width, widest_timeline));
    view.moment = std::max<std::size_t>(events, 1) - 1;
    view.ends_there = view.moment < recording_.last_moment();
    std::optional<World> past;
    if (view.ends_there) {
        past = recording_.world_at(view.moment);
    }
    const World& world = past ? *past : recording_.last_world();
    view.selected = world.processes.size();
    TimelineScene timeline = layout_timeline(recording_, world, lanes.lanes(), view, words_, measure_);
    const auto is_flag = [](const auto& part) { return part.role == Role::accent; };
    std::erase_if(timeline.ruler.boxes, is_flag);
    std::erase_if(timeline.ruler.links, is_flag);
    std::erase_if(timeline.ruler.labels, is_flag);
    Scene scene = std::move(timeline.ruler);
    const float below_ruler = scene.height;
    scene.append(timeline.body, {0, below_ruler});
    return {std::move(scene), timeline.left, timeline.step, below_ruler};
}

}  // namespace procatlas
