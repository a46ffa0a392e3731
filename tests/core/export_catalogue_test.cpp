// The catalogue of exports: procatlas can make everything in it, and what README and help say about it is true.
#include <doctest/doctest.h>

#include <array>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "core/export/catalogue.h"
#include "tests/core/figure_support.h"

namespace {

using namespace procatlas;

std::string readme() {
    std::ifstream file(PROCATLAS_SOURCE_DIR "/README.md");
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("each format of the catalogue shows each of its views") {
    const Recording recording = family_recording();
    const Messages english = words_of("en");
    const Messages korean = words_of("ko");
    const std::array languages{PageLanguage{"en", english}, PageLanguage{"ko", korean}};
    for (const ExportFormat& format : export_formats()) {
        for (const ExportView& view : export_views()) {
            if (format.shows(view.view)) {
                ExportRequest request{recording, {}, false, false, languages};
                request.options.view = view.view;
                request.options.moment = recording.last_moment();
                const auto bytes = format.render(request);
                CHECK_MESSAGE((bytes && !bytes->empty()), format.name << " of " << view.name);
            }
        }
    }
}

TEST_CASE("what is exported of a moment has the events up to that moment, and that one too") {
    const Recording recording = family_recording();
    const Messages english = words_of("en");
    const std::array languages{PageLanguage{"en", english}};
    for (std::size_t moment = 0; moment <= recording.last_moment(); ++moment) {
        ExportRequest request{recording, {}, false, false, languages};
        request.options.moment = moment;
        const auto bytes = find_export_format("json")->render(request);
        REQUIRE(bytes);
        CHECK(nlohmann::json::parse(*bytes)["events"].size() == moment + 1);
    }
}

TEST_CASE("no picture of 6,000 processes is made, and the formats that tell all of them are named") {
    Recording recording;
    const auto add = [&](ProcessKey process, EventDetail detail) {
        ObservedEvent event;
        event.process = process;
        event.thread = process.pid;
        event.detail = std::move(detail);
        recording.append(std::move(event));
    };
    add({1, 1}, StartEvent{0, {"x"}, "/"});
    for (int pid = 2; pid <= 6000; ++pid) {
        ForkEvent fork;
        fork.child = {pid, static_cast<std::uint64_t>(pid)};
        add({1, 1}, std::move(fork));
    }
    const Messages english = words_of("en");
    const std::array languages{PageLanguage{"en", english}};
    ExportRequest request{recording, {}, false, false, languages};
    request.options.moment = recording.last_moment();
    for (const FigureView view : {FigureView::tree, FigureView::timeline, FigureView::all}) {
        request.options.view = view;
        const auto bytes = find_export_format("svg")->render(request);
        REQUIRE_FALSE(bytes);
        CHECK(bytes.error().message.find("JSON tell all") != std::string::npos);
    }
    request.options.moment = 0;  // its lanes are those of the whole run
    request.options.view = FigureView::timeline;
    CHECK_FALSE(find_export_format("svg")->render(request));
    request.options.view = FigureView::tree;
    CHECK(find_export_format("svg")->render(request));
    request.options.moment = recording.last_moment();
    request.options.view = FigureView::stage;
    CHECK(find_export_format("svg")->render(request));
    request.options.view = FigureView::tree;
    CHECK(find_export_format("dot")->render(request));
}

TEST_CASE("a format of the catalogue refuses a moment that is not there, in words") {
    const Recording recording = family_recording();
    const Messages english = words_of("en");
    const std::array languages{PageLanguage{"en", english}};
    for (const char* name : {"svg", "pdf", "png"}) {
        ExportRequest request{recording, {}, false, false, languages};
        request.options.moment = recording.last_moment() + 1;
        const auto bytes = find_export_format(name)->render(request);
        REQUIRE(!bytes);
        CHECK(!bytes.error().message.empty());
    }
}

TEST_CASE("names in the catalogue are unique, and unknown names are refused") {
    std::set<std::string_view> names;
    for (const ExportFormat& format : export_formats()) {
        CHECK(names.insert(format.name).second);
        CHECK(find_export_format(format.name) == &format);
        CHECK(format.extension.starts_with('.'));
        CHECK(format.shows(FigureView::all));
    }
    names.clear();
    for (const ExportView& view : export_views()) {
        CHECK(names.insert(view.name).second);
        CHECK(find_export_view(view.name) == &view);
        CHECK(words_of("en").has(view.word));
        CHECK(words_of("ko").has(view.word));
    }
    CHECK(find_export_format("doc") == nullptr);
    CHECK(find_export_view("") == nullptr);
    CHECK(format_names(FigureView::tree) == "svg, pdf, png, html, dot, mermaid");
    CHECK(format_names(FigureView::source) == "svg, pdf, png, html, text, json");
}

TEST_CASE("README names each format and each view of the catalogue") {
    const std::string text = readme();
    for (const ExportFormat& format : export_formats()) {
        CHECK_MESSAGE(text.find("`" + std::string(format.name) + "`") != std::string::npos, format.name);
    }
    for (const ExportView& view : export_views()) {
        CHECK_MESSAGE(text.find(view.name) != std::string::npos, view.name);
    }
}
