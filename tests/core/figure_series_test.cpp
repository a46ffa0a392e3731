#include "core/export/picture/figure_series.h"

#include <doctest/doctest.h>

#include "figure_support.h"

using namespace procatlas;

TEST_CASE("every step of a program is one figure, numbered so that the files sort in its order") {
    const Recording recording = family_recording();
    const std::vector<std::size_t> steps = steps_of(recording);
    REQUIRE(steps.size() > 3);
    std::vector<std::size_t> places;
    FigureOptions options;
    options.view = FigureView::tree;
    REQUIRE(render_series(recording, options, FigureFormat::svg, steps, words_of("en"),
                          [&](std::size_t place, std::string_view bytes) -> Result<void> {
                              places.push_back(place);
                              CHECK(bytes.find("<svg") != std::string_view::npos);
                              return {};
                          }));
    CHECK(places.size() == steps.size());
    CHECK(places.front() == 1);
    CHECK(series_file("/tmp/fork.svg", 7, 12) == "/tmp/fork-07.svg");
    CHECK(series_file("fork.png", 7, 120) == "fork-007.png");
}

TEST_CASE("the pages of one PDF are as many as the steps, and too many are refused before any is drawn") {
    const Recording recording = family_recording();
    FigureOptions options;
    options.view = FigureView::tree;
    const std::vector<std::size_t> three{2, 3, 4};
    const auto pages = render_pages(recording, options, three, words_of("en"));
    REQUIRE(pages);
    CHECK(pages->find("/Count 3") != std::string::npos);
    const std::vector<std::size_t> many(most_figures + 1, 2);
    CHECK(!render_pages(recording, options, many, words_of("en")));
}

TEST_CASE("a series ends where whoever watches it says so, with what was made until then") {
    const Recording recording = family_recording();
    FigureOptions options;
    options.view = FigureView::tree;
    const std::vector<std::size_t> four{1, 2, 3, 4};
    std::size_t made = 0;
    const auto two = [](std::size_t done) { return done < 2; };
    const auto stopped = render_series(
        recording, options, FigureFormat::svg, four, words_of("en"),
        [&](std::size_t, std::string_view) -> Result<void> {
            ++made;
            return {};
        },
        two);
    CHECK(!stopped);
    CHECK(made == 2);
    CHECK(stopped.error().message == words_of("en").format("figure.stopped", 2));
    CHECK(!render_pages(recording, options, four, words_of("en"), two));
}
