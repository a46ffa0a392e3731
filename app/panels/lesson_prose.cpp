#include "app/panels/lesson_prose.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/paint/ui.h"
#include "core/base/text.h"

namespace procatlas {
namespace {

// The lines of code; one that is too long goes on below, indented, at a blank where there is one. `room`: logical pixels.
std::vector<std::string> code_lines(const Frame& frame, std::string_view text, float room) {
    constexpr std::string_view indent = "      ";
    std::vector<std::string> lines;
    const auto fits = [&](std::string_view piece) { return frame.fonts.width(piece, TextStyle::mono) <= room; };
    text = text.substr(0, text.find_last_not_of('\n') + 1);
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t to = std::min(text.find('\n', from), text.size());
        std::string rest(text.substr(from, to - from));
        while (!fits(rest)) {
            std::size_t cut = 0;  // behind the last character that fits …
            std::size_t blank = 0;
            for (std::size_t at = 0; at < rest.size() && fits(std::string_view(rest).substr(0, at));) {
                cut = at;
                blank = rest[at] == ' ' && at > indent.size() ? at : blank;  // … or at the last blank before
                (void)next_code_point(rest, at);
            }
            const std::size_t end = blank != 0 ? blank : cut;
            if (end <= indent.size()) {
                break;  // no room for anything
            }
            lines.push_back(rest.substr(0, end));
            rest = std::string(indent) + rest.substr(end + (blank != 0 ? 1 : 0));
        }
        lines.push_back(std::move(rest));
        from = to + 1;
    }
    return lines;
}

void draw_code(const Frame& frame, const std::string& text) {
    const float line = frame.px(frame.fonts.line_height(TextStyle::mono) + 2);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const std::vector<std::string> lines = code_lines(frame, text, width / frame.fonts.scale() - 18);
    const ImVec2 end(at.x + width, at.y + static_cast<float>(lines.size()) * line + frame.px(10));
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(at, end, colour_u32(frame.palette.control), frame.px(6));
    float y = at.y + frame.px(5);
    list.PushClipRect(at, end, true);
    for (const std::string& one : lines) {
        put_text(frame, {at.x + frame.px(9), y}, one, TextStyle::mono, frame.palette.of(Role::text));
        y += line;
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
