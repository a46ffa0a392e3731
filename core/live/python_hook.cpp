#include "core/live/python_hook.h"

#include <algorithm>
#include <filesystem>

#include "core/base/program_path.h"
#include "core/base/text.h"

namespace procatlas {

std::vector<std::string> with_python_hook(std::vector<std::string> environment, const std::string& folder, Grain grain,
                                          FollowedCode followed) {
    constexpr std::string_view path_name = "PYTHONPATH=";
    constexpr std::string_view grain_name = "PROCATLAS_PYTHON=";
    if (!tells_python(grain, followed) || folder.empty()) {
        return environment;
    }
    std::string path = folder;
    for (const std::string& variable : environment) {
        if (variable.starts_with(path_name) && variable.size() > path_name.size()) {
            path += ":" + variable.substr(path_name.size());
        }
    }
    std::erase_if(environment, [&](const std::string& v) { return v.starts_with(path_name) || v.starts_with(grain_name); });
    environment.push_back(std::string(path_name) + path);
    environment.push_back(std::string(grain_name) + (grain == Grain::calls ? "calls" : "lines") +
                          (followed == FollowedCode::with_libraries ? "+libraries" : ""));
    return environment;
}

bool tells_python(Grain grain, FollowedCode followed) {
    return grain == Grain::calls || grain == Grain::lines || (grain == Grain::instructions && followed == FollowedCode::own);
}

std::string python_hook_folder() {
    const auto file = find_own_file("python/sitecustomize.py");
    return file ? std::filesystem::path(*file).parent_path().string() : std::string();
}

bool is_python(std::string_view program) {
    return base_name(program).starts_with("python");
}

std::string leaves_hook_out(std::span<const std::string> arguments) {
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        if (!word.starts_with('-') || word == "-" || word == "--") {
            return {};
        }
        if (word.starts_with("--")) {
            i += word == "--check-hash-based-pycs" ? 1 : 0;
            continue;
        }
        for (std::size_t at = 1; at < word.size(); ++at) {
            const char letter = word[at];
            if (letter == 'I' || letter == 'E' || letter == 'S') {
                return std::string("-") + letter;
            }
            if (letter == 'c' || letter == 'm') {
                return {};
            }
            if (letter == 'W' || letter == 'X') {  // the rest is its value, or the next word
                i += at + 1 == word.size() ? 1 : 0;
                break;
            }
        }
    }
    return {};
}

}  // namespace procatlas
