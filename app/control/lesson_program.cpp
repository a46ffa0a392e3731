#include "app/control/lesson_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "app/control/command_split.h"
#include "app/control/examples.h"
#include "app/control/lesson_library.h"
#include "core/base/text.h"
#include "core/compile/source_program.h"
#include "core/live/live_run.h"

namespace procatlas {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_source = 1u << 20;  // bytes

// "FILE:LINE: text", as the compiler says it; only the first ones.
std::string compiler_said(const std::vector<CompilerMessage>& messages) {
    constexpr std::size_t most = 20;
    constexpr std::size_t longest = 400;
    std::string said;
    for (std::size_t i = 0; i < std::min(messages.size(), most); ++i) {
        const CompilerMessage& message = messages[i];
        const std::string place =
            message.line > 0 ? fmt::format("{}:{}: ", base_name(message.file), message.line) : std::string();
        said += "\n" + first_characters(display_text(place + message.text), longest);
    }
    return said;
}

// A sentence for whoever wrote the lesson.
std::string why_not_ready(const std::string& program, const NotReady& why) {
    const std::string name = display_text(program);
    switch (why.why) {
        case NotReady::Why::refused:
            return fmt::format("{} does not compile:{}", name, compiler_said(why.messages));
        case NotReady::Why::no_compiler:
            return fmt::format("{} cannot be compiled: there is no compiler ({})", name, display_text(why.detail));
        case NotReady::Why::too_slow:
            return fmt::format("{} cannot be compiled: that takes too long", name);
        case NotReady::Why::no_python:
            return fmt::format("{} cannot be run: there is no python3", name);
        case NotReady::Why::cancelled:
            return fmt::format("{} is not wanted any more", name);
        case NotReady::Why::unreadable:
        case NotReady::Why::no_program:
        case NotReady::Why::no_place:
        case NotReady::Why::failed:
            return fmt::format("{} cannot be made ready: {}", name, display_text(why.detail));
    }
    return name;
}

// nullopt: there is none beside the lesson.
Result<std::optional<LessonProgram>> program_beside(const std::string& program, const fs::path& folder, int cancelled) {
    if (!compiles(program, folder)) {
        return std::nullopt;
    }
    if (const auto source = read_in_folder(folder, program, most_source); !source) {
        return source.error().code == ENOENT ? Result<std::optional<LessonProgram>>(std::nullopt)
                                             : std::unexpected(source.error());
    }
    std::error_code error;
    auto ready = make_ready({fs::absolute(folder / program, error), {}}, {.cancel = cancelled});
    if (!ready) {
        return fail(why_not_ready(program, ready.error()));
    }
    LessonProgram made;
    made.launch = launch_of(std::move(ready->words));
    return made;
}

Grain observed_grain(LessonGrain grain) {
    switch (grain) {
        case LessonGrain::lifecycle:
        case LessonGrain::memory:
            return Grain::none;
        case LessonGrain::calls:
            return Grain::calls;
        case LessonGrain::lines:
            return Grain::lines;
        case LessonGrain::instructions:
            return Grain::instructions;
    }
    return Grain::none;
}

}  // namespace

bool compiles(const std::string& program, const fs::path& folder) {
    std::error_code error;
    return source_language_of(program) && fs::exists(fs::symlink_status(folder / program, error));
}

Result<LessonProgram> prepare_lesson_program(const LessonRun& run, const fs::path& folder, const std::string& file,
                                             int cancelled) {
    auto beside = program_beside(run.program, folder, cancelled);
    if (!beside) {
        return fail(fmt::format("{}:{}: {}", file, run.line, beside.error().message));
    }
    LessonProgram made;
    if (*beside) {
        made = std::move(**beside);
    } else if (const auto example = find_example(run.program)) {
        made.launch = launch_of(example->arguments);
    } else {
        return fail(
            fmt::format("{}:{}: there is no program \"{}\": neither a file beside the lesson nor an example "
                        "(`procatlas examples` lists those)",
                        file, run.line, display_text(run.program)));
    }
    made.title = display_text(run.program);
    const auto arguments = split_command(run.arguments);
    if (!arguments) {
        return fail(fmt::format("{}:{}: {}", file, run.line, arguments.error().message));
    }
    made.launch.arguments.insert(made.launch.arguments.end(), arguments->begin(), arguments->end());
    made.launch.watch_memory = run.grain != LessonGrain::lifecycle;
    made.launch.grain = observed_grain(run.grain);
    made.launch.followed = run.libraries ? FollowedCode::with_libraries : FollowedCode::own;
    made.launch.pages = run.pages;
    return made;
}

}  // namespace procatlas
