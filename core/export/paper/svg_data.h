// A picture inside an HTML page.
#pragma once

#include <string>
#include <string_view>

#include "core/scene/scene.h"

namespace procatlas {

// A data: URI of the scene as SVG in the colours of paper, safe inside an attribute.
[[nodiscard]] std::string svg_data(const Scene& scene, std::string_view name);

}  // namespace procatlas
