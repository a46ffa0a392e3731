#include "core/export/page/page_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "core/export/page/page_parts.h"
#include "core/export/picture/svg_export.h"

namespace procatlas {

namespace {

struct Picture {
    float width = 0;
    float height = 0;
    std::vector<std::pair<std::size_t, std::size_t>> runs;  // of lines: the first line, and how many
};

struct NamedColour {
    std::string_view name;
    Role role;
};

// The roles whose colours depend on the theme.
constexpr std::array<NamedColour, 10> named_roles{{{"text", Role::text},
                                                   {"muted", Role::muted},
                                                   {"accent", Role::accent},
                                                   {"warning", Role::warning},
                                                   {"card", Role::card},
                                                   {"card-gone", Role::card_gone},
                                                   {"frame", Role::frame},
                                                   {"link", Role::link},
                                                   {"band", Role::band},
                                                   {"pin", Role::pin}}};

// While a scene is drawn, a colour that no theme uses stands for each name. The panel comes after the roles.
constexpr Colour stand_in(std::size_t name) {
    return {1, 0, static_cast<std::uint8_t>(name), 255};
}
constexpr std::string_view stand_in_start = "\"#0100";

std::string_view name_of(std::size_t name) {
    return name < named_roles.size() ? named_roles[name].name : "panel";
}

// Appends SVG in the form that a page needs: `"#01000a"` becomes `'var(--panel)'`. JSON would escape double quotes. Quotes in
// text are escaped, so only attributes match.
void append_in_page_form(std::string& out, std::string_view svg) {
    const auto begin = static_cast<std::ptrdiff_t>(out.size());
    for (std::size_t at = svg.find(stand_in_start); at != std::string_view::npos; at = svg.find(stand_in_start)) {
        const std::size_t digits = at + stand_in_start.size();
        const std::size_t name = std::stoul(std::string(svg.substr(digits, 2)), nullptr, 16);
        out += svg.substr(0, at);
        fmt::format_to(std::back_inserter(out), "\"var(--{})\"", name_of(name));
        svg.remove_prefix(digits + 3);
    }
    out += svg;
    std::ranges::replace(out.begin() + begin, out.end(), '"', '\'');
}

Palette make_named() {
    Palette made = palette(Theme::light);
    for (std::size_t i = 0; i < named_roles.size(); ++i) {
        made.roles[static_cast<std::size_t>(named_roles[i].role)] = stand_in(i);
    }
    made.panel = stand_in(named_roles.size());
    return made;
}

// [width, height, [first line, lines, first line, lines, ...]]
std::string picture_json(const Picture& picture) {
    std::string out = fmt::format("[{},{},[", picture.width, picture.height);
    for (const auto& [first, count] : picture.runs) {
        fmt::format_to(std::back_inserter(out), "{}{},{}", out.back() == '[' ? "" : ",", first, count);
    }
    return out + "]]";
}

void declare(std::string& out, std::string_view name, Colour colour) {
    fmt::format_to(std::back_inserter(out), "--{}:#{:02x}{:02x}{:02x};", name, colour.red, colour.green, colour.blue);
}

}  // namespace

std::string page_svg(const Scene& scene, const Palette& palette, const PangoMeasure& measure) {
    const std::string svg = scene_svg_content(scene, palette, measure);
    std::string out;
    out.reserve(svg.size() + svg.size() / 4);
    append_in_page_form(out, svg);
    return out;
}

std::size_t PagePictures::line(std::string_view text) {
    ++drawn_;
    if (const auto known = known_lines_.find(text); known != known_lines_.end()) {
        return known->second;
    }
    constexpr std::size_t escape = 5;  // bytes that escaping adds to the character
    bytes_ += text.size() + escape * static_cast<std::size_t>(std::ranges::count(text, '<')) + 6;
    known_lines_.emplace(lines_.emplace_back(text), lines_.size() - 1);
    return lines_.size() - 1;
}

std::size_t PagePictures::add(const Scene& scene, const PangoMeasure& measure) {
    const std::string svg = scene_svg_content(scene, palette_, measure);
    std::string text;
    Picture picture{scene.width, scene.height, {}};
    for (std::string_view rest = svg; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
        text.clear();
        append_in_page_form(text, rest.substr(0, end));
        const std::size_t at = line(text);
        if (!picture.runs.empty() && picture.runs.back().first + picture.runs.back().second == at) {
            ++picture.runs.back().second;
        } else {
            picture.runs.emplace_back(at, 1);
        }
        rest.remove_prefix(end);
    }
    std::string key = picture_json(picture);
    const auto [found, fresh] = known_pictures_.try_emplace(std::move(key), pictures_.size());
    if (fresh) {
        bytes_ += found->first.size() + 2;
        pictures_.push_back(found->first);
    }
    return found->second;
}

const Palette& named_palette() {
    static const Palette made = make_named();
    return made;
}

std::string theme_style(Theme theme) {
    const Palette& colours = palette(theme);
    std::string out;
    for (const NamedColour& named : named_roles) {
        declare(out, named.name, colours.of(named.role));
    }
    declare(out, "panel", colours.panel);
    declare(out, "window", colours.window);
    declare(out, "control", colours.control);
    declare(out, "control-hovered", colours.control_hovered);
    declare(out, "on-accent", colours.on_accent);
    for (std::size_t i = 0; i < process_colours; ++i) {
        const BadgeColours badge = badge_colours(i, theme);
        declare(out, fmt::format("badge-{}", i), badge.fill);
        declare(out, fmt::format("badge-ink-{}", i), badge.text);
    }
    return out;
}

std::string page_style_sheet() {
    const std::string light = theme_style(Theme::light) + "color-scheme:light;";
    const std::string dark = theme_style(Theme::dark) + "color-scheme:dark;";
    return fmt::format(
        ":root{{{}}}\n@media (prefers-color-scheme:dark){{:root:not([data-theme]){{{}}}}}\n:root[data-theme=dark]{{{}}}\n"
        ":root[data-theme=print]{{{}}}\n{}",
        light, dark, dark, theme_style(Theme::print), page_style);
}

}  // namespace procatlas
