// How each format carries a packed recording (zlib, RFC 1950). Only carried_recording.cpp uses this.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace procatlas {

struct PackedRecording {
    std::string_view bytes;  // the packed recording …
    std::string owned;       // … which is stored here if the format encodes it
    std::size_t moment = 0;

    [[nodiscard]] std::string_view packed() const { return owned.empty() ? bytes : std::string_view(owned); }
};
using FoundRecording = Result<std::optional<PackedRecording>>;

// `size`: of the recording before packing.
[[nodiscard]] std::string attach_to_png(std::string figure, std::string_view packed, std::size_t moment);
[[nodiscard]] std::string attach_to_svg(std::string figure, std::string_view packed, std::size_t moment);
[[nodiscard]] Result<std::string> attach_to_pdf(std::string figure, std::string_view packed, std::size_t size,
                                                std::size_t moment);

// The results point into `figure`.
[[nodiscard]] FoundRecording find_in_png(std::string_view figure);
[[nodiscard]] FoundRecording find_in_svg(std::string_view figure);
[[nodiscard]] FoundRecording find_in_pdf(std::string_view figure);

// Reads a whole number in decimal digits from the start of `text` and moves `text` past it. nullopt: no number, or too large.
[[nodiscard]] std::optional<std::size_t> take_number(std::string_view& text);

[[nodiscard]] Error damaged_figure(std::string_view what);

}  // namespace procatlas
