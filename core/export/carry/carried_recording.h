// A figure carries the recording that it was made from, so that opening the figure opens the moment it shows. PNG: in a chunk
// of our own. SVG: as metadata. PDF: as an attached file. Figures are untrusted input. A damaged or hostile one is refused with
// a sentence, and never unpacks to more than a limit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace procatlas {

enum class FigureFormat : std::uint8_t { svg, pdf, png };

// Bytes of a recording that a figure can carry: less than a frame that hands it over (stream/frame.h).
inline constexpr std::size_t carried_limit = std::size_t{255} << 20;

struct CarriedRecording {
    std::string bytes;       // of a .procatlas file
    std::size_t moment = 0;  // the moment that the figure shows
};

// Puts the recording file `bytes` into `figure`, which this program made in `format`. Error: the recording is too large.
[[nodiscard]] Result<std::string> attach_recording(std::string figure, FigureFormat format, std::string_view bytes,
                                                   std::size_t moment);

// The recording in `figure`; nullopt if it carries none. Errors: it is not a PNG, PDF or SVG, or it is damaged.
[[nodiscard]] Result<std::optional<CarriedRecording>> extract_recording(std::string_view figure);

}  // namespace procatlas
