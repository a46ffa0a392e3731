#include "core/narrate/cut_at_word.h"

#include <tuple>

#include "core/base/text.h"

namespace procatlas {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Letters of other scripts are words too.
bool is_of_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// Whether the text goes on at `at` with what began before it: a word, or a number with its sign and its point.
bool is_within(std::string_view text, std::size_t at) {
    const char before = text[at - 1];
    const char after = text[at];
    const bool number = (before == '.' || before == '-') && is_digit(after);
    const bool point = is_digit(before) && after == '.' && at + 1 < text.size() && is_digit(text[at + 1]);
    return (is_of_word(before) && is_of_word(after)) || number || point;
}

std::string_view without_spaces_behind(std::string_view text) {
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

}  // namespace

std::string cut_at_word(std::string_view text, std::size_t most) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < most && end < text.size(); ++i) {
        std::ignore = next_code_point(text, end);
    }
    if (end == text.size()) {
        return std::string(text);
    }
    const std::size_t space = text[end] == ' ' ? end : text.substr(0, end).find_last_of(' ');
    if (space != std::string_view::npos && space >= end / 2) {
        return std::string(without_spaces_behind(text.substr(0, space))) + "…";
    }
    std::size_t sign = end;
    while (sign > 0 && is_within(text, sign)) {
        --sign;
    }
    const bool number = is_digit(text[sign]) || text[sign] == '-' || text[sign] == '.';
    return std::string(without_spaces_behind(text.substr(0, number || sign >= end / 2 ? sign : end))) + "…";
}

}  // namespace procatlas
