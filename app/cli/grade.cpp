#include "app/cli/grade.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/exit_status.h"
#include "app/cli/graded.h"
#include "app/cli/terminal_text.h"
#include "app/control/lesson_library.h"
#include "core/base/text.h"
#include "core/base/whole_file.h"

namespace procatlas {
namespace {

// Of the lessons that the answers are about, as far as they are in the course or the user's own folder. A name in a file is
// never taken for a path.
QuestionsAsked questions_asked(const std::vector<HandedIn>& files) {
    std::set<std::string> names;
    for (const HandedIn& file : files) {
        for (const StudentAnswer& answer : file.answers) {
            names.insert(answer.lesson);
        }
    }
    QuestionsAsked asked;
    for (const LessonEntry& entry : list_lessons()) {
        if (!names.contains(entry.name)) {
            continue;
        }
        if (const auto loaded = load_lesson(entry.folder, "en")) {
            const auto asks = [](const LessonStep& step) { return step.question.has_value(); };
            asked.emplace(entry.name, static_cast<std::size_t>(std::ranges::count_if(loaded->lesson.steps, asks)));
        }
    }
    return asked;
}

}  // namespace

int grade(const GradeArguments& arguments, const Messages& words) {
    std::vector<HandedIn> files;
    bool all_read = true;
    for (const std::string& file : arguments.files) {
        HandedIn& row = files.emplace_back();
        row.file = display_text(file);
        if (auto answers = read_answers(file)) {
            row.answers = std::move(*answers);
        } else {
            row.error = answers.error().message;
            all_read = false;
            fmt::print(stderr, "procatlas: {}\n", terminal_text(display_text(row.error)));
        }
    }
    const QuestionsAsked asked = questions_asked(files);
    const std::string text = arguments.json  ? graded_json(files, asked)
                             : arguments.csv ? graded_csv(files, asked)
                                             : terminal_text(graded_text(files, asked, words));
    if (!write_all(STDOUT_FILENO, text)) {
        fmt::print(stderr, "procatlas: {}\n", terminal_text(words.text("cli.cannot_write")));
        return exit_failed;
    }
    return all_read ? exit_done : exit_failed;
}

}  // namespace procatlas
