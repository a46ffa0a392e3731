#include <utility>

#include "app/paint/paint_scene.h"
#include "app/paint/ui.h"
#include "app/panels/tree_panel.h"

namespace procatlas {

void TreePanel::draw(const Frame& frame, Actions& actions, const Box& place) {
    const World& world = frame.world();
    const std::size_t alive = world.alive_count();
    const std::string hint =
        world.processes.empty() ? std::string() : frame.words.format("tree.count", alive, world.processes.size() - alive);
    const PanelScope panel(frame, "tree", place, frame.words.text("tree.title"), hint);
    const float room = (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize) / frame.fonts.scale();
    if (Key key{frame.revision(), room, frame.view.selected, frame.view.columns}; key != key_) {
        tree_ = layout_tree(world, {room, frame.view.selected, frame.view.columns}, frame.words, frame.fonts);
        key_ = std::move(key);
    }

    const bool grew = generation_ == frame.run.generation() && world.processes.size() > processes_;
    generation_ = frame.run.generation();
    processes_ = world.processes.size();
    const Box* show = nullptr;
    const bool asked = shows_.is_new(frame.view.cues.show_selected);
    if (asked && frame.view.selected < tree_.cards.size()) {
        show = &tree_.cards[frame.view.selected];
    } else if (grew) {
        show = &tree_.cards.back();
    }
    const SceneClick click = scroll_scene("tree_scene", tree_.scene, frame.fonts, frame.palette, 0, show, nullptr);
    if (click.clicked) {
        actions.put(action::ClickProcess{click.hit.process});
    }
}

}  // namespace procatlas
