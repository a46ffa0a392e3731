// SVG: an element of our own in the last <metadata>, in base64 (RFC 4648).
#include <fmt/format.h>

#include <array>
#include <cstdint>

#include "core/export/carry/carried_formats.h"

namespace procatlas {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view start_tag = "<procatlas:recording ";
constexpr std::string_view end_tag = "</procatlas:recording>";

std::string base64(std::string_view bytes) {
    constexpr std::size_t bytes_in_line = 57;  // 76 characters
    std::string text;
    text.reserve(bytes.size() / 3 * 4 + bytes.size() / bytes_in_line + 8);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        if (at % bytes_in_line == 0) {
            text += '\n';
        }
        std::uint32_t three = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            three = three << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0u);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            text += at + i > bytes.size() ? '=' : alphabet[three >> (18 - 6 * i) & 63];
        }
    }
    return text;
}

// Skips white space. nullopt: any other character that is not base64.
std::optional<std::string> from_base64(std::string_view text) {
    std::array<int, 256> values;
    values.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<int>(i);
    }
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t gathered = 0;
    int bits = 0;
    bool padded = false;
    for (const char c : text) {
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            continue;
        }
        if (c == '=') {
            padded = true;
            continue;
        }
        const int value = values[static_cast<unsigned char>(c)];
        if (value < 0 || padded) {
            return std::nullopt;
        }
        gathered = (gathered << 6 | static_cast<std::uint32_t>(value)) & 0xFFFF;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(gathered >> bits & 0xFF);
        }
    }
    return bytes;
}

}  // namespace

std::string attach_to_svg(std::string figure, std::string_view packed, std::size_t moment) {
    const std::string element =
        fmt::format("<metadata>{}xmlns:procatlas=\"urn:procatlas:recording\" moment=\"{}\">{}\n{}</metadata>\n", start_tag,
                    moment, base64(packed), end_tag);
    return figure.insert(figure.rfind("</svg>"), element);
}

// Text in a well-formed SVG contains no "<", so a match is always an element.
FoundRecording find_in_svg(std::string_view figure) {
    const std::size_t start = figure.rfind(start_tag);
    if (start == std::string_view::npos) {
        return std::nullopt;
    }
    const std::size_t tag_end = figure.find('>', start);
    const std::size_t end = figure.find(end_tag, start);
    if (tag_end == std::string_view::npos || end == std::string_view::npos || end < tag_end) {
        return std::unexpected(damaged_figure("it ends too early"));
    }
    constexpr std::string_view attribute = "moment=\"";
    std::string_view tag = figure.substr(start, tag_end - start);
    const std::size_t at = tag.find(attribute);
    tag.remove_prefix(at == std::string_view::npos ? tag.size() : at + attribute.size());
    const auto moment = take_number(tag);
    if (!moment) {
        return std::unexpected(damaged_figure("it does not say which moment it shows"));
    }
    auto packed = from_base64(figure.substr(tag_end + 1, end - tag_end - 1));
    if (!packed) {
        return std::unexpected(damaged_figure("its recording is not base64"));
    }
    return PackedRecording{{}, std::move(*packed), *moment};
}

}  // namespace procatlas
