// The sample programs: what a person can run without having written anything.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace procatlas {

struct Example {
    std::string name;                    // "three_same", "three_same.py"
    std::string description;             // English, one line
    std::string description_ko;          // Korean; empty: none
    std::vector<std::string> arguments;  // how to start it
};

// Those of `folder` that can be started, C ones first, by name: NAME.c beside its compiled NAME, and NAME.py. The first comment
// line of each is "name: description", a second one in the same form is Korean.
[[nodiscard]] std::vector<Example> list_examples(const std::filesystem::path& folder);

// Those of sample_folder().
[[nodiscard]] std::vector<Example> list_examples();

[[nodiscard]] std::optional<Example> find_example(std::string_view name);

}  // namespace procatlas
