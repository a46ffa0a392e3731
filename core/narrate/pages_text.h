// Describes the page counts of a region in words. Pure.
#pragma once

#include <string>

#include "core/model/pages.h"
#include "core/narrate/messages.h"

namespace procatlas {

// "4096 pages: 2048 exclusive, 2048 shared". Leaves out states that no page has.
[[nodiscard]] std::string pages_text(const RegionPages& pages, const Messages& words);

}  // namespace procatlas
