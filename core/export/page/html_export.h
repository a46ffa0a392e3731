// A recording as one HTML page that needs nothing else: no server, no file beside it, no request. A reader steps through the
// moments with buttons and keys, in each of the languages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"
#include "core/scene/palette.h"

namespace procatlas {

struct PageOptions {
    std::size_t moment = 0;          // where it opens
    std::vector<std::int32_t> pids;  // whose memory, once they are born; empty: the first process and who acted last
    std::optional<Theme> theme;      // none: light or dark, as the reader's system is
    std::string title;               // empty: the command of the first process
    std::string language = "en";     // in which it opens
    // Moments that have no room are left out, and the page says so.
    std::size_t most_bytes = 20'000'000;  // of the page, about
    std::size_t most_drawn = 8'000'000;   // lines of pictures, to make them: some ten seconds
};

struct PageLanguage {
    std::string code;  // "en"
    const Messages& words;
};

// Errors: a moment or a pid that the recording does not have.
[[nodiscard]] Result<std::string> recording_html(const Recording& recording, const PageOptions& options,
                                                 std::span<const PageLanguage> languages);

}  // namespace procatlas
