#include "app/panels/source_panel.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "app/paint/paint_scene.h"
#include "app/paint/ui.h"
#include "app/panels/thing_menu_popup.h"
#include "core/base/text.h"
#include "core/narrate/function_name.h"

namespace procatlas {

namespace {

constexpr float side = 16;  // between the panel's edge and the text

// The source of `process`, or, where it has none now, of another process: one that has ended should not take it away.
SourceRows rows_of_any(const LayoutContext& context, std::size_t process, const std::vector<std::size_t>& all,
                       std::uint32_t around) {
    SourceRows rows = source_rows(context, process, all, around);
    for (std::size_t i = 0; i < all.size() && rows.rows.empty(); ++i) {
        SourceRows other = source_rows(context, all[i], all, around);
        if (!other.rows.empty()) {
            return other;
        }
    }
    if (rows.rows.empty() && context.world.alive_count() == 0) {
        SourceRows ended = source_of_ended(context.recording, around);
        return ended.rows.empty() ? rows : ended;
    }
    return rows;
}

// How high the rows are that stand whole in `room`. Where `wanted` is to stand in their middle, it becomes a row higher if half
// a row would stand at each end otherwise.
float whole_rows(float row, float room, Box& wanted) {
    if (row <= 0 || room < row) {
        return 0;
    }
    const auto fitting = static_cast<std::size_t>(room / row);
    const auto asked = static_cast<std::size_t>(std::round(wanted.height / row));
    wanted.height += (fitting + asked) % 2 != 0 ? row : 0;
    return static_cast<float>(fitting) * row;
}

}  // namespace

void SourcePanel::draw(const Frame& frame, Actions& actions, const Box& place) {
    constexpr std::uint32_t lines_around = 300;
    constexpr std::size_t most_marked = 64;
    const World& world = frame.world();
    const std::size_t process = std::min(process_in_focus(frame.view, frame.run.recording(), world),
                                         world.processes.size() - (world.processes.empty() ? 0 : 1));
    const float room = (place.width - ImGui::GetStyle().ScrollbarSize) / frame.fonts.scale() - 2 * side;
    const bool picks = frame.lesson && frame.lesson->asks_place() == PlaceOf::line;
    const LessonShow* const step = frame.lesson ? frame.lesson->walk().show() : nullptr;
    const std::vector<Pointed> pointed = step ? step->points : std::vector<Pointed>();
    const bool bare = frame.lesson && frame.lesson->walk().open();  // comments would answer what is asked
    const Shown& shown = shown_.at({frame.revision(), room, process, picks, frame.run.stop_points().lines, pointed, bare}, [&] {
        Shown made;
        if (world.processes.empty()) {
            return made;
        }
        std::vector<std::size_t> all(std::min(world.processes.size(), most_marked));
        std::iota(all.begin(), all.end(), std::size_t{0});
        SourceRows rows = rows_of_any(frame.layout_context(), process, all, lines_around);
        rows.pick = picks;
        rows.pointed = pointed;
        if (bare) {
            leave_out_comments(rows);
        }
        made.title = display_text(base_name(rows.path));
        made.hint = with_brackets(display_text(rows.function));
        made.path = rows.path;
        std::vector<std::uint32_t> stops;
        for (const LineStop& stop : frame.run.stop_points().lines) {
            if (stop.file == rows.path) {
                stops.push_back(stop.line);
            }
        }
        made.listing = layout_source(rows, room, frame.words, frame.fonts, ListingHeading::left_out,
                                     frame.run.opened() || frame.lesson ? nullptr : &stops);
        for (Box* box : {&made.listing.current, &made.listing.inhabited}) {
            box->width = std::min(box->width, 1.0F);  // scroll only vertically
        }
        settling_ = 2;
        return made;
    });
    const PanelScope panel(frame, "source", place, shown.title.empty() ? frame.words.text("tab.source") : shown.title,
                           shown.hint);
    const ListingScene& listing = shown.listing;
    const bool show = listing.current.height > 0 && settling_ > 0;
    // A parent's line and its child's, where the panel is high enough for both.
    const float room_below = ImGui::GetContentRegionAvail().y / frame.fonts.scale();
    const bool shows_all = listing.inhabited.height > 0 && listing.inhabited.height <= room_below;
    Box wanted = shows_all ? listing.inhabited : listing.current;
    settling_ = std::max(settling_ - 1, 0);
    const float rows_high = listing.scene.height > room_below ? whole_rows(listing.row, room_below, wanted) : 0;
    const SceneClick click = scroll_scene("source_scene", listing.scene, frame.fonts, frame.palette, frame.px(rows_high),
                                          show ? &wanted : nullptr, nullptr);
    offer_menu(actions, click.asked);
    if (click.clicked && click.hit.kind == HitKind::line) {
        actions.put(action::ClickPlace{{PlaceOf::line, process, click.hit.address}});
    } else if (click.clicked && click.hit.kind == HitKind::margin) {
        actions.put(action::ToggleLineStop{{shown.path, static_cast<std::uint32_t>(click.hit.address)}});
    } else if (click.clicked && click.hit.kind == HitKind::process) {
        actions.put(action::SelectProcess{click.hit.process});
    }
}

}  // namespace procatlas
