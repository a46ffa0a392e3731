#include <doctest/doctest.h>

#include <set>
#include <tuple>

#include "core/scene/palette.h"

using namespace procatlas;

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
        for (std::size_t process = 0; process < 6; ++process) {
            const BadgeColours badge = badge_colours(process, theme);
            CHECK(contrast(badge.text, badge.fill) >= 4.5);
        }
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
    for (const Role lane : {Role::lane_1, Role::lane_2, Role::lane_3, Role::lane_4, Role::lane_5, Role::lane_6}) {
        for (const Role mark : {Role::pin, Role::trace, Role::warning}) {
            CHECK(contrast(p.of(mark), p.of(lane)) >= 12);
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
