// The sample programs, which a user can run without writing any code.
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

// The sample programs in `folder` that can be started, C first, by name: NAME.c with its compiled NAME, and NAME.py. The first
// comment line of each is "name: description". A second one in the same form is Korean.
[[nodiscard]] std::vector<Example> list_examples(const std::filesystem::path& folder);

// The sample programs in sample_folder().
[[nodiscard]] std::vector<Example> list_examples();

[[nodiscard]] std::optional<Example> find_example(std::string_view name);

}  // namespace procatlas
