#include "core/serve/qr_code.h"

#include <qrencode.h>

#include <memory>

namespace procatlas {

QrCode qr_code(std::string_view text) {
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(
        QRcode_encodeString8bit(std::string(text).c_str(), 0, QR_ECLEVEL_M), QRcode_free);
    if (!made || made->width <= 0) {
        return {};
    }
    QrCode code{.size = static_cast<std::size_t>(made->width)};
    for (std::size_t i = 0; i < code.size * code.size; ++i) {
        code.dark.push_back((made->data[i] & 1U) != 0);  // the lowest bit is the colour
    }
    return code;
}

std::string qr_terminal_text(const QrCode& code) {
    constexpr std::size_t margin = 2;  // four modules are asked for; readers take two
    if (code.size == 0) {
        return {};
    }
    const std::size_t width = code.size + 2 * margin;
    const auto dark = [&](std::size_t row, std::size_t column) {
        return row >= margin && column >= margin && row < code.size + margin && column < code.size + margin &&
               code.is_dark(row - margin, column - margin);
    };
    std::string out;
    for (std::size_t row = 0; row < width; row += 2) {
        out += "\x1b[30;107m";  // black on bright white
        for (std::size_t column = 0; column < width; ++column) {
            const bool below = row + 1 < width && dark(row + 1, column);
            out += dark(row, column) ? (below ? "█" : "▀") : (below ? "▄" : " ");
        }
        out += "\x1b[0m\n";
    }
    return out;
}

}  // namespace procatlas
