#include "core/narrate/pages_text.h"

#include <array>
#include <utility>

#include "core/base/text.h"

namespace procatlas {

std::string pages_text(const RegionPages& pages, const Messages& words) {
    const std::uint64_t told = pages.present() + pages.swapped + pages.unread;
    const std::array<std::pair<const char*, std::uint64_t>, 7> parts{{
        {"pages.exclusive_count", pages.exclusive},
        {pages.shared_memory ? "pages.together_count" : "pages.shared_count", pages.shared},
        {"pages.file_count", pages.file},
        {"pages.swapped_count", pages.swapped},
        {"pages.absent_count", pages.count > told ? pages.count - told : 0},
        {"pages.unread_count", pages.unread},
        {"pages.huge_count", pages.huge},
    }};
    std::string list;
    for (const auto& [key, count] : parts) {
        if (count != 0) {
            list += (list.empty() ? "" : ", ") + words.format(key, count_text(count));
        }
    }
    return words.format(pages.count == 1 ? "pages.of_region_one" : "pages.of_region", count_text(pages.count), list);
}

}  // namespace procatlas
