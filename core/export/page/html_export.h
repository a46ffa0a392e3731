// A recording as one self-contained HTML page: no server, no other files, no requests. The reader steps through the moments
// with buttons and keys, and can choose the language.
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
    std::size_t moment = 0;          // the moment at which it opens
    std::vector<std::int32_t> pids;  // whose memory is shown, once born; empty: the first process and those that acted last
    std::optional<Theme> theme;      // nullopt: light or dark, following the reader's system
    std::string title;               // empty: the command of the first process
    std::string language = "en";     // of the page when it opens
    // Moments beyond these limits are left out, and the page says so.
    std::size_t most_bytes = 20'000'000;  // of the page, approximately
    std::size_t most_drawn = 2'000'000;   // lines of pictures to draw: about ten seconds
};

struct PageLanguage {
    std::string code;  // "en"
    const Messages& words;
};

// Errors: the recording does not have the moment or a pid.
[[nodiscard]] Result<std::string> recording_html(const Recording& recording, const PageOptions& options,
                                                 std::span<const PageLanguage> languages);

}  // namespace procatlas
