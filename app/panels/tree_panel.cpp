#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/paint/paint_scene.h"
#include "app/paint/ui.h"
#include "app/panels/thing_menu_popup.h"
#include "app/panels/tree_panel.h"
#include "core/export/picture/veiled_lives.h"
#include "core/narrate/process_state.h"

namespace procatlas {

namespace {
bool hides(std::span<const std::string> veils, std::string_view what) {
    return std::ranges::find(veils, what) != veils.end();
}
}  // namespace

float TreePanel::wanted_height(const Frame& frame) const {
    constexpr float head = 54;
    return frame.px(head + tree_.last().wanted_height);
}

TreePanel::Shown TreePanel::lay_out(const Frame& frame, TreeView view, float height, std::size_t least_rows) {
    const World& world = frame.world();
    const World bare = view.hides_states ? without_states(world) : World();
    const std::vector<std::string> states = states_at_moment(frame.layout_context());
    view.states = states;
    const auto made = [&] { return layout_tree(view.hides_states ? bare : world, view, frame.words, frame.fonts); };
    TreeScene tree = made();
    const float wanted = tree.scene.height;
    while (tree.scene.height > height && view.ancestor_rows > least_rows) {  // the first card matters more than who is above it
        view.ancestor_rows = std::max(least_rows, view.ancestor_rows / 2);
        tree = made();
    }
    return {std::move(tree), wanted};
}

Box TreePanel::place_to_show(const TreeScene& tree, float height) const {
    Box box = tree.cards[shown_];
    const Box& first = tree.cards[tree.order.front()];
    if (box.bottom() - first.y <= height) {  // from the first process on
        box.height = box.bottom() - first.y;
        box.y = first.y;
    }
    return box;
}

// How many cards are scrolled out at the top.
std::size_t TreePanel::count_above(const TreeScene& tree) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(tree.order, [&](std::size_t index) { return tree.cards[index].y + least_seen < scrolled_; }));
}

void TreePanel::draw(const Frame& frame, Actions& actions, const Box& place) {
    const World& world = frame.world();
    const auto veils = frame.lesson ? frame.lesson->walk().veils() : std::span<const std::string>();
    const bool hides_states = hides(veils, "states");
    const std::string count = world.processes.empty() || hides_states ? std::string() : living_text(world, frame.words);
    const std::size_t above = count_above(tree_.last().tree);
    const std::string not_seen = above > 0 ? "▲ " + frame.words.format("tree.above", above) : std::string();
    const std::string shown_count =
        frame.view.choice.filters() ? frame.words.format("tree.shown", tree_.last().tree.order.size(), world.processes.size())
                                    : count;
    const float title = frame.fonts.width(frame.words.text("tree.title"), TextStyle::strong) + ProcessFilter::width(frame);
    constexpr float around = 60;
    const auto fits = [&](const std::string& hint) {
        return title + frame.fonts.width(hint, TextStyle::small) + around < place.width / frame.fonts.scale();
    };
    const std::string both = not_seen.empty() || shown_count.empty() ? not_seen + shown_count : not_seen + " · " + shown_count;
    const std::string& hint = fits(both) ? both : not_seen.empty() ? shown_count : not_seen;
    const PanelScope panel(frame, "tree", place, frame.words.text("tree.title"), fits(hint) ? hint : std::string());
    filter_.draw(frame, actions);
    const float room = (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize) / frame.fonts.scale();
    constexpr float low = 320;  // room for three cards below five rows
    const bool has_little_room = place.height / frame.fonts.scale() < low;
    constexpr float least = 210;  // for two
    const bool has_least_room = place.height / frame.fonts.scale() < least;
    const std::size_t rows = frame.lesson ? 1 : has_least_room ? 0 : has_little_room ? 2 : 5;
    const bool hides_pids = hides(veils, "pids");
    const View& shown = frame.view;
    const float height = ImGui::GetContentRegionAvail().y / frame.fonts.scale();
    const Key key{frame.revision(), {room, height}, shown.selected, shown.columns,
                  shown.choice,     rows,           hides_pids,     hides_states};
    const TreeScene& tree = tree_
                                .at(key,
                                    [&] {
                                        return lay_out(frame,
                                                       {.width = room,
                                                        .selected = shown.selected,
                                                        .columns = shown.columns,
                                                        .states = {},
                                                        .choice = shown.choice,
                                                        .folds = true,
                                                        .hides_pids = hides_pids,
                                                        .hides_states = hides_states,
                                                        .ancestor_rows = rows},
                                                       height, frame.lesson ? rows : 0);
                                    })
                                .tree;

    const bool grew = generation_ == frame.run.generation() && world.processes.size() > processes_;
    generation_ = frame.run.generation();
    processes_ = world.processes.size();
    const bool asked = shows_.is_new(frame.view.cues.show_selected);
    const bool resized = std::exchange(size_, {place.width, place.height}) != std::pair(place.width, place.height);
    if (asked || resized) {
        shown_ = frame.view.selected;
        settling_ = 2;
    } else if (grew && !tree.order.empty()) {
        shown_ = tree.order.back();
        settling_ = 2;
    }
    const bool shows = settling_ > 0 && shown_ < tree.cards.size() && tree.cards[shown_].height > 0;
    settling_ = std::max(settling_ - 1, 0);
    if (settling_ > 0) {
        actions.draw_again();
    }
    const Box wanted = shows ? place_to_show(tree, height) : Box{};
    SceneScroll scroll;
    const SceneClick click =
        scroll_scene("tree_scene", tree.scene, frame.fonts, frame.palette, 0, shows ? &wanted : nullptr, &scroll);
    scrolled_ = scroll.y / frame.fonts.scale();
    if (count_above(tree) != above) {
        actions.draw_again();  // its title says it
    }
    offer_menu(actions, click.asked);
    const auto asked_place = frame.lesson ? frame.lesson->asks_place() : std::nullopt;
    if (click.clicked && asked_place == PlaceOf::process && click.hit.kind == HitKind::process) {
        actions.put(action::ClickPlace{{PlaceOf::process, click.hit.process, 0}});
    } else if (click.clicked && click.hit.kind == HitKind::launcher) {
        actions.put(action::ToggleLauncher{});
    } else if (click.clicked && click.hit.kind == HitKind::helpers) {
        actions.put(action::ToggleHelpers{});
    } else if (click.clicked && click.hit.kind == HitKind::subtree) {
        actions.put(action::ToggleSubtree{click.hit.process});
    } else if (click.clicked) {
        actions.put(action::ClickProcess{click.hit.process});
    }
}

}  // namespace procatlas
