#include "app/panels/lesson_prose.h"

#include <algorithm>
#include <string>

#include "app/paint/ui.h"

namespace procatlas {
namespace {

void draw_code(const Frame& frame, const std::string& text) {
    const float line = frame.px(frame.fonts.line_height(TextStyle::mono) + 2);
    const auto lines = static_cast<float>(1 + std::ranges::count(text, '\n'));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const ImVec2 end(at.x + width, at.y + lines * line + frame.px(10));
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(at, end, colour_u32(frame.palette.control), frame.px(6));
    ImFont* font = frame.fonts.font(TextStyle::mono);
    float y = at.y + frame.px(5);
    list.PushClipRect(at, end, true);
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t to = std::min(text.find('\n', from), text.size());
        list.AddText(font, font->FontSize, {at.x + frame.px(9), y}, colour_u32(frame.palette.of(Role::text)),
                     text.data() + from, text.data() + to);
        y += line;
        from = to + 1;
    }
    list.PopClipRect();
    ImGui::Dummy({width, end.y - at.y});
}

}  // namespace

void draw_prose(const Frame& frame, const std::vector<Prose>& text) {
    for (const Prose& prose : text) {
        const std::string words = plain_text(prose);
        frame.fonts.need(words);
        switch (prose.kind) {
            case ProseKind::paragraph:
                draw_text(frame, words, TextStyle::body, Role::text, Wrap::yes);
                break;
            case ProseKind::heading:
                draw_text(frame, words, TextStyle::strong, Role::text, Wrap::yes);
                break;
            case ProseKind::item:
                ImGui::Indent(frame.px(6 + 12 * static_cast<float>(prose.depth)));
                draw_text(frame, (prose.marker.empty() ? "•" : prose.marker) + " " + words, TextStyle::body, Role::text,
                          Wrap::yes);
                ImGui::Unindent(frame.px(6 + 12 * static_cast<float>(prose.depth)));
                break;
            case ProseKind::code:
                draw_code(frame, words);
                break;
        }
        ImGui::Dummy({0, frame.px(4)});
    }
}

}  // namespace procatlas
