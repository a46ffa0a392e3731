// What a class answered to the questions of a lesson that is walked before all, as the recording keeps it. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/lesson/judge.h"
#include "core/lesson/walk.h"
#include "core/store/student_answers.h"

namespace procatlas {

// The answer that one of the class gave to the question that is asked.
struct ClassVote {
    std::uint64_t visitor = 0;  // the same person, the same number
    std::string name;           // as they call themselves; may be empty. Safe to show
    std::string answer;         // the key of a choice, else as it was typed. Safe to show
    std::uint64_t unix_ms = 0;  // when they gave it, since 1970
};

class ClassAnswers {
public:
    // Rows that are kept. A recording with more could not be read again.
    static constexpr std::size_t most = most_student_answers - 1000;

    // Judges the votes of a question that the run has answered. A person's name is the one that they gave last.
    void take(const Question& question, std::size_t step, const RightAnswer& right, const Recording& recording,
              std::size_t place, std::span<const ClassVote> votes);
    [[nodiscard]] bool empty() const { return given_.empty(); }
    // In the order of the steps. Nobody has another one's name, and who gave none is called by `nameless` with a number in
    // place of "{}".
    [[nodiscard]] std::vector<StudentAnswer> rows(const LessonWalk& walk, std::string_view lesson,
                                                  std::string_view nameless) const;

private:
    struct Given {
        std::size_t step = 0;
        std::uint64_t visitor = 0;
        AnswerWords words;
        bool right = false;
        std::size_t place = 0;
        std::uint64_t unix_ms = 0;
    };

    [[nodiscard]] std::map<std::uint64_t, std::string> names(std::string_view nameless) const;

    std::vector<Given> given_;
    std::map<std::uint64_t, std::string> names_;
    std::map<std::size_t, AnswerWords> expected_;  // by step
};

}  // namespace procatlas
