#include "app/cli/list_examples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "app/cli/terminal_text.h"
#include "app/control/examples.h"

namespace procatlas {

int print_examples(std::string_view language) {
    const auto examples = list_examples();
    std::size_t width = 0;
    for (const Example& example : examples) {
        width = std::max(width, example.name.size());
    }
    for (const Example& example : examples) {
        const bool korean = language == "ko" && !example.description_ko.empty();
        fmt::print("{:<{}}  {}\n", example.name, width, 
                   terminal_text(korean ? example.description_ko : example.description));
    }
    return examples.empty() || std::fflush(stdout) != 0 ? 1 : 0;
}

}  // namespace procatlas
