// The colours of both themes, by role. No ImGui here, so that their contrast can be tested.
#pragma once

#include <array>
#include <cstdint>

#include "core/layout/scene.h"

namespace procatlas {

struct Colour {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
    std::uint8_t alpha = 255;
};

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

    [[nodiscard]] Colour of(Role role) const { return roles[static_cast<std::size_t>(role)]; }
};

[[nodiscard]] const Palette& palette(bool dark);

// Black or white text on `fill`, whichever reads better.
[[nodiscard]] Colour ink_on(Colour fill);

// WCAG 2 contrast ratio, 1 to 21; alpha is ignored.
[[nodiscard]] double contrast(Colour a, Colour b);

// A steady colour for a pid's badge, as in the output: `text` reads on `fill`.
struct BadgeColours {
    Colour fill;
    Colour text;
};
[[nodiscard]] BadgeColours badge_colours(std::size_t process, bool dark);

}  // namespace procatlas
