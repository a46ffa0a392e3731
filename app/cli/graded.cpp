#include "app/cli/graded.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "core/export/data/csv_export.h"

namespace procatlas {
namespace {

using nlohmann::ordered_json;

// Who gave no name is called by the file.
std::string student_of(const HandedIn& file, const StudentAnswer& answer) {
    return answer.who.empty() ? file.file : answer.who;
}

// A text as most files have it: one that was forged does not speak for the others.
class MostSaid {
public:
    void add(const std::string& text) { ++said_[text]; }
    [[nodiscard]] std::string text() const {
        const auto most = std::ranges::max_element(said_, {}, [](const auto& one) { return one.second; });
        return most == said_.end() ? std::string() : most->first;
    }

private:
    std::map<std::string, std::size_t> said_;
};

// Those who gave the same answer to a question.
struct Group {
    MostSaid texts;
    bool right = false;
    bool looked = false;
    std::vector<std::string> students;
};

struct GradedQuestion {
    MostSaid texts;
    std::map<std::pair<bool, std::string>, Group> groups;  // by whether they answered, and the answer in all languages
};

struct Score {
    std::size_t right = 0;
    std::size_t answered = 0;
    std::set<std::uint32_t> steps;
};

struct GradedLesson {
    MostSaid titles;
    std::map<std::uint32_t, GradedQuestion> questions;
    std::map<std::pair<std::string, std::size_t>, Score> scores;  // of students, who may share a name, by file
};

void take_answer(GradedLesson& lesson, const HandedIn& file, std::size_t index, const StudentAnswer& answer) {
    const std::string student = student_of(file, answer);
    Score& score = lesson.scores[{student, index}];
    if (!score.steps.insert(answer.step).second) {
        return;  // one answer to each question
    }
    score.answered += answer.given ? 1 : 0;
    score.right += answer.given && answer.right ? 1 : 0;
    if (score.steps.size() == 1) {  // a voice for each file
        lesson.titles.add(answer.title);
    }
    GradedQuestion& question = lesson.questions[answer.step];
    question.texts.add(answer.question);
    Group& group = question.groups[{answer.given.has_value(), answer.given.value_or("") + (answer.right ? "+" : "-")}];
    group.texts.add(answer.given_text.value_or(""));
    group.right = answer.right;
    group.looked = !answer.given;
    group.students.push_back(student);
}

std::map<std::string, GradedLesson> lessons_of(const std::vector<HandedIn>& files) {
    std::map<std::string, GradedLesson> lessons;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (same_as(files, i)) {
            continue;
        }
        for (const StudentAnswer& answer : files[i].answers) {
            take_answer(lessons[answer.lesson], files[i], i, answer);
        }
    }
    return lessons;
}

// "Anna, Ben": in order of their names.
std::string students_text(std::vector<std::string> students) {
    std::ranges::sort(students);
    std::string text;
    for (const std::string& student : students) {
        text += (text.empty() ? "" : ", ") + student;
    }
    return text;
}

// How many questions most students of the lesson have met: more may be those of one who made them up.
std::size_t common_questions(const GradedLesson& lesson) {
    return static_cast<std::size_t>(std::ranges::count_if(lesson.questions, [&](const auto& one) {
        std::size_t students = 0;
        for (const auto& [key, group] : one.second.groups) {
            students += group.students.size();
        }
        return 2 * students > lesson.scores.size();
    }));
}

std::string question_text(std::uint32_t step, const GradedQuestion& question, const Messages& words) {
    std::vector<const Group*> groups;
    std::size_t right = 0;
    std::size_t all = 0;
    for (const auto& [key, group] : question.groups) {
        groups.push_back(&group);
        all += group.students.size();
        right += group.right && !group.looked ? group.students.size() : 0;
    }
    std::ranges::stable_sort(groups, [](const Group* a, const Group* b) {
        return std::pair(a->looked, b->students.size()) < std::pair(b->looked, a->students.size());
    });
    std::string text =
        fmt::format("{:>3}. {}  · {}\n", step, question.texts.text(), words.format("grade.right_of", right, all));
    for (const Group* group : groups) {
        const std::string said = group->looked ? std::string(words.text("grade.looked")) : group->texts.text();
        fmt::format_to(std::back_inserter(text), "     {} {} · {}: {}\n",
                       group->looked  ? "–"
                       : group->right ? "✓"
                                      : "✗",
                       said, group->students.size(), students_text(group->students));
    }
    return text;
}

std::optional<std::size_t> asked_by(const QuestionsAsked& asked, const std::string& lesson) {
    const auto found = asked.find(lesson);
    return found == asked.end() ? std::nullopt : std::optional(found->second);
}

// The lessons of one file, with how far its student has come in each.
ordered_json lessons_json(const HandedIn& file, const QuestionsAsked& asked) {
    std::map<std::string, Score> scores;
    for (const StudentAnswer& answer : file.answers) {
        Score& score = scores[answer.lesson];
        if (score.steps.insert(answer.step).second) {
            score.answered += answer.given ? 1 : 0;
            score.right += answer.given && answer.right ? 1 : 0;
        }
    }
    ordered_json rows = ordered_json::array();
    for (const auto& [name, score] : scores) {
        const auto all = asked_by(asked, name);
        rows.push_back({{"lesson", name},
                        {"right", score.right},
                        {"answered", score.answered},
                        {"reached", score.steps.size()},
                        {"asked", all ? ordered_json(*all) : ordered_json()}});
    }
    return rows;
}

bool same_answers(const std::vector<StudentAnswer>& a, const std::vector<StudentAnswer>& b) {
    return std::ranges::equal(a, b, [](StudentAnswer one, StudentAnswer other) {
        one.who.clear();
        other.who.clear();
        return one == other;
    });
}

}  // namespace

std::optional<std::size_t> same_as(const std::vector<HandedIn>& files, std::size_t index) {
    const std::vector<StudentAnswer>& answers = files[index].answers;
    for (std::size_t before = 0; !answers.empty() && before < index; ++before) {
        if (same_answers(files[before].answers, answers)) {
            return before;
        }
    }
    return std::nullopt;
}

std::string graded_text(const std::vector<HandedIn>& files, const QuestionsAsked& asked, const Messages& words) {
    std::string text;
    for (const auto& [name, lesson] : lessons_of(files)) {
        text += text.empty() ? "" : "\n";
        text += fmt::format("{} · {}\n\n", name, lesson.titles.text());
        for (const auto& [step, question] : lesson.questions) {
            text += question_text(step, question, words);
        }
        text += "\n";
        const auto known = asked_by(asked, name);
        const std::size_t common = common_questions(lesson);
        for (const auto& [student, score] : lesson.scores) {
            const std::size_t reached = score.steps.size();
            const std::string told =
                known ? words.format("grade.score_of_all", score.right, std::max(*known, reached), reached, score.answered)
                      : words.format("grade.score", score.right, std::max(common, reached), score.answered);
            text += fmt::format("     {}: {}\n", student.first, told);
        }
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
        const HandedIn& file = files[i];
        if (file.error.empty() && file.answers.empty()) {
            text += words.format("grade.no_answers", file.file) + "\n";
        }
        if (const auto same = same_as(files, i)) {
            text += words.format("grade.same", file.file, student_of(file, file.answers.front()), files[*same].file,
                                 student_of(files[*same], files[*same].answers.front())) +
                    "\n";
        }
    }
    return text;
}

std::string graded_csv(const std::vector<HandedIn>& files, const QuestionsAsked& asked) {
    std::string out =
        "who,file,lesson,step,question,given,given_text,expected,expected_text,right,moment,unix_ms,asked,same_as\r\n";
    for (std::size_t i = 0; i < files.size(); ++i) {
        const HandedIn& file = files[i];
        const auto same = same_as(files, i);
        for (const StudentAnswer& answer : file.answers) {
            const auto all = asked_by(asked, answer.lesson);
            fmt::format_to(std::back_inserter(out), "{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", csv_field(answer.who),
                           csv_field(file.file), csv_field(answer.lesson), answer.step, csv_field(answer.question),
                           csv_field(answer.given.value_or("")), csv_field(answer.given_text.value_or("")),
                           csv_field(answer.expected), csv_field(answer.expected_text), answer.right ? "yes" : "no",
                           answer.moment ? std::to_string(*answer.moment) : "", answer.unix_ms, all ? std::to_string(*all) : "",
                           same ? csv_field(files[*same].file) : "");
        }
    }
    return out;
}

std::string graded_json(const std::vector<HandedIn>& files, const QuestionsAsked& asked) {
    const auto or_null = [](const auto& value) { return value ? ordered_json(*value) : ordered_json(); };
    ordered_json rows = ordered_json::array();
    for (std::size_t i = 0; i < files.size(); ++i) {
        const HandedIn& file = files[i];
        ordered_json row{{"file", file.file}};
        if (const auto same = same_as(files, i)) {
            row["same_as"] = files[*same].file;
        }
        if (!file.error.empty()) {
            row["error"] = file.error;
            rows.push_back(std::move(row));
            continue;
        }
        ordered_json answers = ordered_json::array();
        for (const StudentAnswer& answer : file.answers) {
            answers.push_back({{"who", answer.who.empty() ? ordered_json() : ordered_json(answer.who)},
                               {"lesson", answer.lesson},
                               {"title", answer.title},
                               {"step", answer.step},
                               {"question", answer.question},
                               {"given", or_null(answer.given)},
                               {"given_text", or_null(answer.given_text)},
                               {"expected", answer.expected},
                               {"expected_text", answer.expected_text},
                               {"right", answer.right},
                               {"moment", or_null(answer.moment)},
                               {"unix_ms", answer.unix_ms}});
        }
        row["lessons"] = lessons_json(file, asked);
        row["answers"] = std::move(answers);
        rows.push_back(std::move(row));
    }
    const ordered_json all{{"procatlas", PROCATLAS_VERSION}, {"files", std::move(rows)}};
    return all.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace procatlas
