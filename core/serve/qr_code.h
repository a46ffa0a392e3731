// A text as a QR code (ISO/IEC 18004), for the camera of a phone. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace procatlas {

struct QrCode {
    std::size_t size = 0;      // modules in a row
    std::vector<bool> dark{};  // row by row

    [[nodiscard]] bool is_dark(std::size_t row, std::size_t column) const { return dark[row * size + column]; }
};

// Empty (size 0): the text is too long for one.
[[nodiscard]] QrCode qr_code(std::string_view text);

// For a terminal of any colours: black on white, two modules above each other in a character, with the light margin that
// readers need.
[[nodiscard]] std::string qr_terminal_text(const QrCode& code);

}  // namespace procatlas
