#include "app/window/panel_layout.h"

#include <algorithm>
#include <cmath>

#include "app/paint/ui.h"
#include "app/panels/happening_panel.h"
#include "app/panels/welcome_panel.h"

namespace procatlas {

namespace {

// Whether the window is too small, at this zoom, for all panels side by side. Then it shows one at a time and scrolls.
bool is_small(const Frame& frame, float width, float height) {
    return width < frame.px(900) || height < frame.px(520);
}

// The columns of the stage say who is there, and whose child: they tell a veiled tree, unless the step is about memory.
bool stage_tells_tree(const LessonShow* show) {
    const auto is_of_stage = [](const std::string& view) {
        return view == "memory" || view == "stack" || view == "heap" || view == "pages" || view == "inside";
    };
    return show && std::ranges::none_of(show->views, is_of_stage);
}

void draw_message_row(const Frame& frame, Actions& actions, const Box& place) {
    const PanelScope panel(frame, "message", place, {}, {});
    const auto& series = frame.view.series;
    const std::string text =
        series ? frame.words.format("export.progress", series->done, series->all) : frame.view.message.text;
    const std::string_view press = frame.words.text(series ? "export.stop" : "message.dismiss");
    const float button = button_width(frame, press);
    const float room = (ImGui::GetContentRegionAvail().x - button) / frame.fonts.scale() - 16;
    const float x = ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x - button;
    ImGui::SetCursorPosY((place.height - frame.px(frame.fonts.line_height(TextStyle::body))) / 2);
    draw_text(frame, fit_text(text, TextStyle::body, room, frame.fonts), TextStyle::body,
              series || frame.view.message.good ? Role::text : Role::warning);
    if (ImGui::IsItemHovered()) {
        draw_tip(frame, text);
    }
    ImGui::SetCursorPos({x, (place.height - ImGui::GetFrameHeight()) / 2});
    if (draw_button(frame, series ? "stop_export" : "dismiss", press, ButtonLook::plain, true, {})) {
        series ? actions.put(action::StopExport{}) : actions.put(action::DismissMessage{});
    }
}

// What has been said, or how far the figures of every step are: above the lower edge of all that is drawn, so that nothing
// moves for it.
void draw_message(const Frame& frame, Actions& actions, const ImVec2& window) {
    const float height = frame.px(44);
    const std::string_view press = frame.words.text(frame.view.series ? "export.stop" : "message.dismiss");
    const float text = frame.px(frame.fonts.width(frame.view.message.text, TextStyle::body));
    const float wanted = frame.view.series ? frame.px(560) : text + button_width(frame, press) + frame.px(60);
    const float width = std::min(window.x - frame.px(20), wanted);
    const ImVec2 corner{std::floor((window.x - width) / 2), window.y - height - frame.px(10)};
    ImGui::SetNextWindowPos(corner);
    ImGui::SetNextWindowSize({width, height});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    ImGui::PushStyleColor(ImGuiCol_Border, colour_u32(frame.palette.of(Role::accent)));
    ImGui::Begin("message_over_all", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoFocusOnAppearing);
    ImGui::PopStyleVar();
    draw_message_row(frame, actions, {corner.x, corner.y, width, height});
    ImGui::End();
    ImGui::PopStyleColor();
}

}  // namespace

void PanelLayout::draw(const Frame& frame, Actions& actions) {
    selection_.begin_draw(frame);
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(size);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
    ImGui::Begin("procatlas", nullptr,
                 ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoCollapse |
                     ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoBringToFrontOnFocus |
                     ImGuiWindowFlags_NoSavedSettings | (is_small(frame, size.x, size.y) ? 0 : ImGuiWindowFlags_NoScrollbar));
    ImGui::PopStyleVar(2);
    shows_details_ = false;
    if (frame.view.beside.runs) {
        beside_.draw(frame, actions, size.x, size.y);
    } else if (frame.lesson) {
        draw_lesson(frame, actions, size.x, size.y);
    } else if (frame.view.presents && frame.run.started()) {
        draw_presentation(frame, actions, size.x, size.y);
    } else {
        arrange(frame, actions, size.x, size.y);
    }
    ImGui::End();
    if (!frame.view.message.text.empty() || frame.view.series) {
        draw_message(frame, actions, size);
    }
    dialogs_.draw(frame, actions);
    menu_.draw(frame, actions);
    selection_.draw(frame, actions);
}

void PanelLayout::arrange(const Frame& frame, Actions& actions, float width, float height) {
    const float gap = frame.px(10);
    const bool small = is_small(frame, width, height);
    if (small) {
        width -= ImGui::GetStyle().ScrollbarSize;
    } else {
        ImGui::SetScrollY(0);
    }
    float y = frame.px(8) - (small ? ImGui::GetScrollY() : 0);
    y += toolbar_.draw(frame, actions, {gap, y, width - 2 * gap, height}) + frame.px(8);
    if (!frame.run.started()) {
        draw_welcome_panel(frame, actions, {gap, y, width - 2 * gap, std::max(height - y - gap, frame.px(200))});
        return;
    }
    y += draw_happening_panel(frame, {gap, y, width - 2 * gap, 0}) + gap;
    const Box rest{gap, y, width - 2 * gap, height - y - gap};
    if (whole_.is_new(frame.view.cues.whole)) {
        actions.put(action::ShowWhole{pointed_});
    }
    if (frame.view.whole) {
        draw_whole(frame, actions, rest);
    } else {
        small ? draw_tabs(frame, actions, rest) : draw_side_by_side(frame, actions, rest);
    }
}

// Its share, and more where the family needs it, unless a person has dragged the edge: the details can be scrolled.
float PanelLayout::tree_height(const Frame& frame, float both) const {
    const float most = both < frame.px(320) ? 0.55F : 0.68F;
    const float share = frame.view.settings.shares.tree;
    const bool dragged = share != Shares{}.tree;
    return std::floor(dragged ? both * share : std::clamp(tree_.wanted_height(frame), both * share, both * most));
}

// Source and output on the left, the stage in the middle, the family and what was clicked on the right, the timeline below.
// Each boundary can be dragged; what is kept are shares of the window, so that it can change its size.
void PanelLayout::draw_side_by_side(const Frame& frame, Actions& actions, const Box& whole) {
    const float gap = frame.px(10);
    const Shares& shares = frame.view.settings.shares;
    // As high as its lanes need, up to its share; a person who drags the boundary decides.
    const float asked = std::clamp(whole.height * shares.timeline, frame.px(96), whole.height * 0.5F);
    const bool dragged = shares.timeline != Shares{}.timeline;
    // So that a parent and its three or four children are there without scrolling; not where the stage is low anyway.
    const float most = whole.height < frame.px(560) ? 0 : whole.height * 0.27F;
    const float timeline = std::floor(dragged ? std::min(asked, timeline_.wanted_height(frame))
                                              : timeline_.height_within(frame, std::max(asked, most)));
    draw_one(frame, actions, Tab::timeline, {whole.x, whole.bottom() - timeline, whole.width, timeline});
    const Box rest{whole.x, whole.y, whole.width, whole.height - timeline - gap};
    const float left = std::clamp(rest.width * shares.left, frame.px(220), rest.width * 0.45F);
    const float right = std::clamp(rest.width * shares.right, frame.px(200), rest.width * 0.35F);
    const float middle = rest.width - left - right - 2 * gap;
    const float source = std::floor((rest.height - gap) * shares.source);
    const float tree = tree_height(frame, rest.height - gap);
    draw_one(frame, actions, Tab::source, {rest.x, rest.y, left, source});
    draw_one(frame, actions, Tab::output, {rest.x, rest.y + source + gap, left, rest.height - source - gap});
    draw_one(frame, actions, Tab::memory, {rest.x + left + gap, rest.y, middle, rest.height});
    const float right_x = rest.right() - right;
    draw_one(frame, actions, Tab::tree, {right_x, rest.y, right, tree});
    draw_one(frame, actions, Tab::details, {right_x, rest.y + tree + gap, right, rest.height - tree - gap});
    const auto splitter = [&](const char* id, const Box& place, float Shares::* share, float per_pixel) {
        draw_splitter(frame, actions, id, place, share, per_pixel);
    };
    splitter("split_left", {rest.x + left, rest.y, gap, rest.height}, &Shares::left, 1 / rest.width);
    splitter("split_right", {right_x - gap, rest.y, gap, rest.height}, &Shares::right, -1 / rest.width);
    splitter("split_source", {rest.x, rest.y + source, left, gap}, &Shares::source, 1 / (rest.height - gap));
    splitter("split_tree", {right_x, rest.y + tree, right, gap}, &Shares::tree, 1 / (rest.height - gap));
    splitter("split_timeline", {whole.x, rest.bottom(), whole.width, gap}, &Shares::timeline, -1 / whole.height);
}

// The text and the source on the left, the stage, tree and output beside them, the question below; where a step asks for the
// timeline, it is there too, up to the moment of the step. What would give the answer away is veiled.
void PanelLayout::draw_lesson(const Frame& frame, Actions& actions, float width, float height) {
    const float gap = frame.px(8);
    const float y = gap + LessonPanel::draw_header(frame, actions, {gap, gap, width - 2 * gap, 0}) + gap;
    const float question = std::min(LessonPanel::question_height(frame), height * 0.45F);
    const float rest = height - y - question - 2 * gap;
    lesson_.draw_question(frame, actions, {gap, height - question - gap, width - 2 * gap, question});
    const LessonWalk& walk = frame.lesson->walk();
    const LessonRun* run = walk.run();
    const bool ready = run && frame.lesson->phase() == LessonPhase::ready;
    if (!ready) {
        LessonPanel::draw_text(frame, {gap, y, width - 2 * gap, rest});
        return;
    }
    const auto veils = walk.veils();
    const auto veiled = [&](std::string_view name) { return std::ranges::find(veils, name) != veils.end(); };
    const float left = std::floor(width * 0.29F);
    const float right = std::floor(width * 0.23F);
    const bool source = run->grain != LessonGrain::lifecycle && run->grain != LessonGrain::memory;
    const float text = source ? std::floor(rest * 0.5F) : rest;
    LessonPanel::draw_text(frame, {gap, y, left, text});
    if (source) {
        source_.draw(frame, actions, {gap, y + text + gap, left, rest - text - gap});
    }
    const float above = rest - draw_lesson_timeline(frame, actions, {left + 2 * gap, y, width - left - 3 * gap, rest});
    const Box stage{left + 2 * gap, y, width - left - right - 4 * gap, above};
    if (veiled("memory") || veiled("pages") || veiled("stack") || veiled("heap") ||
        ((veiled("tree") || veiled("states")) && stage_tells_tree(walk.show()))) {
        draw_veil(frame, "stage_veil", stage, frame.words.text("stage.title"));
    } else {
        draw_memory(frame, actions, stage);
    }
    const float right_x = width - right - gap;
    const auto asks_for = [show = walk.show()](std::string_view view) {
        return show && std::ranges::find(show->views, view) != show->views.end();
    };
    const float tree = std::floor(above * (asks_for("tree") && !asks_for("output") ? 0.6F : 0.45F));
    const Box family{right_x, y, right, tree};
    const Box output{right_x, y + tree + gap, right, above - tree - gap};
    veiled("tree") ? draw_veil(frame, "tree_veil", family, frame.words.text("tree.title")) : tree_.draw(frame, actions, family);
    veiled("output") ? draw_veil(frame, "output_veil", output, frame.words.text("output.title"))
                     : output_.draw(frame, actions, output);
}

// At the foot of `place`, with the gap above it; 0: the step does not ask for it.
float PanelLayout::draw_lesson_timeline(const Frame& frame, Actions& actions, const Box& place) {
    const LessonWalk& walk = frame.lesson->walk();
    const LessonShow* const show = walk.show();
    if (!show || std::ranges::find(show->views, "timeline") == show->views.end()) {
        return 0;
    }
    const float gap = frame.px(8);
    const bool veiled = std::ranges::find(walk.veils(), "timeline") != walk.veils().end();
    const float wanted = veiled ? frame.px(140) : timeline_.wanted_height(frame);  // a veil's does not tell how many lanes
    const float height = std::floor(std::min(wanted, place.height * 0.4F));
    const Box box{place.x, place.bottom() - height, place.width, height};
    if (veiled) {
        draw_veil(frame, "timeline_veil", box, frame.words.text("timeline.title"));
    } else {
        timeline_.draw(frame, actions, box);
    }
    return height + gap;
}

// For the last row of a lecture hall: what happened, the source, the stage.
void PanelLayout::draw_presentation(const Frame& frame, Actions& actions, float width, float height) {
    const float gap = frame.px(6);
    const float y = gap + draw_happening_panel(frame, {gap, gap, width - 2 * gap, 0}) + gap;
    const float rest = height - y - gap;
    const float source = std::floor(width * 0.34F);
    source_.draw(frame, actions, {gap, y, source, rest});
    draw_memory(frame, actions, {2 * gap + source, y, width - source - 3 * gap, rest});
    marks_.draw(frame);
}

void PanelLayout::draw_aside(const Frame& frame, Actions& actions, const Box& place) {
    switch (frame.view.aside) {
        case Aside::details:
            shows_details_ = true;
            return details_.draw(frame, actions, place);
        case Aside::history:
            return history_.draw(frame, actions, place);
    }
}

void PanelLayout::draw_memory(const Frame& frame, Actions& actions, const Box& place) {
    switch (frame.view.middle) {
        case Middle::textbook:
            stage_.draw(frame, actions, place);
            columns_room_ = stage_.columns_room();
            return;
        case Middle::memory:
            memory_.draw(frame, actions, place);
            columns_room_ = memory_.columns_room();
            return;
        case Middle::pages:
        case Middle::side_by_side:
            pages_.draw(frame, actions, place);
            columns_room_ = pages_.columns_room();
            return;
        case Middle::inside:
            return inside_.draw(frame, actions, place);
        case Middle::story:
            return story_.draw(frame, actions, place);
    }
}

// A double click on its title makes it the whole window, or takes that back.
void PanelLayout::draw_one(const Frame& frame, Actions& actions, Tab tab, const Box& place) {
    switch (tab) {
        case Tab::tree:
            tree_.draw(frame, actions, place);
            break;
        case Tab::memory:
            draw_memory(frame, actions, place);
            break;
        case Tab::source:
            source_.draw(frame, actions, place);
            break;
        case Tab::output:
            output_.draw(frame, actions, place);
            break;
        case Tab::details:
            draw_aside(frame, actions, place);
            break;
        case Tab::timeline:
            timeline_.draw(frame, actions, place);
            break;
    }
    const ImVec2 at = ImGui::GetMousePos();
    if (!place.contains({at.x, at.y}) || frame.view.dialog != Dialog::none) {
        return;
    }
    pointed_ = tab;
    const bool on_title = at.y < place.y + frame.px(36) && !ImGui::IsAnyItemHovered();
    if (on_title && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
        actions.put(action::ShowWhole{tab});
    }
}

// One panel alone, and above it how to come back.
void PanelLayout::draw_whole(const Frame& frame, Actions& actions, const Box& rest) {
    const float line = frame.px(26);
    ImGui::SetCursorScreenPos({rest.x + frame.px(14), rest.y});
    draw_text(frame, frame.words.text("whole.back"), TextStyle::small, Role::muted);
    draw_one(frame, actions, *frame.view.whole, {rest.x, rest.y + line, rest.width, rest.height - line});
}

// Draws one panel at a time, if zoom or a small screen leaves no room for all.
void PanelLayout::draw_tabs(const Frame& frame, Actions& actions, const Box& rest) {
    ImGui::SetCursorScreenPos({rest.x, rest.y});
    const auto tab = [&](Tab which, const char* key) {
        if (draw_button(frame, key, frame.words.text(key), frame.view.tab == which ? ButtonLook::toggled : ButtonLook::plain,
                        true, {})) {
            actions.put(action::ShowTab{which});
        }
        ImGui::SameLine(0, frame.px(6));
    };
    tab(Tab::tree, "tab.tree");
    tab(Tab::memory, "tab.memory");
    tab(Tab::source, "tab.source");
    tab(Tab::output, "tab.output");
    tab(Tab::details, "tab.details");
    tab(Tab::timeline, "tab.timeline");
    const float used = ImGui::GetFrameHeight() + frame.px(8);
    const Box place{rest.x, rest.y + used, rest.width,
                    std::max(rest.height - used, std::min(frame.px(360), ImGui::GetIO().DisplaySize.y))};
    draw_one(frame, actions, frame.view.tab, place);
}

}  // namespace procatlas
