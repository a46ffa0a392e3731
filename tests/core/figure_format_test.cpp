// Other programs can read our figures: poppler, libxml2, ImageMagick.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/export/picture/figure.h"
#include "core/export/picture/svg_export.h"
#include "figure_support.h"
#include "tests/support/run_line.h"

using namespace procatlas;

namespace {

namespace fs = std::filesystem;

Ran run(const std::string& command) {
    return run_line(command + " 2>&1");
}

// A file in a folder of its own; the destructor removes both.
class FigureFile {
public:
    FigureFile(std::string_view bytes, const std::string& name) {
        std::string pattern = (fs::temp_directory_path() / "procatlas-figure-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        folder_ = pattern;
        path_ = folder_ / name;
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    FigureFile(const FigureFile&) = delete;
    FigureFile& operator=(const FigureFile&) = delete;
    ~FigureFile() { fs::remove_all(folder_); }
    [[nodiscard]] std::string path() const { return path_.string(); }
    [[nodiscard]] fs::path folder() const { return folder_; }

private:
    fs::path folder_;
    fs::path path_;
};

std::string figure_of(const Recording& recording, FigureFormat format, const std::string& language,
                      FigureView view = FigureView::all, std::string_view carried = {}) {
    FigureOptions options;
    options.view = view;
    options.moment = recording.last_moment();
    options.language = language;
    options.scale = 1;
    options.recording_file = carried;
    const auto figure = render_figure(recording, options, format, words_of(language));
    REQUIRE(figure);
    return *figure;
}

const std::array<std::string, 7> hostile_names{"</svg>",       "\"quoted' & <b>",           "--> ]]> <![CDATA[",
                                               "two\nlines\r", "\xE2\x80\xAEright to left", "=cmd|' /C calc'!A0",
                                               "\xFF\xC3(\x01"};

}  // namespace

TEST_CASE("pdftotext finds the words of a PDF, the Korean ones too") {
    const FigureFile english(figure_of(family_recording(), FigureFormat::pdf, "en"), "f.pdf");
    const std::string text = run("pdftotext " + english.path() + " -").output;
    for (const char* word : {"heap", "stack", "shared memory", "2 libraries", "python3.11", "zombie", "0x000000000000"}) {
        CHECK_MESSAGE(text.find(word) != std::string::npos, word);
    }
    const FigureFile korean(figure_of(family_recording(), FigureFormat::pdf, "ko"), "f.pdf");
    const std::string words = run("pdftotext " + korean.path() + " -").output;
    for (const char* word : {"힙 영역", "스택 영역", "데이터 영역", "프로세스 트리", "좀비", "안녕하세요! 저는 자식입니다"}) {
        CHECK_MESSAGE(words.find(word) != std::string::npos, word);
    }
}

TEST_CASE("a PDF lists its recording as an attachment, which can be extracted, and renders without warnings") {
    const std::string recording(5000, 'r');
    const FigureFile file(figure_of(family_recording(), FigureFormat::pdf, "en", FigureView::tree, recording), "f.pdf");
    const Ran list = run("pdfdetach -list " + file.path());
    CHECK(list.status == 0);
    CHECK(list.output.find("1: recording.procatlas") != std::string::npos);
    CHECK(list.output.find("rror") == std::string::npos);
    const fs::path saved = file.folder() / "saved";
    CHECK(run("pdfdetach -save 1 -o " + saved.string() + " " + file.path()).status == 0);
    std::ifstream stream(saved, std::ios::binary);
    CHECK((std::string(std::istreambuf_iterator<char>(stream), {}) == recording));
    const Ran drawn = run("pdftoppm -r 20 -png " + file.path() + " " + (file.folder() / "page").string());
    CHECK(drawn.status == 0);
    CHECK(drawn.output.empty());
    CHECK(fs::exists(file.folder() / "page-1.png"));
}

TEST_CASE("an SVG is well-formed XML, whatever a process is called") {
    for (const std::string& name : hostile_names) {
        const FigureFile file(figure_of(family_recording(name), FigureFormat::svg, "ko", FigureView::all, "carried"), "f.svg");
        const Ran checked = run("xmllint --noout " + file.path());
        CHECK_MESSAGE(checked.status == 0, checked.output);
        CHECK_MESSAGE(checked.output.empty(), checked.output);
        // One picture, without anything that a browser would run or load.
        CHECK(run("xmllint --xpath 'count(//*[local-name()=\"svg\"])' " + file.path()).output.starts_with("1"));
        CHECK(run("xmllint --xpath 'count(//*[local-name()=\"script\" or local-name()=\"image\" or local-name()=\"a\"])' " +
                  file.path())
                  .output.starts_with("0"));
    }
}

TEST_CASE("hostile names make figures in every format and theme") {
    for (const std::string& name : hostile_names) {
        for (const FigureFormat format : {FigureFormat::svg, FigureFormat::pdf, FigureFormat::png}) {
            CHECK(!figure_of(family_recording(name), format, "en", FigureView::tree).empty());
        }
    }
}

TEST_CASE("a PNG that carries its recording is valid for other programs") {
    const FigureFile file(figure_of(family_recording(), FigureFormat::png, "en", FigureView::tree, "carried"), "f.png");
    const Ran seen = run("identify -regard-warnings -format '%m %w' " + file.path());
    CHECK(seen.status == 0);
    CHECK_MESSAGE(seen.output.starts_with("PNG 4"), seen.output);
}

TEST_CASE("texts are escaped for XML") {
    CHECK(xml_text("a<b>&\"c'") == "a&lt;b&gt;&amp;&quot;c&#39;");
    CHECK(xml_text("x\x01y\nz") == "x\xEF\xBF\xBDy&#10;z");
    CHECK(xml_text("\xFF") == "\xEF\xBF\xBD");
    CHECK(xml_text("힙") == "힙");
}

TEST_CASE("a figure too large for a PNG is refused with a sentence, but can be a PDF") {
    Script script;
    script.add(2, StartEvent{1, {"many"}, "/"});
    for (std::int32_t pid = 3; pid < 1200; ++pid) {
        script.add(2, fork_of(2, pid));
    }
    FigureOptions options;
    options.view = FigureView::tree;
    options.moment = script.recording.last_moment();
    const auto png = render_figure(script.recording, options, FigureFormat::png, words_of("en"));
    REQUIRE(!png);
    CHECK(png.error().message.find("too large for a PNG") != std::string::npos);
    const auto pdf = render_figure(script.recording, options, FigureFormat::pdf, words_of("en"));
    REQUIRE(pdf);
    const FigureFile file(*pdf, "f.pdf");
    CHECK(run("pdfinfo " + file.path()).output.find("14400 pts") != std::string::npos);
}
