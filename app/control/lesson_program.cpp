#include "app/control/lesson_program.h"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "app/control/command_split.h"
#include "app/control/examples.h"
#include "app/control/lesson_library.h"
#include "core/base/child_program.h"
#include "core/base/text.h"
#include "core/base/whole_file.h"
#include "core/live/live_run.h"

namespace procatlas {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_source = 1u << 20;  // bytes

// As the examples are compiled (assets/programs/CMakeLists.txt). The source is copied: nobody can change it meanwhile.
Result<std::shared_ptr<const TemporaryFolder>> compile(const std::string& program, const std::string& source) {
    auto folder = TemporaryFolder::make();
    if (!folder) {
        return std::unexpected(folder.error());
    }
    const fs::path copy = (*folder)->path() / program;
    if (const auto written = write_whole_file(copy, source); !written) {
        return std::unexpected(written.error());
    }
    const std::string line = R"(exec cc -std=gnu17 -O0 -g -fno-omit-frame-pointer -fPIE -pie -pthread "$1" -o "$2" 2>&1)";
    const auto ran = run_program({.words = {"sh", "-c", line, "sh", copy.string(), fs::path(copy).replace_extension().string()},
                                  .descriptors = {{.theirs = 0, .ours = -1}}},
                                 std::chrono::seconds(60));
    if (!ran) {
        return std::unexpected(ran.error());
    }
    if (ran->status == 127) {
        return fail(fmt::format("{} cannot be compiled: there is no C compiler (cc)", display_text(program)));
    }
    if (ran->status != 0) {
        constexpr std::size_t most_said = 4000;
        return fail(fmt::format("{} does not compile:\n{}", display_text(program),
                                first_characters(display_text(ran->output, true), most_said)));
    }
    return folder;
}

// nullopt: there is none beside the lesson.
Result<std::optional<LessonProgram>> program_beside(const std::string& program, const fs::path& folder) {
    const fs::path name(program);
    if (name.extension() != ".c" && name.extension() != ".py") {
        return std::nullopt;
    }
    auto source = read_in_folder(folder, program, most_source);
    if (!source) {
        return source.error().code == ENOENT ? Result<std::optional<LessonProgram>>(std::nullopt)
                                             : std::unexpected(source.error());
    }
    LessonProgram made;
    if (name.extension() == ".py") {
        std::error_code error;
        made.launch = launch_of({python_program(), fs::absolute(folder / name, error).string()});
        return made;
    }
    auto compiled = compile(program, *source);
    if (!compiled) {
        return std::unexpected(compiled.error());
    }
    made.folder = std::move(*compiled);
    made.launch = launch_of({(made.folder->path() / name.stem()).string()});
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

Result<LessonProgram> prepare_lesson_program(const LessonRun& run, const fs::path& folder, const std::string& file) {
    auto beside = program_beside(run.program, folder);
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
