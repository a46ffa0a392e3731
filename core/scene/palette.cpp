#include "core/scene/palette.h"

#include <algorithm>
#include <cmath>

namespace procatlas {

namespace {

constexpr Colour rgb(std::uint32_t value) {
    return {static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value),
            255};
}

using Roles = std::array<Colour, role_count>;

// Region colours are those of Okabe and Ito, which colour-blind people can distinguish. Some are darkened so that white text is
// readable on them.
constexpr void set_regions(Roles& roles) {
    const auto set = [&](Role role, std::uint32_t value) { roles[static_cast<std::size_t>(role)] = rgb(value); };
    set(Role::code, 0x0072B2);
    set(Role::read_only_data, 0x56B4E9);
    set(Role::data, 0x00805E);
    set(Role::bss, 0x7FCDB4);
    set(Role::heap, 0xE69F00);
    set(Role::stack, 0xBE4F00);
    set(Role::thread_stack, 0xEE9A63);
    set(Role::shared_library, 0x98A3B3);
    set(Role::mapped_file, 0xB8A7D6);
    set(Role::shared_memory, 0xD98CB8);
    set(Role::anonymous, 0xD0D6DE);
    set(Role::guard, 0x454C57);
    set(Role::kernel, 0x5F6876);
}

constexpr void set_lanes(Roles& roles, const std::array<std::uint32_t, process_colours>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        roles[static_cast<std::size_t>(Role::lane_1) + i] = rgb(values[i]);
    }
}

// Found by a search for eight colours that are far apart (CIELAB) for people with all kinds of cones and with only two of them,
// and that stand out from each ground of their theme, because they are edges too; figure_palette_test computes it. A process
// has one hue in both themes. Neighbours in the list are those farthest apart.
constexpr std::array<std::uint32_t, process_colours> processes_on_light{0x3075C1, 0x931971, 0x00A082, 0x5A5A00,
                                                                        0xF65252, 0x8689C0, 0x7A3E4D, 0xA58C00};
constexpr std::array<std::uint32_t, process_colours> processes_on_dark{0x3676C2, 0xBC4491, 0x2CD0B2, 0x787522,
                                                                       0xFF5C5B, 0xB5B4F0, 0x9F606E, 0xD4B622};

constexpr Palette make_light() {
    Palette p;
    p.window = rgb(0xF4F6F8);
    p.panel = rgb(0xFFFFFF);
    p.control = rgb(0xEDF1F6);
    p.control_hovered = rgb(0xDFE6EF);
    p.control_active = rgb(0xCFDAE8);
    p.on_accent = rgb(0xFFFFFF);
    p.scrim = {20, 28, 40, 90};
    p.hover_row = rgb(0xF1F5FA);
    const auto set = [&](Role role, std::uint32_t value) { p.roles[static_cast<std::size_t>(role)] = rgb(value); };
    set(Role::text, 0x161B22);
    set(Role::muted, 0x576171);
    set(Role::accent, 0x0B63C4);
    set(Role::warning, 0xB42318);
    set(Role::card, 0xFFFFFF);
    set(Role::card_gone, 0xFAFBFC);
    set(Role::frame, 0xD3DAE3);
    set(Role::link, 0x6B7684);
    set(Role::band, 0xB4BECA);
    set(Role::pin, 0x2B323C);
    set(Role::trace, 0xFFFFFF);
    set(Role::page_exclusive, 0x6D3FC0);
    set(Role::page_shared, 0xDCCDF5);
    set(Role::page_file, 0xDDE2E8);
    set_lanes(p.roles, processes_on_light);
    set_regions(p.roles);
    return p;
}

constexpr Palette make_dark() {
    Palette p;
    p.window = rgb(0x11151B);
    p.panel = rgb(0x191F27);
    p.control = rgb(0x28313D);
    p.control_hovered = rgb(0x344051);
    p.control_active = rgb(0x3F4D62);
    p.on_accent = rgb(0x08121F);
    p.scrim = {0, 0, 0, 140};
    p.hover_row = rgb(0x222A35);
    const auto set = [&](Role role, std::uint32_t value) { p.roles[static_cast<std::size_t>(role)] = rgb(value); };
    set(Role::text, 0xE8ECF1);
    set(Role::muted, 0xA3AEBC);
    set(Role::accent, 0x6FB1FF);
    set(Role::warning, 0xFF8A7A);
    set(Role::card, 0x212933);
    set(Role::card_gone, 0x1B2129);
    set(Role::frame, 0x3A4553);
    set(Role::link, 0x8793A3);
    set(Role::band, 0x566273);
    set(Role::pin, 0xE8ECF1);
    set(Role::trace, 0x212933);
    set(Role::page_exclusive, 0xB794F6);
    set(Role::page_shared, 0x493A66);
    set(Role::page_file, 0x3A4553);
    set_lanes(p.roles, processes_on_dark);
    set_regions(p.roles);
    return p;
}

constexpr Palette make_print() {
    Palette p = make_light();
    p.window = p.panel = p.control = p.control_hovered = p.control_active = p.hover_row = rgb(0xFFFFFF);
    p.ink_only = true;
    for (Colour& colour : p.roles) {
        colour = rgb(0x000000);
    }
    const auto set = [&](Role role, std::uint32_t value, Hatch hatch = Hatch::none) {
        p.roles[static_cast<std::size_t>(role)] = rgb(value);
        p.hatches[static_cast<std::size_t>(role)] = hatch;
    };
    set(Role::muted, 0x3C3C3C);
    set(Role::card, 0xFFFFFF);
    set(Role::card_gone, 0xFFFFFF);
    set(Role::frame, 0x6E6E6E);
    set(Role::link, 0x3C3C3C);
    set(Role::band, 0x808080);
    set(Role::page_exclusive, 0x303030);
    set(Role::page_shared, 0xFFFFFF);
    set(Role::page_file, 0xEBEBEB);
    set_lanes(p.roles, {0xDCDCDC, 0xF4F4F4, 0xDCDCDC, 0xF4F4F4, 0xDCDCDC, 0xF4F4F4, 0xDCDCDC, 0xF4F4F4});
    set(Role::code, 0xFFFFFF, Hatch::rising);
    set(Role::read_only_data, 0xEBEBEB, Hatch::dots_wide);
    set(Role::data, 0xFFFFFF, Hatch::horizontal);
    set(Role::bss, 0xFFFFFF, Hatch::dots);
    set(Role::heap, 0xFFFFFF, Hatch::falling);
    set(Role::stack, 0xFFFFFF, Hatch::crossed);
    set(Role::thread_stack, 0xFFFFFF, Hatch::falling_wide);
    set(Role::shared_library, 0xEBEBEB);
    set(Role::mapped_file, 0xFFFFFF, Hatch::vertical);
    set(Role::shared_memory, 0xFFFFFF, Hatch::grid);
    set(Role::anonymous, 0xFFFFFF);
    set(Role::guard, 0xFFFFFF, Hatch::rising_dense);
    set(Role::kernel, 0xEBEBEB, Hatch::rising_wide);
    return p;
}

double luminance(Colour c) {
    const auto linear = [](std::uint8_t value) {
        const double v = value / 255.0;
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(c.red) + 0.7152 * linear(c.green) + 0.0722 * linear(c.blue);
}

}  // namespace

const Palette& palette(Theme theme) {
    static constexpr std::array<Palette, theme_count> palettes{make_light(), make_dark(), make_print()};
    return palettes[static_cast<std::size_t>(theme)];
}

HatchShape hatch_shape(Hatch hatch) {
    switch (hatch) {
        case Hatch::none:
            return {};
        case Hatch::rising:
            return {.spacing = 8, .rising = true};
        case Hatch::rising_dense:
            return {.spacing = 4, .rising = true};
        case Hatch::rising_wide:
            return {.spacing = 16, .rising = true};
        case Hatch::falling:
            return {.spacing = 8, .falling = true};
        case Hatch::falling_wide:
            return {.spacing = 16, .falling = true};
        case Hatch::crossed:
            return {.spacing = 10, .rising = true, .falling = true};
        case Hatch::horizontal:
            return {.spacing = 5, .horizontal = true};
        case Hatch::vertical:
            return {.spacing = 5, .vertical = true};
        case Hatch::grid:
            return {.spacing = 7, .horizontal = true, .vertical = true};
        case Hatch::dots:
            return {.spacing = 5, .dot = 0.8F};
        case Hatch::dots_wide:
            return {.spacing = 10, .dot = 1.2F};
    }
    return {};
}

double contrast(Colour a, Colour b) {
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

Colour ink_on(Colour fill) {
    constexpr Colour black = rgb(0x10151B);
    constexpr Colour white = rgb(0xFFFFFF);
    return contrast(white, fill) >= 4.5 ? white : black;
}

BadgeColours badge_colours(std::size_t process, Theme theme) {
    if (theme == Theme::print) {
        return {rgb(0xFFFFFF), rgb(0x000000)};
    }
    const Colour fill =
        palette(theme).of(static_cast<Role>(static_cast<std::size_t>(Role::lane_1) + process % process_colours));
    return {fill, ink_on(fill)};
}

}  // namespace procatlas
