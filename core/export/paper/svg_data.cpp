#include "core/export/paper/svg_data.h"

#include <fmt/format.h>

#include "core/export/picture/pango_measure.h"
#include "core/export/picture/svg_export.h"

namespace procatlas {

std::string svg_data(const Scene& scene, std::string_view name) {
    const PangoMeasure measure;
    const std::string svg = scene_svg(scene, palette(Theme::print), measure, {std::string(name), {}, {}});
    std::string out = "data:image/svg+xml,";
    for (const char c : svg) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
                           std::string_view("-_.!~*()/:;=, ").find(c) != std::string_view::npos;
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
    }
    return out;
}

}  // namespace procatlas
