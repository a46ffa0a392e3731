// The colours of each theme by role, for the window and for figures.
#pragma once

#include <array>
#include <cstdint>

#include "core/scene/scene.h"

namespace procatlas {

struct Colour {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
    std::uint8_t alpha = 255;
};

// `print` is for paper and for a grey printer: white or nearly white fills, black ink, and a hatch for each region kind.
enum class Theme : std::uint8_t { light, dark, print };
inline constexpr std::size_t theme_count = static_cast<std::size_t>(Theme::print) + 1;

// Thin lines or dots over a fill, which distinguish it without colour.
enum class Hatch : std::uint8_t {
    none,
    rising,  // lines from the lower left to the upper right
    rising_dense,
    rising_wide,
    falling,
    falling_wide,
    crossed,  // rising and falling
    horizontal,
    vertical,
    grid,  // horizontal and vertical
    dots,
    dots_wide,
};
inline constexpr std::size_t hatch_count = static_cast<std::size_t>(Hatch::dots_wide) + 1;

struct HatchShape {
    float spacing = 0;  // between lines along an axis, and between dots, in the scene's units
    bool rising = false;
    bool falling = false;
    bool horizontal = false;
    bool vertical = false;
    float dot = 0;  // radius; 0: no dots
};
[[nodiscard]] HatchShape hatch_shape(Hatch hatch);

struct Palette {
    Colour window;  // behind the panels
    Colour panel;
    Colour control;  // buttons and fields
    Colour control_hovered;
    Colour control_active;
    Colour on_accent;  // text on the accent
    Colour scrim;      // over everything behind a dialog
    Colour hover_row;
    std::array<Colour, role_count> roles;
    std::array<Hatch, role_count> hatches{};
    bool ink_only = false;  // fills differ little: each has a hatch or an outline, and text on a hatch has a white plate

    [[nodiscard]] Colour of(Role role) const { return roles[static_cast<std::size_t>(role)]; }
    [[nodiscard]] Hatch hatch_of(Role role) const { return hatches[static_cast<std::size_t>(role)]; }
};

[[nodiscard]] const Palette& palette(Theme theme);

// Black or white, whichever is easier to read on `fill`.
[[nodiscard]] Colour ink_on(Colour fill);

// WCAG 2 contrast ratio, 1 to 21; alpha is ignored.
[[nodiscard]] double contrast(Colour a, Colour b);

// How many processes have a colour of their own.
inline constexpr std::size_t process_colours = 8;

// The colours of a process's badge: those of its column and its lane. `text` is readable on `fill`.
struct BadgeColours {
    Colour fill;
    Colour text;
};
[[nodiscard]] BadgeColours badge_colours(std::size_t process, Theme theme);

}  // namespace procatlas
