#include "app/cli/grade.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "app/cli/exit_status.h"
#include "app/cli/graded.h"
#include "app/cli/terminal_text.h"
#include "core/base/text.h"
#include "core/base/whole_file.h"

namespace procatlas {

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
    const std::string text = arguments.json  ? graded_json(files)
                             : arguments.csv ? graded_csv(files)
                                             : terminal_text(graded_text(files, words));
    if (!write_all(STDOUT_FILENO, text)) {
        fmt::print(stderr, "procatlas: {}\n", terminal_text(words.text("cli.cannot_write")));
        return exit_failed;
    }
    return all_read ? exit_done : exit_failed;
}

}  // namespace procatlas
