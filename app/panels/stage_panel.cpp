#include "app/panels/stage_panel.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "app/paint/paint_scene.h"
#include "app/paint/ui.h"
#include "app/panels/action_button.h"
#include "app/panels/column_pager.h"
#include "app/panels/thing_menu_popup.h"
#include "core/layout/memory/memory_column.h"
#include "core/layout/stage/stage_places.h"
#include "core/scene/transition.h"

namespace procatlas {

namespace {

Veils veils_of(const Frame& frame) {
    Veils veils;
    if (frame.lesson) {
        const auto names = frame.lesson->walk().veils();
        const auto has = [&](std::string_view name) { return std::ranges::find(names, name) != names.end(); };
        veils = {has("kinds"), has("addresses"), has("values"), has("pids"), has("states")};
    }
    return veils;
}

int number_of(const Veils& veils) {
    return (veils.kinds ? 1 : 0) + (veils.addresses ? 2 : 0) + (veils.values ? 4 : 0) + (veils.pids ? 8 : 0) +
           (veils.states ? 16 : 0);
}

// What a click means while a lesson asks for a place.
void pick(PlaceOf asked, const Hit& hit, Actions& actions) {
    const bool fits = (asked == PlaceOf::region && hit.kind == HitKind::region) ||
                      (asked == PlaceOf::frame && hit.kind == HitKind::frame) ||
                      (asked == PlaceOf::process && hit.kind != HitKind::none);
    if (fits) {
        actions.put(action::ClickPlace{{asked, hit.process, hit.address}});
    }
}

}  // namespace

// Only a step is followed: not another size, another program or language. While events come faster than an eye can follow, each
// is shown as it is.
const Scene& StagePanel::moving(const Frame& frame, Actions& actions, const Key& key, const Scene& scene) {
    constexpr std::chrono::milliseconds takes(320);
    const auto now = std::chrono::steady_clock::now();
    if (key_ != key) {
        const auto place = [](const Key& k) {
            const auto& [revision, width, height, born, region, veils, picks, pointed, focus] = k;
            return std::tuple(revision[0], revision[3], width, height, region, veils, picks, pointed);
        };
        const bool step = key_ && place(*key_) == place(key) && std::get<0>(*key_)[1] != std::get<0>(key)[1];
        const bool calm = now - changed_ > takes;
        moves_ = step && calm && frame.view.settings.moves();
        settled_ = std::exchange(last_, scene);
        key_ = key;
        changed_ = now;
    }
    const float progress = std::chrono::duration<float>(now - changed_) / std::chrono::duration<float>(takes);
    moves_ = moves_ && progress < 1;
    if (!moves_) {
        return scene;
    }
    actions.draw_again();
    return between_ = scene_between(settled_, scene, progress);
}

void StagePanel::draw(const Frame& frame, Actions& actions, const Box& place) {
    const PanelScope panel(frame, "stage", place, frame.words.text("stage.title"), {});
    if (!frame.lesson) {
        draw_head_switch(frame, actions, Bar::middle);
        const float title = frame.px(frame.fonts.width(frame.words.text("stage.title"), TextStyle::strong) + 12);
        draw_column_pager(frame, actions, ImGui::GetCursorPosX() + title, head_switch_left(frame, Bar::middle));
    }
    const Veils veils = veils_of(frame);
    const auto asked = frame.lesson ? frame.lesson->asks_place() : std::nullopt;
    const bool picks_frames = asked == PlaceOf::frame;
    const LessonShow* const show = frame.lesson ? frame.lesson->walk().show() : nullptr;
    const std::vector<Pointed> pointed = show ? show->points : std::vector<Pointed>();
    const World& world = frame.world();
    const float scale = frame.fonts.scale();
    const float width = ImGui::GetContentRegionAvail().x / scale;
    const float height = ImGui::GetContentRegionAvail().y / scale;
    columns_room_ = stage_columns_that_fit(width);
    std::vector<std::size_t> born;
    for (const std::size_t index : frame.view.columns) {
        const bool there = index < world.processes.size();                 // at the shown moment
        if (there && (!veils.states || world.processes[index].alive())) {  // whose memory is gone has ended
            born.push_back(index);
        }
    }
    if (born.empty()) {
        draw_text(frame, frame.words.text("memory.empty"), TextStyle::body, Role::muted, Wrap::yes);
        return;
    }
    const std::size_t focus = process_in_focus(frame.view, frame.run.recording(), world);
    const Key key{frame.revision(), width, height, born, frame.view.region, number_of(veils), picks_frames, pointed, focus};
    const Scene& still = scene_.at(key, [&] {
        std::vector<StageColumn> columns;
        for (const std::size_t process : distinct_memories(world, born)) {
            columns.push_back(stage_column(frame.layout_context(), process));
            if (frame.lesson) {
                columns.back().missing.clear();  // how to see more is not a student's choice
            }
        }
        return layout_stage(frame.layout_context(), columns,
                            {.width = width,
                             .height = height,
                             .selected = frame.view.region,
                             .focus = focus,
                             .picks_frames = picks_frames,
                             .veils = veils,
                             .pointed = pointed});
    });
    const Scene& scene = moving(frame, actions, key, still);
    const SceneClick click = scroll_scene("stage_scene", scene, frame.fonts, frame.palette, 0, nullptr, nullptr);
    offer_menu(actions, click.asked);
    if (click.clicked && asked) {
        pick(*asked, click.hit, actions);
    } else if (click.clicked && click.hit.kind == HitKind::region) {
        actions.put(action::ClickRegion{click.hit});
    } else if (click.clicked && click.hit.kind == HitKind::column_header) {
        actions.put(action::SelectProcess{click.hit.process});
    }
}

}  // namespace procatlas
