// A text as Dear ImGui takes it.
#include "app/paint/text_ends.h"

#include <doctest/doctest.h>

#include <cfloat>
#include <memory>

#include "app/paint/imgui_compat.h"

namespace procatlas {

TEST_CASE("Dear ImGui measures a text of two null pointers, which is empty") {
    const std::unique_ptr<ImGuiContext, void (*)(ImGuiContext*)> context(ImGui::CreateContext(), ImGui::DestroyContext);
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    const ImFont* font = atlas.AddFontDefault();
    REQUIRE(atlas.Build());
    const TextEnds nothing{std::string_view()};
    CHECK(font->CalcTextSizeA(13, FLT_MAX, 0, nothing.begin, nothing.end).x == 0);
    const TextEnds word{std::string_view("word and more").substr(0, 4)};
    const TextEnds same{std::string_view("word")};
    CHECK(font->CalcTextSizeA(13, FLT_MAX, 0, word.begin, word.end).x ==
          font->CalcTextSizeA(13, FLT_MAX, 0, same.begin, same.end).x);
}

}  // namespace procatlas
