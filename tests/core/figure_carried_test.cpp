#include "core/export/carry/carried_recording.h"

#include <zlib.h>

#include <fstream>
#include <random>

#include "core/export/picture/figure.h"
#include "figure_support.h"

using namespace procatlas;

namespace {

constexpr FigureFormat formats[] = {FigureFormat::svg, FigureFormat::pdf, FigureFormat::png};

// A tree with `name` in it, without a recording.
std::string figure_of(FigureFormat format, const std::string& name = "family") {
    const Recording recording = family_recording(name);
    FigureOptions options;
    options.view = FigureView::tree;
    options.moment = 4;
    options.scale = 1;
    const auto figure = render_figure(recording, options, format, words_of("en"));
    REQUIRE(figure);
    return *figure;
}

std::string noise(std::size_t size) {
    std::mt19937 random(7);
    std::string bytes(size, '\0');
    for (char& c : bytes) {
        c = static_cast<char>(random());
    }
    return bytes;
}

std::string carrying(FigureFormat format, std::string_view recording, std::size_t moment) {
    auto figure = attach_recording(figure_of(format), format, recording, moment);
    REQUIRE(figure);
    return *figure;
}

}  // namespace

TEST_CASE("the recording in a figure is extracted unchanged, whatever its bytes") {
    const std::string recordings[] = {"", "x", std::string("\0\r\n</svg>--> ]]> endstream endobj", 33), noise(100'000),
                                      std::string(3'000'000, 'a')};
    for (const FigureFormat format : formats) {
        for (const std::string& recording : recordings) {
            const auto carried = extract_recording(carrying(format, recording, 12345));
            REQUIRE(carried);
            REQUIRE(*carried);
            CHECK(((*carried)->bytes == recording));
            CHECK((*carried)->moment == 12345);
        }
    }
}

TEST_CASE("a figure carries the given file and its own moment") {
    const Recording recording = family_recording();
    const std::string file = noise(5000);
    for (const FigureFormat format : formats) {
        FigureOptions options;
        options.moment = 7;
        options.recording_file = file;
        const auto figure = render_figure(recording, options, format, words_of("ko"));
        REQUIRE(figure);
        const auto carried = extract_recording(*figure);
        REQUIRE(carried);
        REQUIRE(*carried);
        CHECK(((*carried)->bytes == file));
        CHECK((*carried)->moment == 7);
    }
}

TEST_CASE("a figure without a recording is not an error, but a file that is not a figure is") {
    for (const FigureFormat format : formats) {
        const auto carried = extract_recording(figure_of(format));
        REQUIRE(carried);
        CHECK(!*carried);
    }
    CHECK(!extract_recording(""));
    CHECK(!extract_recording("SQLite format 3"));
}

TEST_CASE("names in a picture are not mistaken for the recording it carries") {
    const std::string name = "<procatlas:recording moment=\"1\">/ProcatlasMoment 1 prAt";
    for (const FigureFormat format : formats) {
        const std::string figure = figure_of(format, name);
        const auto plain = extract_recording(figure);
        REQUIRE(plain);
        CHECK(!*plain);
        const auto carried = extract_recording(*attach_recording(figure, format, "the recording", 3));
        REQUIRE(carried);
        REQUIRE(*carried);
        CHECK((*carried)->bytes == "the recording");
    }
}

TEST_CASE("a figure that is truncated or has a wrong byte is refused, or gives its original recording") {
    const std::string recording = noise(300);
    for (const FigureFormat format : formats) {
        const std::string figure = carrying(format, recording, 2);
        for (std::size_t length = 0; length < figure.size(); length += figure.size() / 200 + 1) {
            const auto carried = extract_recording(figure.substr(0, length));
            CHECK((!carried || !*carried || (*carried)->bytes == recording));
        }
        std::size_t refused = 0;
        for (std::size_t at = 0; at < figure.size(); at += 3) {
            std::string changed = figure;
            changed[at] = static_cast<char>(changed[at] ^ 0x20);
            const auto carried = extract_recording(changed);
            refused += carried ? 0 : 1;
            CHECK((!carried || !*carried || (*carried)->bytes == recording));
        }
        CHECK(refused > 50);
    }
}

TEST_CASE("a recording that would unpack to more than the limit is refused") {
    std::string bomb(compressBound(carried_limit + 1), '\0');
    z_stream stream{};
    REQUIRE(deflateInit(&stream, 9) == Z_OK);
    stream.next_out = reinterpret_cast<Bytef*>(bomb.data());
    stream.avail_out = static_cast<uInt>(bomb.size());
    std::string zeros(1 << 20, '\0');
    for (std::size_t i = 0; i <= carried_limit >> 20; ++i) {
        stream.next_in = reinterpret_cast<Bytef*>(zeros.data());
        stream.avail_in = static_cast<uInt>(zeros.size());
        REQUIRE(deflate(&stream, i == carried_limit >> 20 ? Z_FINISH : Z_NO_FLUSH) >= Z_OK);
    }
    bomb.resize(stream.total_out);
    deflateEnd(&stream);
    // In place of the packed recording of a PDF, whose length is set to fit.
    std::string figure = carrying(FigureFormat::pdf, "small", 1);
    const std::size_t length = figure.rfind("/Length ");
    const std::size_t data = figure.find("stream\n", length) + 7;
    figure = figure.substr(0, length) + "/Length " + std::to_string(bomb.size()) + " >>\nstream\n" + bomb + figure.substr(data);
    // The table of objects moved.
    const std::size_t table = figure.rfind("xref\n", figure.rfind("startxref") - 1);
    figure = figure.substr(0, figure.rfind("startxref")) + "startxref\n" + std::to_string(table) + "\n%%EOF\n";
    const auto carried = extract_recording(figure);
    REQUIRE(!carried);
    CHECK(carried.error().message.find("255 MiB") != std::string::npos);
}
