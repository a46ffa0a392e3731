// Shortens a text where a reader does not take what is left for something else: half an address is another address.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace procatlas {

// `text` if it has at most `most` characters; else its beginning, in at most so many, and "…". Cut between words, and at a sign
// where a single word would take more than half of the room. A name that alone is longer is cut, a number never: then only "…".
[[nodiscard]] std::string cut_at_word(std::string_view text, std::size_t most);

// Code points of valid UTF-8.
[[nodiscard]] std::size_t characters_in(std::string_view text);

}  // namespace procatlas
