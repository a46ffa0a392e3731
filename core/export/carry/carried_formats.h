// How each format carries a packed recording (zlib, RFC 1950). Used by carried_recording.cpp alone.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace procatlas {

struct PackedRecording {
    std::string_view bytes;  // packed …
    std::string owned;       // … where the format did not hold them as they are
    std::size_t moment = 0;

    [[nodiscard]] std::string_view packed() const { return owned.empty() ? bytes : std::string_view(owned); }
};
using FoundRecording = Result<std::optional<PackedRecording>>;

// `size`: of the recording before it was packed.
[[nodiscard]] std::string attach_to_png(std::string figure, std::string_view packed, std::size_t moment);
[[nodiscard]] std::string attach_to_svg(std::string figure, std::string_view packed, std::size_t moment);
[[nodiscard]] Result<std::string> attach_to_pdf(std::string figure, std::string_view packed, std::size_t size,
                                                std::size_t moment);

// What they return points into `figure`.
[[nodiscard]] FoundRecording find_in_png(std::string_view figure);
[[nodiscard]] FoundRecording find_in_svg(std::string_view figure);
[[nodiscard]] FoundRecording find_in_pdf(std::string_view figure);

// A whole number in decimal digits at the start of `text`, which moves behind it; nullopt for none, or one too large.
[[nodiscard]] std::optional<std::size_t> take_number(std::string_view& text);

[[nodiscard]] Error damaged_figure(std::string_view what);

}  // namespace procatlas
