// What a student predicted in a lesson. A recording keeps it beside the run that judged it, for whoever grades: table `answer`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace procatlas {

// In a recording; with more it is taken for damaged.
inline constexpr std::size_t most_student_answers = 20'000;

struct StudentAnswer {
    std::string who;         // as they call themselves; empty: they gave no name
    std::string lesson;      // its name: "four-areas"
    std::string title;       // of the lesson, in the student's language
    std::uint32_t step = 0;  // from 1
    std::string question;    // as it was asked
    // As the lesson's query calls it, the same in all languages, and as a person reads it. nullopt: looked without answering.
    std::optional<std::string> given;
    std::optional<std::string> given_text;
    std::string expected;  // what the run said
    std::string expected_text;
    bool right = false;
    std::optional<std::size_t> moment;  // where the step stood; nullopt: in a run before the recorded one
    std::uint64_t unix_ms = 0;          // when it was answered, since 1970

    bool operator==(const StudentAnswer&) const = default;
};

// Replaces the answers in a recording of our own that nobody writes to.
[[nodiscard]] Result<void> write_answers(const std::filesystem::path& file, std::span<const StudentAnswer> answers);
// Gives the answers in such a recording that have no name, or that of `before`, a name. Those of a class keep theirs.
[[nodiscard]] Result<void> sign_answers(const std::filesystem::path& file, std::string_view who, std::string_view before = {});

// The answers in a stranger's recording, in their order; procatlas-opener takes it apart. Texts are bounded and safe to show.
// Recordings before format 10 have none. Error: it is no recording, or is damaged.
[[nodiscard]] Result<std::vector<StudentAnswer>> read_answers(const std::filesystem::path& file);

}  // namespace procatlas
