#include "app/paint/ui.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>

#include "app/paint/imgui_compat.h"
#include "app/paint/text_ends.h"

namespace procatlas {

void apply_theme(const Palette& palette, float scale) {
    ImGuiStyle style;
    style.WindowPadding = {14, 12};
    style.FramePadding = {12, 6};
    style.ItemSpacing = {8, 6};
    style.ItemInnerSpacing = {6, 4};
    style.WindowRounding = 8;
    style.ChildRounding = 8;
    style.PopupRounding = 8;
    style.FrameRounding = 6;
    style.GrabRounding = 8;
    style.GrabMinSize = 14;
    style.ScrollbarSize = 11;
    style.ScrollbarRounding = 6;
    style.WindowBorderSize = 0;
    style.ChildBorderSize = 0;
    style.PopupBorderSize = 1;
    style.FrameBorderSize = 0;
    style.ScaleAllSizes(scale);
    const auto set = [&](ImGuiCol which, Colour colour) { style.Colors[which] = colour_vec(colour); };
    set(ImGuiCol_Text, palette.of(Role::text));
    set(ImGuiCol_TextDisabled, palette.of(Role::muted));
    set(ImGuiCol_WindowBg, palette.window);
    set(ImGuiCol_ChildBg, {0, 0, 0, 0});
    set(ImGuiCol_PopupBg, palette.panel);
    set(ImGuiCol_Border, palette.of(Role::frame));
    set(ImGuiCol_FrameBg, palette.control);
    set(ImGuiCol_FrameBgHovered, palette.control_hovered);
    set(ImGuiCol_FrameBgActive, palette.control_active);
    set(ImGuiCol_Button, palette.control);
    set(ImGuiCol_ButtonHovered, palette.control_hovered);
    set(ImGuiCol_ButtonActive, palette.control_active);
    set(ImGuiCol_Header, palette.control);
    set(ImGuiCol_HeaderHovered, palette.hover_row);
    set(ImGuiCol_HeaderActive, palette.control_active);
    set(ImGuiCol_SliderGrab, palette.of(Role::accent));
    set(ImGuiCol_SliderGrabActive, palette.of(Role::accent));
    set(ImGuiCol_CheckMark, palette.of(Role::accent));
    set(ImGuiCol_ScrollbarBg, {0, 0, 0, 0});
    set(ImGuiCol_ScrollbarGrab, palette.of(Role::frame));
    set(ImGuiCol_ScrollbarGrabHovered, palette.of(Role::band));
    set(ImGuiCol_ScrollbarGrabActive, palette.of(Role::link));
    set(ImGuiCol_NavHighlight, palette.of(Role::accent));
    set(ImGuiCol_Separator, palette.of(Role::frame));
    set(ImGuiCol_ModalWindowDimBg, palette.scrim);
    Colour selection = palette.of(Role::accent);
    selection.alpha = 80;
    set(ImGuiCol_TextSelectedBg, selection);
    ImGui::GetStyle() = style;
}

namespace {

// Where a panel scrolls, a line that its lower edge would cut in two is left for the next turn of the wheel.
class WholeLines {
public:
    explicit WholeLines(float top) : scrolls_(ImGui::GetScrollMaxY() > 0) {
        if (scrolls_) {
            const ImDrawList& list = *ImGui::GetWindowDrawList();
            const ImVec2 high = list.GetClipRectMax();
            ImGui::PushClipRect(list.GetClipRectMin(), {high.x, end_of_whole_lines(top, ImGui::GetFontSize(), high.y)}, true);
        }
    }
    ~WholeLines() {
        if (scrolls_) {
            ImGui::PopClipRect();
        }
    }
    WholeLines(const WholeLines&) = delete;
    WholeLines& operator=(const WholeLines&) = delete;

private:
    bool scrolls_;
};

// `whole`: what `text` was cut from; empty: it was not cut.
void write_text(const Frame& frame, std::string_view text, std::string_view whole, TextStyle style, Role role, Wrap wrap) {
    frame.fonts.need(text);
    ImGui::PushFont(frame.fonts.font(style));
    ImGui::PushStyleColor(ImGuiCol_Text, colour_u32(frame.palette.of(role)));
    if (wrap == Wrap::yes) {
        ImGui::PushTextWrapPos(0);
    }
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float baseline = ImGui::GetCurrentWindowRead()->DC.CurrLineTextBaseOffset;
    const ImVec2 place{at.x, at.y + baseline};
    const ImDrawList& list = *ImGui::GetWindowDrawList();
    const WholeLines lines(place.y);
    if (whole.empty()) {
        const float width = wrap == Wrap::no ? FLT_MAX : std::max(ImGui::GetContentRegionAvail().x, 1.0F);
        frame.fonts.drawn().note_wrapped(list, frame.fonts.font(style), place, text, width);
    } else {
        frame.fonts.drawn().note(list, frame.fonts.font(style), place, text, whole);
    }
    const TextEnds ends(text);
    ImGui::TextUnformatted(ends.begin, ends.end);
    if (wrap == Wrap::yes) {
        ImGui::PopTextWrapPos();
    }
    ImGui::PopStyleColor();
    ImGui::PopFont();
}

}  // namespace

float end_of_whole_lines(float top, float line, float edge) {
    return top >= edge ? edge : top + std::floor((edge - top) / line) * line;
}

void draw_text(const Frame& frame, std::string_view text, TextStyle style, Role role, Wrap wrap) {
    write_text(frame, text, {}, style, role, wrap);
}

void draw_fitted(const Frame& frame, std::string_view text, TextStyle style, Role role) {
    draw_fitted(frame, text, style, role, ImGui::GetContentRegionAvail().x / frame.fonts.scale());
}

void draw_fitted(const Frame& frame, std::string_view text, TextStyle style, Role role, float room) {
    const std::string shown = fit_text(text, style, room, frame.fonts);
    write_text(frame, shown, shown == text ? std::string_view() : text, style, role, Wrap::no);
}

void put_text(const Frame& frame, ImVec2 at, std::string_view text, TextStyle style, Colour colour) {
    frame.fonts.need(text);
    ImFont* font = frame.fonts.font(style);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const TextEnds ends(text);
    list.AddText(font, font->FontSize, at, colour_u32(colour), ends.begin, ends.end);
    frame.fonts.drawn().note(list, font, at, text);
}

bool draw_button(const Frame& frame, std::string_view id, std::string_view text, ButtonLook look, bool enabled,
                 std::string_view tip, ImVec2 size) {
    frame.fonts.need(text);
    const Palette& palette = frame.palette;
    const bool filled = look != ButtonLook::plain && enabled;
    if (filled) {
        const Colour accent = palette.of(Role::accent);
        Colour soft = accent;
        soft.alpha = 225;
        ImGui::PushStyleColor(ImGuiCol_Button, colour_u32(accent));
        ImGui::PushStyleColor(ImGuiCol_ButtonHovered, colour_u32(soft));
        ImGui::PushStyleColor(ImGuiCol_ButtonActive, colour_u32(soft));
        ImGui::PushStyleColor(ImGuiCol_Text, colour_u32(palette.on_accent));
    }
    ImGui::BeginDisabled(!enabled);
    const std::string label = std::string(text) + "###" + std::string(id);
    const bool clicked = ImGui::Button(label.c_str(), size);
    ImGui::EndDisabled();
    const ImVec2 low = ImGui::GetItemRectMin();
    const ImVec2 high = ImGui::GetItemRectMax();
    const TextEnds ends(text);
    const ImVec2 wide = ImGui::CalcTextSize(ends.begin, ends.end);
    frame.fonts.drawn().note(*ImGui::GetWindowDrawList(), ImGui::GetFont(),
                             {(low.x + high.x - wide.x) / 2, (low.y + high.y - wide.y) / 2}, text);
    if (filled) {
        ImGui::PopStyleColor(4);
    }
    if (!tip.empty() && ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) {
        draw_tip(frame, tip);
    }
    return clicked;
}

bool draw_checkbox(const Frame& frame, std::string_view key, bool* on) {
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, std::max(1.0F, frame.px(1)));
    ImGui::PushStyleColor(ImGuiCol_Border, colour_u32(frame.palette.of(Role::link)));
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(frame.px(3), frame.px(3)));
    const bool clicked = ImGui::Checkbox(frame.text(key), on);
    ImGui::PopStyleVar(2);
    ImGui::PopStyleColor();
    return clicked;
}

void draw_hold_at_start(const Frame& frame, Actions& actions) {
    bool hold = frame.view.hold_at_start;
    if (draw_checkbox(frame, "command.hold", &hold)) {
        actions.put(action::HoldAtStart{hold});
    }
}

float button_width(const Frame& frame, std::string_view text) {
    return frame.px(frame.fonts.width(text, TextStyle::body)) + 2 * ImGui::GetStyle().FramePadding.x;
}

bool right_clicked() {
    constexpr float still = 16;  // square of the pixels that the pointer may have moved
    return ImGui::IsWindowHovered() && ImGui::IsMouseReleased(ImGuiMouseButton_Right) &&
           ImGui::GetIO().MouseDragMaxDistanceSqr[ImGuiMouseButton_Right] < still;
}

void draw_tip(const Frame& frame, std::string_view text) {
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(frame.px(10), frame.px(7)));
    ImGui::BeginTooltip();
    ImGui::PushTextWrapPos(frame.px(340));
    draw_text(frame, text, TextStyle::small, Role::text);
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
    ImGui::PopStyleVar();
}

void open_dialog(const char* id) {
    ImGui::ClearActiveID();
    ImGui::OpenPopup(id);
}

bool begin_dialog(const Frame& frame, const char* id, float width) {
    const ImVec2 display = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos({display.x / 2, display.y / 2}, ImGuiCond_Always, {0.5F, 0.5F});
    const float fitting = std::min(frame.px(width), display.x - frame.px(20));
    ImGui::SetNextWindowSizeConstraints({fitting, 0}, {fitting, display.y - frame.px(20)});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(frame.px(22), frame.px(18)));
    const bool open = ImGui::BeginPopupModal(
        id, nullptr, ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoMove);
    ImGui::PopStyleVar();
    return open;
}

std::string local_time_text(std::uint64_t unix_ms) {
    const auto seconds = static_cast<std::time_t>(unix_ms / 1000);
    std::tm local{};
    std::array<char, 32> text{};
    if (::localtime_r(&seconds, &local) == nullptr ||
        std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &local) == 0) {
        return {};
    }
    return text.data();
}

std::string time_text(const Event& event) {
    return fmt::format("+{:.3f} s", static_cast<double>(event.time_ns) / 1e9);
}

bool draw_badge(const Frame& frame, std::string_view text, std::size_t process, float width) {
    const BadgeColours colours = badge_colours(process, frame.view.settings.dark ? Theme::dark : Theme::light);
    ImFont* font = frame.fonts.font(TextStyle::mono_small);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size(width, font->FontSize + frame.px(4));
    const bool clicked = ImGui::InvisibleButton("badge", size);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(at, {at.x + size.x, at.y + size.y}, colour_u32(colours.fill), frame.px(4));
    const float text_width = frame.px(frame.fonts.width(text, TextStyle::mono_small));
    const ImVec2 text_at{at.x + (size.x - text_width) / 2, at.y + frame.px(2)};
    put_text(frame, text_at, text, TextStyle::mono_small, colours.text);
    return clicked;
}

PanelScope::PanelScope(const Frame& frame, const char* id, const Box& place, std::string_view title, std::string_view hint) {
    ImGui::SetCursorScreenPos({place.x, place.y});
    ImGui::PushStyleColor(ImGuiCol_ChildBg, colour_u32(frame.palette.panel));
    ImGui::PushStyleVar(ImGuiStyleVar_ChildBorderSize, std::max(1.0F, frame.px(1)));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(frame.px(14), frame.px(10)));
    ImGui::BeginChild(
        id, {place.width, place.height}, true,
        ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_AlwaysUseWindowPadding);
    ImGui::PopStyleVar(2);
    ImGui::PopStyleColor();
    if (title.empty()) {
        return;
    }
    draw_text(frame, title, TextStyle::strong, Role::text);
    if (!hint.empty()) {
        ImGui::SameLine(0, frame.px(12));
        ImGui::SetCursorPosY(ImGui::GetCursorPosY() + frame.px(1));
        const float room = ImGui::GetContentRegionAvail().x / frame.fonts.scale();
        const float wanted = std::min(frame.fonts.width(hint, TextStyle::small), room);
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() + frame.px(room - wanted));
        draw_fitted(frame, hint, TextStyle::small, Role::muted, room);
    }
    ImGui::Dummy({0, frame.px(2)});
}

PanelScope::~PanelScope() {
    ImGui::EndChild();
}

}  // namespace procatlas
