// A figure carries the recording that it was made from, so that opening the figure opens the moment that it shows: in a chunk
// of its own (PNG), as metadata (SVG), as an attached file (PDF). Figures come from strangers: all of a damaged or hostile one
// is refused with a sentence, and no more than a limit is ever unpacked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace procatlas {

enum class FigureFormat : std::uint8_t { svg, pdf, png };

inline constexpr std::size_t carried_limit = std::size_t{256} << 20;  // bytes of a recording that a figure can carry

struct CarriedRecording {
    std::string bytes;       // of a .procatlas file
    std::size_t moment = 0;  // that the figure shows
};

// `figure`, made by this program in `format`, with the file of its recording inside. Error: the recording is too large.
[[nodiscard]] Result<std::string> attach_recording(std::string figure, FigureFormat format, std::string_view bytes,
                                                   std::size_t moment);

// What `figure` carries; nullopt for a figure that carries none. Errors: it is no PNG, PDF or SVG, or is damaged.
[[nodiscard]] Result<std::optional<CarriedRecording>> extract_recording(std::string_view figure);

}  // namespace procatlas
