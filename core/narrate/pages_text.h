// The numbers of a region's pages in words. Pure.
#pragma once

#include <string>

#include "core/model/pages.h"
#include "core/narrate/messages.h"

namespace procatlas {

// "4096 pages: 2048 own, 2048 shared"; a state that no page has is left out.
[[nodiscard]] std::string pages_text(const RegionPages& pages, const Messages& words);

}  // namespace procatlas
