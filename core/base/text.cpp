#include "core/base/text.h"

#include <fmt/format.h>

#include <array>
#include <tuple>

namespace procatlas {
namespace {

constexpr char32_t replacement = 0xFFFD;

struct Decoded {
    char32_t code_point = replacement;
    std::size_t length = 1;
    bool well_formed = false;
};

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
Decoded decode(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) {
        return {first, 1, true};
    }
    std::size_t length = 0;
    char32_t value = 0;
    char32_t smallest = 0;
    if (first >= 0xC2 && first <= 0xDF) {
        length = 2, value = first & 0x1Fu, smallest = 0x80;
    } else if (first >= 0xE0 && first <= 0xEF) {
        length = 3, value = first & 0x0Fu, smallest = 0x800;
    } else if (first >= 0xF0 && first <= 0xF4) {
        length = 4, value = first & 0x07u, smallest = 0x10000;
    } else {
        return {};
    }
    if (text.size() < length) {
        return {};
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0u) != 0x80) {
            return {};
        }
        value = (value << 6) | (byte(i) & 0x3Fu);
    }
    if (value < smallest || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return {};
    }
    return {value, length, true};
}

// Control characters, and characters that change direction or take no space: one name must not be able to look like another.
bool is_deceptive(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF0 && c <= 0xFFFB) ||
           (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE || (c >= 0xE0000 && c <= 0xE0FFF);
}

void append_escape(std::string& out, char32_t c) {
    switch (c) {
        case U'\n':
            out += "\\n";
            return;
        case U'\t':
            out += "\\t";
            return;
        case U'\r':
            out += "\\r";
            return;
        default:
            break;
    }
    if (c < 0x100) {
        out += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    } else if (c < 0x10000) {
        out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
        out += fmt::format("\\U{:08x}", static_cast<unsigned>(c));
    }
}

}  // namespace

std::string display_text(std::string_view bytes, bool keep_lines) {
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const Decoded d = decode(bytes);
        if (!d.well_formed) {
            append_escape(out, static_cast<unsigned char>(bytes[0]));
        } else if (is_deceptive(d.code_point) && !(keep_lines && (d.code_point == U'\n' || d.code_point == U'\t'))) {
            append_escape(out, d.code_point);
        } else {
            out.append(bytes.substr(0, d.length));
        }
        bytes.remove_prefix(d.length);
    }
    return out;
}

std::string arguments_text(const std::vector<std::string>& arguments, bool cut) {
    std::string text;
    for (const std::string& argument : arguments) {
        text += (text.empty() ? "" : " ") + display_text(argument);
    }
    return cut ? text + " …" : text;
}

std::string first_characters(std::string_view text, std::size_t most) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < most && end < text.size(); ++i) {
        std::ignore = next_code_point(text, end);
    }
    return end == text.size() ? std::string(text) : std::string(text.substr(0, end)) + "…";
}

std::string valid_utf8(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const Decoded d = decode(bytes);
        if (d.well_formed) {
            out.append(bytes.substr(0, d.length));
        } else {
            out += "\xEF\xBF\xBD";
        }
        bytes.remove_prefix(d.length);
    }
    return out;
}

char32_t next_code_point(std::string_view text, std::size_t& at) {
    const Decoded d = decode(text.substr(at));
    at += d.length;
    return d.code_point;
}

std::string count_text(std::uint64_t count) {
    std::string digits = std::to_string(count);
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

std::string size_text(ByteCount bytes) {
    if (bytes < 1024) {
        return fmt::format("{} B", bytes);
    }
    constexpr std::array units{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    auto value = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    while (value >= 1023.95 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    // Omits ".0", and decimals from 100 on, because they would suggest false precision.
    const double tenths = value * 10;
    const auto rounded = static_cast<std::uint64_t>(tenths + 0.5);
    if (rounded % 10 == 0 || rounded >= 1000) {
        return fmt::format("{} {}", static_cast<std::uint64_t>(value + 0.5), units[unit]);
    }
    return fmt::format("{}.{} {}", rounded / 10, rounded % 10, units[unit]);
}

std::string address_text(Address address, bool grouped) {
    std::string digits = fmt::format("{:012x}", address);
    if (!grouped) {
        return digits;
    }
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i != 0 && (digits.size() - i) % 4 == 0) {
            out += ' ';
        }
        out += digits[i];
    }
    return out;
}

std::string_view base_name(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos || slash + 1 == path.size() ? path : path.substr(slash + 1);
}

std::string hex_text(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (!text.empty()) {
            text += ' ';
        }
        text += digits[byte >> 4];
        text += digits[byte & 15U];
    }
    return text;
}

std::string ascii_text(std::string_view bytes) {
    std::string text(bytes);
    for (char& c : text) {
        c = c >= ' ' && c <= '~' ? c : '.';
    }
    return text;
}

}  // namespace procatlas
