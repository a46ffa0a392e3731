#include "app/clipboard.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "core/base/whole_file.h"
#include "core/store/temporary_folder.h"

// POSIX leaves its declaration to us.
extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace procatlas {

Result<void> copy_png(std::string_view png) {
    const auto folder = TemporaryFolder::make();
    if (!folder) {
        return std::unexpected(folder.error());
    }
    std::string file = ((*folder)->path() / "picture.png").string();
    if (auto written = write_whole_file(file, png); !written) {
        return written;
    }
    // It reads the file, and goes on in the background with what it read; its output must not keep ours open.
    std::array<std::string, 6> words{"xclip", "-selection", "clipboard", "-target", "image/png", file};
    std::array<char*, 7> arguments{};
    for (std::size_t i = 0; i < words.size(); ++i) {
        arguments[i] = words[i].data();
    }
    posix_spawn_file_actions_t actions{};
    ::posix_spawn_file_actions_init(&actions);
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        ::posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0);
    }
    pid_t pid = 0;
    const int error = ::posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        return std::unexpected(system_error("xclip", error));
    }
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? Result<void>() : fail("xclip did not take the picture");
}

}  // namespace procatlas
