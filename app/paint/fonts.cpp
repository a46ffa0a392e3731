#include "app/paint/fonts.h"

#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include FT_FREETYPE_H

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <memory>

#include "app/paint/imgui_compat.h"
#include "app/paint/text_ends.h"
#include "core/base/text.h"
#include "core/scene/text_face.h"

namespace procatlas {

namespace {

// More than any shown text needs, but few enough for one texture. Output with many rare characters must not make the texture
// huge.
constexpr std::size_t glyph_limit = 6000;

static_assert(sizeof(ImWchar) == sizeof(unsigned short));

struct PatternDeleter {
    void operator()(FcPattern* pattern) const { FcPatternDestroy(pattern); }
};
using Pattern = std::unique_ptr<FcPattern, PatternDeleter>;

// The height of a line, from the highest ascender to the lowest descender; 1 of a file that is no font.
float lines_an_em(const FontBytes& bytes, int index) {
    FT_Library library = nullptr;
    FT_Face face = nullptr;
    float height = 1;
    if (!bytes.empty() && FT_Init_FreeType(&library) == 0) {
        const auto* data = static_cast<const FT_Byte*>(bytes.data());
        if (FT_New_Memory_Face(library, data, static_cast<FT_Long>(bytes.size()), index, &face) == 0) {
            const int line = face->ascender - face->descender;
            height = line > 0 && face->units_per_EM > 0 ? static_cast<float>(line) / static_cast<float>(face->units_per_EM) : 1;
            FT_Done_Face(face);
        }
        FT_Done_FreeType(library);
    }
    return height;
}

struct FontFile {
    std::string path;
    int index = 0;
};

FontFile find_font(const std::string& name) {
    Pattern wanted(FcNameParse(reinterpret_cast<const FcChar8*>(name.c_str())));
    FcConfigSubstitute(nullptr, wanted.get(), FcMatchPattern);
    FcDefaultSubstitute(wanted.get());
    FcResult result = FcResultNoMatch;
    const Pattern match(FcFontMatch(nullptr, wanted.get(), &result));
    FcChar8* path = nullptr;
    FontFile file;
    if (match && FcPatternGetString(match.get(), FC_FILE, 0, &path) == FcResultMatch) {
        file.path = reinterpret_cast<const char*>(path);
        FcPatternGetInteger(match.get(), FC_INDEX, 0, &file.index);
        file.index &= 0xFFFF;  // the upper half selects an instance of a variable font
    }
    return file;
}

}  // namespace

void Fonts::need(std::string_view text) const {
    if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
        return;
    }
    for (std::size_t at = 0; at < text.size();) {
        const char32_t c = next_code_point(text, at);
        if (c > 0xFF && c < 0xFFFF && glyphs_.size() < glyph_limit && glyphs_.insert(c).second) {
            stale_ = true;
        }
    }
}

const Fonts::Face& Fonts::face(const std::string& pattern) {
    const auto [found, fresh] = faces_.try_emplace(pattern);
    if (fresh) {
        const FontFile file = find_font(pattern);
        found->second.data = FontBytes(file.path);
        found->second.index = file.index;
        found->second.lines_an_em = lines_an_em(found->second.data, file.index);
    }
    return found->second;
}

void Fonts::add(TextStyle style, const std::vector<std::string>& patterns, float size) {
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    ImFont*& font = fonts_[static_cast<std::size_t>(style)];
    font = nullptr;
    float first_line = 1;
    for (const std::string& pattern : patterns) {
        const Face& chosen = face(pattern);
        if (chosen.data.empty()) {
            continue;
        }
        ImFontConfig config;
        config.FontDataOwnedByAtlas = true;  // it would copy the file's bytes otherwise, each time that it is built
        config.FontNo = chosen.index;
        config.MergeMode = font != nullptr;
        // ImGui makes the lines of fonts equally high. Letters of one line should be equally large.
        first_line = font ? first_line : chosen.lines_an_em;
        const float own_size = std::round(size * chosen.lines_an_em / first_line);
        config.PixelSnapH = true;
        config.OversampleH = config.OversampleV = 1;
        font = atlas.AddFontFromMemoryTTF(chosen.data.data(), static_cast<int>(chosen.data.size()), own_size, &config,
                                          ranges_.data());
        atlas.ConfigData.back().FontDataOwnedByAtlas = false;  // they are ours, so it must not free them
    }
    if (font == nullptr) {
        font = atlas.AddFontDefault();
    }
}

void Fonts::prepare(float scale) {
    if (!stale_ && scale == scale_) {
        return;
    }
    scale_ = scale;
    ++builds_;
    stale_ = false;
    ranges_ = {0x20, 0xFF};
    for (const char32_t c : glyphs_) {
        const auto glyph = static_cast<unsigned short>(c);
        if (ranges_.back() + 1 == glyph) {
            ranges_.back() = glyph;
        } else {
            ranges_.insert(ranges_.end(), {glyph, glyph});
        }
    }
    ranges_.push_back(0);

    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    atlas.Clear();
    atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
    atlas.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
    const std::vector<std::string> regular = {"Inter,DejaVu Sans", "NanumGothic:lang=ko", "DejaVu Sans"};
    const std::vector<std::string> semibold = {"Inter,DejaVu Sans:semibold", "NanumGothic:lang=ko:bold", "DejaVu Sans:bold"};
    const std::vector<std::string> mono = {"JetBrains Mono,DejaVu Sans Mono", "NanumGothicCoding,NanumGothic:lang=ko",
                                           "DejaVu Sans Mono", "DejaVu Sans"};
    for (std::size_t i = 0; i < text_style_count; ++i) {
        const auto style = static_cast<TextStyle>(i);
        const TextFace face = face_of(style);
        add(style, face.strong ? semibold : face.mono ? mono : regular, std::round(face.size * scale));
    }
    atlas.Build();
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
}

float Fonts::width(std::string_view text, TextStyle style) const {
    need(text);
    const ImFont* face = font(style);
    const TextEnds ends(text);
    return face->CalcTextSizeA(face->FontSize, FLT_MAX, 0, ends.begin, ends.end).x / scale_;
}

float Fonts::line_height(TextStyle style) const {
    return font(style)->FontSize / scale_;
}

}  // namespace procatlas
