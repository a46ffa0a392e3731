#include "core/narrate/addresses_in_text.h"

#include <charconv>

namespace procatlas {

namespace {

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

}  // namespace

std::vector<PrintedAddress> addresses_in_text(std::string_view text) {
    constexpr std::size_t longest = 2 + 16;
    std::vector<PrintedAddress> found;
    for (std::size_t at = text.find("0x"); at != std::string_view::npos; at = text.find("0x", at + 1)) {
        std::size_t end = at + 2;
        while (end < text.size() && is_word(text[end])) {
            ++end;
        }
        if ((at > 0 && is_word(text[at - 1])) || end - at <= 2 || end - at > longest) {
            continue;
        }
        Address address = 0;
        const auto [rest, error] = std::from_chars(text.data() + at + 2, text.data() + end, address, 16);
        if (error == std::errc() && rest == text.data() + end) {
            found.push_back({at, end - at, address});
        }
    }
    return found;
}

}  // namespace procatlas
