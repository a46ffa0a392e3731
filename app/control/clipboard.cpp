#include "app/control/clipboard.h"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "core/base/child_program.h"
#include "core/base/whole_file.h"
#include "core/store/temporary_folder.h"

namespace procatlas {
namespace {

constexpr std::chrono::seconds patience(10);  // a display that does not answer must not block the window

}  // namespace

Result<void> copy_png(std::string_view png) {
    const auto folder = TemporaryFolder::make();
    if (!folder) {
        return std::unexpected(folder.error());
    }
    const std::string file = ((*folder)->path() / "picture.png").string();
    if (auto written = write_whole_file(file, png); !written) {
        return written;
    }
    // xclip reads the file and keeps running in the background. It must not hold our output open.
    auto program = ChildProgram::start({.words = {"xclip", "-selection", "clipboard", "-target", "image/png", file},
                                        .descriptors = {{STDIN_FILENO, -1}, {STDOUT_FILENO, -1}, {STDERR_FILENO, -1}}});
    if (!program) {
        return std::unexpected(program.error());
    }
    const auto status = program->wait_for_end(patience);
    return status && WIFEXITED(*status) && WEXITSTATUS(*status) == 0 ? Result<void>() : fail("xclip did not take the picture");
}

}  // namespace procatlas
