#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <tuple>

#include "core/scene/palette.h"
#include "core/scene/text_face.h"

using namespace procatlas;

namespace {

using Triple = std::array<double, 3>;
using Matrix = std::array<Triple, 3>;

// How a colour is seen: linear RGB times this. Machado, Oliveira and Fernandes 2009, severity 1.
struct Sight {
    const char* name;
    Matrix matrix;
};
constexpr std::array<Sight, 4> sights{
    {{"three kinds of cones", {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}},
     {"protanopia", {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}}},
     {"deuteranopia", {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}}},
     {"tritanopia", {{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}}}}};

Triple times(const Matrix& matrix, const Triple& v) {
    Triple made{};
    for (std::size_t i = 0; i < 3; ++i) {
        made[i] = matrix[i][0] * v[0] + matrix[i][1] * v[1] + matrix[i][2] * v[2];
    }
    return made;
}

// CIELAB, white point D65.
Triple lab_of(Colour colour, const Sight& sight) {
    constexpr Matrix to_xyz{
        {{0.4124564, 0.3575761, 0.1804375}, {0.2126729, 0.7151522, 0.0721750}, {0.0193339, 0.1191920, 0.9503041}}};
    const auto linear = [](std::uint8_t value) {
        const double v = value / 255.0;
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    Triple seen = times(sight.matrix, {linear(colour.red), linear(colour.green), linear(colour.blue)});
    for (double& part : seen) {
        part = std::clamp(part, 0.0, 1.0);
    }
    const Triple xyz = times(to_xyz, seen);
    const Triple white = times(to_xyz, {1, 1, 1});
    Triple f{};
    for (std::size_t i = 0; i < 3; ++i) {
        const double part = xyz[i] / white[i];
        f[i] = part > 0.008856 ? std::cbrt(part) : 7.787 * part + 16.0 / 116;
    }
    return {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

// CIE 1976.
double difference(Colour a, Colour b, const Sight& sight) {
    const Triple one = lab_of(a, sight);
    const Triple other = lab_of(b, sight);
    return std::hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

}  // namespace

TEST_CASE("text is readable on every colour behind it, in every theme") {
    for (const Theme theme : {Theme::light, Theme::dark, Theme::print}) {
        const Palette& p = palette(theme);
        for (std::size_t i = static_cast<std::size_t>(Role::code); i < role_count; ++i) {
            INFO("role ", i, " theme ", static_cast<int>(theme));
            CHECK(contrast(ink_on(p.roles[i]), p.roles[i]) >= 4.5);
        }
        for (const Role role : {Role::text, Role::muted, Role::accent, Role::warning}) {
            for (const Colour ground : {p.panel, p.window, p.of(Role::card), p.of(Role::card_gone)}) {
                INFO("role ", static_cast<int>(role), " theme ", static_cast<int>(theme));
                CHECK(contrast(p.of(role), ground) >= 4.5);
            }
        }
        CHECK(contrast(p.on_accent, p.of(Role::accent)) >= 4.5);
        for (std::size_t process = 0; process < process_colours; ++process) {
            const BadgeColours badge = badge_colours(process, theme);
            CHECK(contrast(badge.text, badge.fill) >= 4.5);
        }
    }
}

TEST_CASE("no text is too small to be read from behind") {
    for (std::size_t i = 0; i < text_style_count; ++i) {
        INFO("style ", i);
        CHECK(face_of(static_cast<TextStyle>(i)).size >= 13.5F);
    }
}

TEST_CASE("without colours, each kind of region has a distinct look, light enough for ink") {
    const Palette& p = palette(Theme::print);
    std::set<std::tuple<int, Hatch>> looks;
    for (std::size_t i = static_cast<std::size_t>(Role::code); i < role_count; ++i) {
        const Colour fill = p.roles[i];
        CHECK(fill.red == fill.green);
        CHECK(fill.green == fill.blue);
        CHECK(contrast(fill, {0, 0, 0}) >= 15);
        looks.insert({fill.red, p.hatches[i]});
    }
    CHECK(looks.size() == role_count - static_cast<std::size_t>(Role::code));
}

TEST_CASE("on paper, text and marks on timeline lanes are dark on light") {
    const Palette& p = palette(Theme::print);
    for (std::size_t process = 0; process < process_colours; ++process) {
        const auto lane = static_cast<Role>(static_cast<std::size_t>(Role::lane_1) + process);
        for (const Role mark : {Role::pin, Role::trace, Role::warning}) {
            CHECK(contrast(p.of(mark), p.of(lane)) >= 12);
        }
    }
}

TEST_CASE("the colours of eight processes are told apart by people with each kind of colour blindness, and stand out") {
    for (const Theme theme : {Theme::light, Theme::dark}) {
        for (std::size_t a = 0; a < process_colours; ++a) {
            const Colour one = badge_colours(a, theme).fill;
            const Palette& p = palette(theme);
            for (const Colour ground : {p.panel, p.window, p.of(Role::card), p.of(Role::card_gone)}) {
                INFO("process ", a, " theme ", static_cast<int>(theme));
                CHECK(contrast(one, ground) >= 3);  // WCAG 2.1, 1.4.11: the edge of a card tells whose it is
            }
            for (std::size_t b = 0; b < a; ++b) {
                for (const Sight& sight : sights) {
                    INFO("processes ", a, " and ", b, ", ", sight.name);
                    CHECK(difference(one, badge_colours(b, theme).fill, sight) >= 15);  // 2.3 is just noticed
                }
            }
        }
    }
}

TEST_CASE("every hatch but none draws something") {
    for (std::size_t i = 0; i < hatch_count; ++i) {
        const HatchShape shape = hatch_shape(static_cast<Hatch>(i));
        const bool draws = shape.rising || shape.falling || shape.horizontal || shape.vertical || shape.dot > 0;
        CHECK(draws == (static_cast<Hatch>(i) != Hatch::none));
        CHECK((shape.spacing > 2 * shape.dot || !draws));
    }
}
