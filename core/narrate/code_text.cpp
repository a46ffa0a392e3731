#include "core/narrate/code_text.h"

#include <algorithm>

namespace procatlas {

std::string_view without_comment(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote != 0) {
            i += c == '\\' ? 1 : 0;
            quote = c == quote ? 0 : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == ' ' && i > 0 && (line.substr(i + 1).starts_with("//") || line.substr(i + 1).starts_with("# "))) {
            line = line.substr(0, i);
            break;
        }
    }
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) {
        line.remove_suffix(1);
    }
    return line;
}

bool says_nothing(std::string_view line) {
    const std::string_view code = without_comment(line);
    return code.empty() || code == "}" || code == "};" || code.starts_with("//") ||
           (code.starts_with("/*") && code.find("*/") == code.size() - 2);
}

}  // namespace procatlas
