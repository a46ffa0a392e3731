#include "app/control/examples.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>
#include <tuple>
#include <utility>

#include "app/control/asset_folder.h"
#include "core/base/text.h"

namespace procatlas {

namespace fs = std::filesystem;

namespace {

// "// name: text" or "# name: text" -> "text".
std::string description_in(std::string_view line) {
    const std::size_t colon = line.find(": ");
    const bool comment = line.starts_with("// ") || line.starts_with("# ");
    return comment && colon != std::string_view::npos ? display_text(line.substr(colon + 2)) : std::string();
}

HoldClasses classes_in(const nlohmann::json& names) {
    constexpr std::array<std::pair<std::string_view, bool HoldClasses::*>, 6> classes{
        {{"lifecycle", &HoldClasses::lifecycle},
         {"memory", &HoldClasses::memory},
         {"output", &HoldClasses::output},
         {"calls", &HoldClasses::calls},
         {"lines", &HoldClasses::lines},
         {"instructions", &HoldClasses::instructions}}};
    HoldClasses found;
    found.lifecycle = false;
    for (const auto& name : names) {
        const auto known = std::ranges::find_if(classes, [&](const auto& row) { return name == row.first; });
        if (known != classes.end()) {
            found.*known->second = true;
        }
    }
    return found;
}

Teaching teaching_in(const nlohmann::json& row) {
    Teaching teaching;
    const std::string topic = row.value("topic", std::string());
    for (std::size_t i = 0; i < topic_count; ++i) {
        teaching.topic = topic == topic_name(static_cast<Topic>(i)) ? static_cast<Topic>(i) : teaching.topic;
    }
    const std::string face = row.value("face", std::string());
    teaching.face = face == "addresses" ? Middle::memory : face == "pages" ? Middle::pages : Middle::textbook;
    if (const auto names = row.find("stop_at"); names != row.end() && names->is_array()) {
        teaching.stop_at = classes_in(*names);
    }
    return teaching;
}

// An empty object where there is no table: the programs can be started all the same.
nlohmann::json read_table(const fs::path& file) {
    std::ifstream stream(file);
    nlohmann::json table = nlohmann::json::parse(stream, nullptr, false);
    return table.is_object() ? table : nlohmann::json::object();
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

std::string_view topic_name(Topic topic) {
    constexpr std::array<std::string_view, topic_count> names{"areas", "stack",   "heap",    "family",  "copies",
                                                              "exec",  "endings", "threads", "objects", "other"};
    return names[static_cast<std::size_t>(topic)];
}

std::string python_program() {
    constexpr const char* plain = "/usr/bin/python3";
    return ::access(plain, X_OK) == 0 ? plain : "python3";
}

std::vector<Example> list_examples(const fs::path& folder) {
    const nlohmann::json table = read_table(folder / "examples.json");
    std::vector<Example> examples;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
        if (std::optional<Example> example = read_example(entry.path())) {
            if (const auto row = table.find(example->name); row != table.end() && row->is_object()) {
                example->teaching = teaching_in(*row);
            }
            examples.push_back(std::move(*example));
        }
    }
    const auto place = [](const Example& example) {
        return std::tuple(example.teaching.topic, example.name.ends_with(".py"), example.name);
    };
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
