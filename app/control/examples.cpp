#include "app/control/examples.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <system_error>
#include <utility>

#include "app/control/asset_folder.h"
#include "core/base/text.h"

namespace procatlas {

namespace fs = std::filesystem;

namespace {

// Prefers the distribution's Python. The first in PATH may be a version manager's shell script, whose many child processes
// would clutter the tree.
std::string python_program() {
    constexpr const char* plain = "/usr/bin/python3";
    return ::access(plain, X_OK) == 0 ? plain : "python3";
}

// "// name: text" or "# name: text" -> "text".
std::string description_in(std::string_view line) {
    const std::size_t colon = line.find(": ");
    const bool comment = line.starts_with("// ") || line.starts_with("# ");
    return comment && colon != std::string_view::npos ? display_text(line.substr(colon + 2)) : std::string();
}

std::optional<Example> read_example(const fs::path& source) {
    const bool python = source.extension() == ".py";
    std::error_code error;
    const fs::path compiled = fs::path(source).replace_extension();
    if (!python && (source.extension() != ".c" || !fs::is_regular_file(compiled, error))) {
        return std::nullopt;
    }
    std::ifstream stream(source);
    std::string line;
    std::getline(stream, line);
    Example example;
    example.description = description_in(line);
    std::getline(stream, line);
    example.description_ko = description_in(line);
    if (example.description.empty()) {
        return std::nullopt;
    }
    example.name = python ? source.filename().string() : source.stem().string();
    example.arguments =
        python ? std::vector<std::string>{python_program(), source.string()} : std::vector<std::string>{compiled.string()};
    return example;
}

}  // namespace

std::vector<Example> list_examples(const fs::path& folder) {
    std::vector<Example> examples;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
        if (std::optional<Example> example = read_example(entry.path())) {
            examples.push_back(std::move(*example));
        }
    }
    const auto place = [](const Example& example) { return std::pair(example.name.ends_with(".py"), example.name); };
    std::ranges::sort(examples, {}, place);
    return examples;
}

std::vector<Example> list_examples() {
    return list_examples(sample_folder());
}

std::optional<Example> find_example(std::string_view name) {
    std::vector<Example> examples = list_examples();
    const auto found = std::ranges::find(examples, name, &Example::name);
    return found == examples.end() ? std::nullopt : std::optional(std::move(*found));
}

}  // namespace procatlas
