#include "app/paint/drawn_texts.h"

#include <algorithm>

#include "app/paint/imgui_compat.h"
#include "core/base/text.h"

namespace procatlas {
namespace {

// The part of a text that lies between two edges.
struct Part {
    std::size_t first = 0;
    std::size_t last = 0;
    float left = 0;
    float right = 0;
};

float advance(const ImFont& font, char32_t character) {
    return font.GetCharAdvance(static_cast<ImWchar>(character));
}

// A character belongs to it if its middle does.
Part part_between(const DrawnText& drawn, float left, float right) {
    Part part;
    float x = drawn.x;
    for (std::size_t at = 0; at < drawn.text.size();) {
        const std::size_t start = at;
        const float width = advance(*drawn.font, next_code_point(drawn.text, at));
        const float middle = x + width / 2;
        if (middle >= left && middle < right) {
            if (part.first == part.last) {
                part.first = start;
                part.left = x;
            }
            part.last = at;
            part.right = x + width;
        }
        x += width;
    }
    return part;
}

struct ChosenPiece {
    float middle = 0;  // of its height
    Part part;
    const DrawnText* drawn = nullptr;
};

}  // namespace

const ImGuiWindow* panel_of(const ImGuiWindow& window) {
    const ImGuiWindow* const root = window.RootWindow;
    if ((root->Flags & ImGuiWindowFlags_Popup) != 0) {
        return root;
    }
    const ImGuiWindow* panel = &window;
    while (panel != root && panel->ParentWindow != root) {
        panel = panel->ParentWindow;
    }
    return panel;
}

void DrawnTexts::begin_draw(bool wanted) {
    wanted_ = wanted;
    texts_.clear();
}

void DrawnTexts::note(const ImDrawList& list, ImFont* font, const ImVec2& at, std::string_view text, std::string_view whole) {
    if (!wanted_ || text.empty()) {
        return;
    }
    const ImVec2 size = font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, text.data(), text.data() + text.size());
    const ImVec2 low = list.GetClipRectMin();
    const ImVec2 high = list.GetClipRectMax();
    const float left = std::max(at.x, low.x);
    const float top = std::max(at.y, low.y);
    const float right = std::min(at.x + size.x, high.x);
    const float bottom = std::min(at.y + size.y, high.y);
    if (left < right && top < bottom) {
        texts_.push_back({{left, top, right - left, bottom - top},
                          at.x,
                          std::string(text),
                          std::string(whole),
                          font,
                          panel_of(*ImGui::GetCurrentWindowRead())});
    }
}

void DrawnTexts::note_wrapped(const ImDrawList& list, ImFont* font, const ImVec2& at, std::string_view text, float width) {
    float y = at.y;
    for (const char* row = text.data(); wanted_ && row < text.data() + text.size(); y += font->FontSize) {
        const char* const end = text.data() + text.size();
        const char* const stop = std::min(font->CalcWordWrapPositionA(1, row, end, width), std::find(row, end, '\n'));
        note(list, font, {at.x, y}, std::string_view(row, stop));
        row = std::max(stop, row + 1);
        while (row < end && (*row == ' ' || *row == '\n') && row[-1] != '\n') {
            ++row;
        }
    }
}

ChosenText choose_text(const std::vector<DrawnText>& texts, const Box& chosen, const void* panel) {
    std::vector<ChosenPiece> pieces;
    for (const DrawnText& drawn : texts) {
        const float middle = drawn.place.y + drawn.place.height / 2;
        const bool within = chosen.y >= drawn.place.y && chosen.bottom() <= drawn.place.bottom();
        if (drawn.panel != panel || !(within || (middle >= chosen.y && middle < chosen.bottom()))) {
            continue;
        }
        const Part part =
            part_between(drawn, std::max(chosen.x, drawn.place.x), std::min(chosen.right(), drawn.place.right() + 1));
        if (part.first < part.last) {
            pieces.push_back({middle, part, &drawn});
        }
    }
    std::ranges::stable_sort(pieces, {}, &ChosenPiece::middle);
    ChosenText made;
    for (auto row = pieces.begin(); row != pieces.end();) {
        const float least = row->middle + row->drawn->place.height / 2;
        const auto end = std::find_if(row, pieces.end(), [&](const ChosenPiece& piece) { return piece.middle >= least; });
        std::sort(row, end, [](const ChosenPiece& a, const ChosenPiece& b) { return a.part.left < b.part.left; });
        if (!made.text.empty()) {
            made.text += '\n';
        }
        for (auto piece = row; piece != end; ++piece) {
            const bool apart = piece != row && piece->part.left > std::prev(piece)->part.right + 1;
            made.text += apart ? " " : "";
            const DrawnText& drawn = *piece->drawn;
            const bool to_the_cut = !drawn.whole.empty() && piece->part.last == drawn.text.size();
            made.text += to_the_cut
                             ? std::string_view(drawn.whole).substr(piece->part.first)
                             : std::string_view(drawn.text).substr(piece->part.first, piece->part.last - piece->part.first);
            const Box& place = piece->drawn->place;
            made.marks.push_back({piece->part.left, place.y, piece->part.right - piece->part.left, place.height});
        }
        row = end;
    }
    return made;
}

}  // namespace procatlas
