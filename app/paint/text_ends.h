// A text as Dear ImGui takes it: two pointers. It takes an end that is null for "up to the zero", and an empty std::string_view
// may be two null pointers.
#pragma once

#include <string_view>

namespace procatlas {

struct TextEnds {
    explicit TextEnds(std::string_view text) : begin(text.data() ? text.data() : ""), end(begin + text.size()) {}

    const char* begin;
    const char* end;
};

}  // namespace procatlas
