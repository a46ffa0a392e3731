#include "core/narrate/cut_at_word.h"

#include <algorithm>
#include <tuple>

#include "core/base/text.h"

namespace procatlas {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_of_name(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Letters of other scripts are words too.
bool is_of_word(char c) {
    return is_of_name(c) || static_cast<unsigned char>(c) >= 0x80;
}

bool digit_at(std::string_view text, std::size_t at) {
    return at < text.size() && is_digit(text[at]);
}

std::size_t digits_from(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (digit_at(text, end)) {
        ++end;
    }
    return end - at;
}

// Whether the comma at `at` stands between the thousands of a number, as in 40,968, and not between two numbers of a list.
bool is_between_thousands(std::string_view text, std::size_t at) {
    constexpr std::size_t group = 3;
    const std::size_t first = text.substr(0, at).find_last_not_of("0123456789") + 1;
    const bool begins = at > first && at - first <= group && (first == 0 || !is_of_name(text[first - 1]));
    const std::size_t behind = at + 1 + group;
    return begins && digits_from(text, at + 1) == group && (behind == text.size() || !is_of_name(text[behind]));
}

// Whether the sign at `at` joins digits to one number: 3.14, 1'000, 40,968, 1e-05.
bool is_in_number(std::string_view text, std::size_t at) {
    if (at == 0 || !digit_at(text, at + 1)) {
        return false;
    }
    switch (text[at]) {
        case '.':
        case '\'':
            return is_digit(text[at - 1]);
        case ',':
            return is_between_thousands(text, at);
        case '-':
        case '+':
            return at > 1 && (text[at - 1] == 'e' || text[at - 1] == 'E') && (is_digit(text[at - 2]) || text[at - 2] == '.');
        default:
            return false;
    }
}

// Whether the text goes on at `at` with what began before it: a word, or a number with its signs.
bool is_within(std::string_view text, std::size_t at) {
    const char before = text[at - 1];
    const char after = text[at];
    const bool begins_number = (before == '.' || before == '-') && is_digit(after);
    return (is_of_word(before) && is_of_word(after)) || begins_number || is_in_number(text, at) || is_in_number(text, at - 1);
}

std::string_view without_spaces_behind(std::string_view text) {
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

}  // namespace

std::size_t characters_in(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

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
