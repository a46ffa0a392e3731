#include "core/narrate/program_name.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "core/base/text.h"

namespace procatlas {
namespace {

struct Interpreter {
    std::string_view name;         // how its file's name begins; a version may follow
    std::string_view text_option;  // the next word is the program itself, or the rest of this one
    std::string_view module_option;
    std::string_view with_value;  // options of one letter whose value is the next word, where it is not the rest of this one
};

constexpr std::array interpreters{
    Interpreter{"python", "c", "m", "WX"}, Interpreter{"pypy", "c", "m", "WX"}, Interpreter{"bash", "c", "", "oO"},
    Interpreter{"sh", "c", "", "o"},       Interpreter{"dash", "c", "", "o"},   Interpreter{"zsh", "c", "", "o"},
    Interpreter{"perl", "eE", "", ""},     Interpreter{"ruby", "e", "", ""},    Interpreter{"node", "ep", "", "r"},
    Interpreter{"php", "r", "", "dc"},     Interpreter{"lua", "e", "", "l"},
};

bool is_version(std::string_view text) {
    return text.find_first_not_of("0123456789.") == std::string_view::npos;
}

const Interpreter* interpreter_of(std::string_view file) {
    const auto found = std::ranges::find_if(interpreters, [&](const Interpreter& one) {
        return file.starts_with(one.name) && is_version(file.substr(one.name.size()));
    });
    return found == interpreters.end() ? nullptr : &*found;
}

// multiprocessing starts its helpers by `python3 -c "from multiprocessing.NAME import ..."`.
std::optional<std::string_view> multiprocessing_helper(std::string_view text) {
    constexpr std::string_view start = "from multiprocessing.";
    if (!text.starts_with(start)) {
        return std::nullopt;
    }
    text.remove_prefix(start.size());
    text = text.substr(0, text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"));
    return text.empty() ? std::nullopt : std::optional(text);
}

std::string without_script(std::string_view file, char option, std::string_view value) {
    constexpr std::size_t most = 40;
    const bool cut = value.size() > most;
    return display_text(std::string(file) + " -" + option + " " + std::string(value.substr(0, most))) + (cut ? "…" : "");
}

// What the words after the interpreter's name say; nullopt: nothing, it reads its input.
std::optional<std::string> script_of(const Interpreter& interpreter, std::string_view file,
                                     std::span<const std::string> words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        if (word == "--") {
            return i + 1 < words.size() ? std::optional(display_text(base_name(words[i + 1]))) : std::nullopt;
        }
        if (word.size() < 2 || word[0] != '-') {
            return word == "-" ? std::nullopt : std::optional(display_text(base_name(word)));
        }
        for (std::size_t letter = 1; word[1] != '-' && letter < word.size(); ++letter) {
            const bool text = interpreter.text_option.contains(word[letter]);
            const bool last = letter + 1 == word.size();
            const std::string_view value = !last                  ? word.substr(letter + 1)
                                           : i + 1 < words.size() ? std::string_view(words[i + 1])
                                                                  : "";
            if (text || interpreter.module_option.contains(word[letter])) {
                const auto helper = text ? multiprocessing_helper(value) : std::nullopt;
                return helper          ? std::string(*helper)
                       : value.empty() ? std::nullopt
                                       : std::optional(without_script(file, word[letter], value));
            }
            if (interpreter.with_value.contains(word[letter])) {
                i += last ? 1 : 0;
                break;
            }
        }
    }
    return std::nullopt;
}

}  // namespace

std::string program_name(std::string_view path, std::span<const std::string> arguments) {
    // What is no path is a name that the kernel keeps of the program, in which a slash is a letter.
    const std::string_view file = path.starts_with('/') ? base_name(path) : path;
    const Interpreter* interpreter = interpreter_of(file);
    if (interpreter != nullptr && arguments.size() > 1) {
        if (auto script = script_of(*interpreter, file, arguments.subspan(1)); script && !script->empty()) {
            return *script;
        }
    }
    return display_text(file);
}

std::string program_name(const Process& process) {
    if (!process.told_name.empty()) {
        return display_text(process.told_name);
    }
    return process.programs.empty() ? std::string() : program_name(process.programs.back(), process.arguments);
}

}  // namespace procatlas
