#include "app/control/command_split.h"

namespace procatlas {

Result<std::vector<std::string>> split_command(std::string_view line) {
    std::vector<std::string> arguments;
    std::string current;
    bool open = false;  // `current` is an argument, even if it is empty
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        const bool escapes =
            c == '\\' && i + 1 < line.size() && (quote == 0 || (quote == '"' && (line[i + 1] == '"' || line[i + 1] == '\\')));
        if (escapes) {
            current += line[++i];
            open = true;
        } else if (quote != 0) {
            if (c == quote) {
                quote = 0;
            } else {
                current += c;
            }
        } else if (c == '\'' || c == '"') {
            quote = c;
            open = true;
        } else if (c == ' ' || c == '\t' || c == '\n') {
            if (open) {
                arguments.push_back(std::move(current));
                current.clear();
                open = false;
            }
        } else {
            current += c;
            open = true;
        }
    }
    if (quote != 0) {
        return fail("a quotation mark is not closed");
    }
    if (open) {
        arguments.push_back(std::move(current));
    }
    return arguments;
}

std::string join_command(const std::vector<std::string>& arguments) {
    std::string line;
    for (const std::string& argument : arguments) {
        line += line.empty() ? "" : " ";
        if (!argument.empty() && argument.find_first_of(" \t\n'\"\\") == std::string::npos) {
            line += argument;
            continue;
        }
        line += '\'';
        for (const char c : argument) {
            line += c == '\'' ? std::string("'\\''") : std::string(1, c);
        }
        line += '\'';
    }
    return line;
}

}  // namespace procatlas
