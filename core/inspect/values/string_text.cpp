#include <cstdio>

#include "core/base/text.h"
#include "core/inspect/values/scalar_text.h"

namespace procatlas {
namespace {

constexpr std::size_t character_repeats = 10;
constexpr std::size_t character_limit = 200;  // gdb's `print elements`; equal ones in a row are not separated

// One character as written between `quote`s.
std::string escaped(std::string_view character, char quote) {
    if (character.size() > 1) {
        return std::string(character);
    }
    const char c = character.front();
    constexpr std::string_view special = "\a\b\f\n\r\t\v";
    constexpr std::string_view letters = "abfnrtv";
    if (const std::size_t at = special.find(c); at != special.npos) {
        return {'\\', letters[at]};
    }
    if (c == quote || c == '\\') {
        return {'\\', c};
    }
    if (c >= ' ' && c <= '~') {
        return {c};
    }
    char octal[8];
    std::snprintf(octal, sizeof octal, "\\%03o", static_cast<unsigned>(static_cast<unsigned char>(c)));
    return octal;
}

// The character at the start of `bytes`: one byte, or a well-formed printable UTF-8 sequence.
std::string_view first_character(std::string_view bytes) {
    if (static_cast<unsigned char>(bytes.front()) < 0x80) {
        return bytes.substr(0, 1);
    }
    std::size_t size = 0;
    if (next_code_point(bytes, size) == U'\uFFFD') {
        return bytes.substr(0, 1);
    }
    const std::string_view character = bytes.substr(0, size);
    return display_text(character) == character ? character : bytes.substr(0, 1);
}

std::size_t repeats(std::string_view bytes, std::string_view character) {
    std::size_t count = 0;
    for (; bytes.starts_with(character); bytes.remove_prefix(character.size())) {
        ++count;
    }
    return count;
}

}  // namespace

std::string string_text(std::string_view bytes) {
    std::string text;
    bool open = false;
    for (std::size_t shown = 0; !bytes.empty() && shown < character_limit;) {
        const std::string_view character = first_character(bytes);
        const std::size_t count = repeats(bytes, character);
        shown += count;
        bytes.remove_prefix(count * character.size());
        if (count > character_repeats) {
            text += open ? "\", " : text.empty() ? "" : ", ";
            text += "'" + escaped(character, '\'') + "' <repeats " + std::to_string(count) + " times>";
            open = false;
            continue;
        }
        if (!open) {
            text += text.empty() ? "\"" : ", \"";
            open = true;
        }
        for (std::size_t i = 0; i < count; ++i) {
            text += escaped(character, '"');
        }
    }
    text += open ? "\"" : text.empty() ? "\"\"" : "";
    return bytes.empty() ? text : text + "...";
}

}  // namespace procatlas
