#include "core/model/launcher.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/base/text.h"

namespace procatlas {
namespace {

bool same_but_for_the_name(std::span<const std::string> command, std::span<const std::string> arguments) {
    return std::ranges::equal(command.subspan(1), arguments.subspan(1)) &&
           (command.size() > 1 || base_name(command.front()) == base_name(arguments.front()));
}

bool is_end_of(std::span<const std::string> command, std::span<const std::string> arguments) {
    return arguments.size() < command.size() && std::ranges::equal(command.last(arguments.size()), arguments);
}

// A script of `#!/bin/sh`: the kernel puts the interpreter before the command.
bool is_interpreter_of(std::span<const std::string> command, std::span<const std::string> arguments) {
    return arguments.size() > command.size() && std::ranges::equal(arguments.last(command.size()), command);
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    for (std::size_t at = 0; (at = text.find_first_not_of(" \t\n", at)) != std::string_view::npos;) {
        const std::size_t end = std::min(text.find_first_of(" \t\n", at), text.size());
        words.push_back(text.substr(at, end - at));
        at = end;
    }
    return words;
}

// One plain command, without quotes: of several, each is what the person wanted.
bool is_what_a_shell_was_given(std::span<const std::string> command, std::span<const std::string> arguments) {
    const auto option = std::ranges::find(command, "-c");
    if (option == command.end() || std::next(option) == command.end()) {
        return false;
    }
    const std::string& text = *std::next(option);
    if (text.find_first_of(";&|<>()$`\n\"'\\") != std::string::npos) {
        return false;
    }
    std::vector<std::string_view> words = words_of(text);
    if (!words.empty() && words.front() == "exec") {
        words.erase(words.begin());
    }
    return std::ranges::equal(words, arguments);
}

}  // namespace

bool continues_command(std::span<const std::string> command, std::span<const std::string> arguments) {
    if (command.empty() || arguments.empty()) {
        return false;
    }
    return same_but_for_the_name(command, arguments) || is_end_of(command, arguments) ||
           is_interpreter_of(command, arguments) || is_what_a_shell_was_given(command, arguments);
}

}  // namespace procatlas
