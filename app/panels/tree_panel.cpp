#include <algorithm>

#include "app/paint/paint_scene.h"
#include "app/panels/panels.h"
#include "app/ui.h"

namespace procatlas {

void TreePanel::draw(Frame& frame, const Box& place) {
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
    if (frame.view.show_selected && frame.view.selected < tree_.cards.size()) {
        show = &tree_.cards[frame.view.selected];
    } else if (grew) {
        show = &tree_.cards.back();
    }
    frame.view.show_selected = false;
    const SceneClick click = scroll_scene("tree_scene", tree_.scene, frame.fonts, frame.palette, 0, show, nullptr);
    if (!click.clicked) {
        return;
    }
    // A click selects; a click on what is selected shows or hides its memory.
    if (frame.view.selected == click.hit.process ||
        std::ranges::find(frame.view.columns, click.hit.process) == frame.view.columns.end()) {
        frame.actions.push_back(Action::toggle_column);
    }
    frame.view.selected = click.hit.process;
    frame.view.region = {};
}

}  // namespace procatlas
