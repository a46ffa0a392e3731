// The sample programs, which a user can run without writing any code.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/control/view.h"
#include "core/model/command.h"

namespace procatlas {

// What a program is about. Examples are listed in this order.
enum class Topic { areas, stack, heap, family, copies, exec, endings, threads, objects, other };
inline constexpr std::size_t topic_count = static_cast<std::size_t>(Topic::other) + 1;
// "areas", "stack", ...
[[nodiscard]] std::string_view topic_name(Topic topic);

// How a window shows a sample program: examples.json, beside the programs.
struct Teaching {
    Topic topic = Topic::other;
    Middle face = Middle::textbook;
    HoldClasses stop_at;

    bool operator==(const Teaching&) const = default;
};

struct Example {
    std::string name;                    // "three_same", "three_same.py"
    std::string description;             // English, one line
    std::string description_ko;          // Korean; empty: none
    std::vector<std::string> arguments;  // how to start it
    Teaching teaching;
};

// The sample programs in `folder` that can be started, by topic, C first, by name: NAME.c with its compiled NAME, and NAME.py.
// The first comment line of each is "name: description". A second one in the same form is Korean.
[[nodiscard]] std::vector<Example> list_examples(const std::filesystem::path& folder);

// The sample programs in sample_folder().
[[nodiscard]] std::vector<Example> list_examples();

[[nodiscard]] std::optional<Example> find_example(std::string_view name);

// Which Python runs them: the distribution's, if there is one. The first in PATH may be a version manager's shell script, whose
// many child processes would clutter the tree.
[[nodiscard]] std::string python_program();

}  // namespace procatlas
