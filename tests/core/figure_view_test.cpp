// Compares figures with those in tests/fixtures/figures. To write those again, run
// PROCATLAS_GOLDEN=write build/dev/bin/core_tests -sf='*figure_view_test.cpp'. Pixels and widths depend on the fonts and on the
// libraries that draw them, so they are compared only if fonts.txt names the same ones.
#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include <pango/pango.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include "core/export/picture/figure.h"
#include "core/export/picture/pango_measure.h"
#include "figure_support.h"

using namespace procatlas;

namespace {

namespace fs = std::filesystem;

const fs::path golden_folder = fs::path(PROCATLAS_SOURCE_DIR) / "tests/fixtures/figures";

bool writing() {
    const char* wish = std::getenv("PROCATLAS_GOLDEN");
    return wish != nullptr && std::string_view(wish) == "write";
}

std::string read(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const fs::path& file, std::string_view bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

// The file that fontconfig chooses for `name`, and its version.
std::string face_version(const char* name) {
    const std::unique_ptr<FcPattern, void (*)(FcPattern*)> wanted(FcNameParse(reinterpret_cast<const FcChar8*>(name)),
                                                                  FcPatternDestroy);
    FcConfigSubstitute(nullptr, wanted.get(), FcMatchPattern);
    FcDefaultSubstitute(wanted.get());
    FcResult result = FcResultNoMatch;
    const std::unique_ptr<FcPattern, void (*)(FcPattern*)> match(FcFontMatch(nullptr, wanted.get(), &result), FcPatternDestroy);
    FcChar8* file = nullptr;
    int version = 0;
    if (match) {
        FcPatternGetString(match.get(), FC_FILE, 0, &file);
        FcPatternGetInteger(match.get(), FC_FONTVERSION, 0, &version);
    }
    const std::string path = file == nullptr ? "none" : reinterpret_cast<const char*>(file);
    return std::string(name) + ": " + fs::path(path).filename().string() + " " + std::to_string(version) + "\n";
}

std::string drawing_versions() {
    std::string text;
    for (const char* name : {"Inter", "Inter:semibold", "NanumGothic", "NanumGothic:bold", "JetBrains Mono",
                             "NanumGothicCoding", "DejaVu Sans", "DejaVu Sans:bold"}) {
        text += face_version(name);
    }
    FT_Library freetype = nullptr;
    int major = 0;
    int minor = 0;
    int patch = 0;
    REQUIRE(FT_Init_FreeType(&freetype) == 0);
    FT_Library_Version(freetype, &major, &minor, &patch);
    FT_Done_FreeType(freetype);
    text += "cairo " + std::string(cairo_version_string()) + "\npango " + pango_version_string() + "\nfreetype " +
            std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch) + "\n";
    return text;
}

struct Shown {
    std::string name;
    FigureOptions options;
};

std::vector<Shown> figures() {
    std::vector<Shown> all;
    for (const auto& [view_name, view] : {std::pair("memory", FigureView::memory), std::pair("tree", FigureView::tree),
                                          std::pair("timeline", FigureView::timeline), std::pair("all", FigureView::all)}) {
        for (const auto& [theme_name, theme] :
             {std::pair("light", Theme::light), std::pair("dark", Theme::dark), std::pair("print", Theme::print)}) {
            for (const char* language : {"en", "ko"}) {
                Shown shown{std::string(view_name) + "-" + theme_name + "-" + language, {}};
                shown.options.view = view;
                shown.options.theme = theme;
                shown.options.language = language;
                shown.options.scale = 1;
                // The child is a copy of its parent; at the end another one has become python.
                shown.options.moment = view == FigureView::memory ? 6 : 10;
                shown.options.pids = {2417, view == FigureView::memory ? 2418 : 2419};
                all.push_back(std::move(shown));
            }
        }
    }
    return all;
}

// All text between tags, without spaces, because line breaks depend on the fonts.
std::string texts_of(std::string_view svg) {
    std::string texts;
    bool inside = false;
    for (const char c : svg) {
        if (c == '<') {
            inside = true;
        } else if (c == '>') {
            inside = false;
        } else if (!inside && c != '\n' && c != ' ') {
            texts += c;
        }
    }
    return texts;
}

struct Pixels {
    int width = 0;
    int height = 0;
    std::vector<unsigned char> bytes;
};

Pixels pixels_of(const std::string& png) {
    struct Reader {
        const std::string& bytes;
        std::size_t at = 0;
    } reader{png};
    cairo_surface_t* surface = cairo_image_surface_create_from_png_stream(
        [](void* closure, unsigned char* data, unsigned int length) {
            Reader& source = *static_cast<Reader*>(closure);
            if (source.bytes.size() - source.at < length) {
                return CAIRO_STATUS_READ_ERROR;
            }
            std::copy_n(source.bytes.begin() + static_cast<std::ptrdiff_t>(source.at), length, data);
            source.at += length;
            return CAIRO_STATUS_SUCCESS;
        },
        &reader);
    Pixels pixels;
    if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS) {
        pixels.width = cairo_image_surface_get_width(surface);
        pixels.height = cairo_image_surface_get_height(surface);
        const std::ptrdiff_t stride = cairo_image_surface_get_stride(surface);
        const unsigned char* data = cairo_image_surface_get_data(surface);
        pixels.bytes.assign(data, data + stride * pixels.height);
    }
    cairo_surface_destroy(surface);
    return pixels;
}

// The number of pixels in which a colour differs by more than a rounding error.
std::size_t pixels_that_differ(const Pixels& a, const Pixels& b) {
    std::size_t count = 0;
    for (std::size_t i = 0; i + 3 < a.bytes.size(); i += 4) {
        bool differs = false;
        for (std::size_t c = 0; c < 3; ++c) {
            differs |= std::abs(a.bytes[i + c] - b.bytes[i + c]) > 3;
        }
        count += differs ? 1 : 0;
    }
    return count;
}

std::string render(const Shown& shown, FigureFormat format) {
    const auto figure = render_figure(family_recording(), shown.options, format, words_of(shown.options.language));
    REQUIRE(figure);
    return *figure;
}

void check_texts(const Scene& scene, const TextMeasure& measure) {
    std::vector<Box> boxes;
    for (const SceneLabel& label : scene.labels) {
        CAPTURE(label.text);
        CHECK(!label.text.ends_with("…"));
        const Box box{label.at.x, label.at.y, measure.width(label.text, label.style), measure.line_height(label.style)};
        CHECK((box.x >= 10 && box.y >= 10 && box.right() <= scene.width - 10 && box.bottom() <= scene.height - 10));
        const auto overlaps = [&](const Box& other) {
            return box.x < other.right() && other.x < box.right() && box.y + 1.5F < other.bottom() &&
                   other.y + 1.5F < box.bottom();
        };
        CHECK(std::ranges::none_of(boxes, overlaps));
        boxes.push_back(box);
    }
}

}  // namespace

TEST_CASE("figures look the same as the stored ones") {
    const bool same_faces = read(golden_folder / "fonts.txt") == drawing_versions();
    if (writing()) {
        fs::create_directories(golden_folder);
        write(golden_folder / "fonts.txt", drawing_versions());
    } else if (!same_faces) {
        MESSAGE("other faces than in fonts.txt: texts are compared, pixels are not");
    }
    for (const Shown& shown : figures()) {
        CAPTURE(shown.name);
        const std::string svg = render(shown, FigureFormat::svg);
        const std::string png = render(shown, FigureFormat::png);
        const fs::path svg_file = golden_folder / (shown.name + ".svg");
        const fs::path png_file = golden_folder / (shown.name + ".png");
        if (writing()) {
            write(svg_file, svg);
            write(png_file, png);
        }
        CHECK(texts_of(svg) == texts_of(read(svg_file)));
        if (same_faces || writing()) {
            CHECK((svg == read(svg_file)));
            const Pixels now = pixels_of(png);
            const Pixels then = pixels_of(read(png_file));
            CHECK(now.width == then.width);
            REQUIRE(now.height == then.height);
            REQUIRE(now.bytes.size() == then.bytes.size());
            CHECK(pixels_that_differ(now, then) == 0);
        }
    }
}

TEST_CASE("in no figure does a text overlap another, get cut or leave the picture") {
    const PangoMeasure measure;
    const Recording recording = family_recording();
    for (const FigureView view : {FigureView::memory, FigureView::tree, FigureView::timeline, FigureView::all}) {
        for (const char* language : {"en", "ko"}) {
            for (std::size_t moment = 0; moment <= recording.last_moment(); ++moment) {
                FigureOptions options;
                options.view = view;
                options.moment = moment;
                const auto scene = compose_figure(recording, options, words_of(language), measure);
                REQUIRE(scene);
                CAPTURE(moment);
                check_texts(scene->scene, measure);
            }
        }
    }
}

TEST_CASE("a figure of a moment shows that moment") {
    const Recording recording = family_recording();
    FigureOptions options;
    options.view = FigureView::all;
    options.moment = 5;
    const std::string early = *render_figure(recording, options, FigureFormat::svg, words_of("en"));
    CHECK(early.find("counter at") != std::string::npos);
    CHECK(early.find("zombie") == std::string::npos);
    CHECK(early.find("Traceback") == std::string::npos);
    options.moment = 10;
    const std::string late = *render_figure(recording, options, FigureFormat::svg, words_of("en"));
    CHECK(late.find("zombie") != std::string::npos);
    CHECK(late.find("Traceback") != std::string::npos);
}

TEST_CASE("an unknown moment or process is an error with a sentence") {
    const Recording recording = family_recording();
    FigureOptions options;
    options.moment = 11;
    const auto moment = render_figure(recording, options, FigureFormat::svg, words_of("en"));
    REQUIRE(!moment);
    CHECK(moment.error().message == "there is no moment 11: the last one is 10");
    options.moment = 2;
    options.pids = {2419};
    const auto pid = render_figure(recording, options, FigureFormat::svg, words_of("en"));
    REQUIRE(!pid);
    CHECK(pid.error().message == "there is no process 2419 at moment 2");
}

TEST_CASE("an empty recording and one without maps make figures") {
    for (const FigureView view : {FigureView::memory, FigureView::tree, FigureView::timeline, FigureView::all}) {
        FigureOptions options;
        options.view = view;
        CHECK(render_figure(Recording(), options, FigureFormat::png, words_of("ko")));
        Script script;
        script.add(2, StartEvent{1, {"a"}, "/"});
        CHECK(render_figure(script.recording, options, FigureFormat::svg, words_of("ko")));
    }
}

TEST_CASE("a long output shows its last lines, and says how many came before") {
    Script script;
    script.add(2, StartEvent{1, {"a"}, "/"});
    for (int i = 1; i <= 100; ++i) {
        script.add(2, printed("line " + std::to_string(i) + "\n"));
    }
    FigureOptions options;
    options.moment = script.recording.last_moment();
    const std::string svg = *render_figure(script.recording, options, FigureFormat::svg, words_of("en"));
    CHECK(svg.find(">line 100<") != std::string::npos);
    CHECK(svg.find(">line 77<") != std::string::npos);
    CHECK(svg.find(">line 76<") == std::string::npos);
    CHECK(svg.find("76 lines before") != std::string::npos);
}
