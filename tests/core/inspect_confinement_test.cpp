#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <string>

#include "core/confine/confinement.h"
#include "tests/scratch_folder.h"

using namespace procatlas;

namespace {

enum Confined { allowed = 0, refused = 1, not_confined = 2 };

// What becomes of `attempt` (a system call that gives -1 where it fails) in a process that is confined.
int outcome_of(const std::function<long()>& attempt) {
    const pid_t child = fork();
    if (child == 0) {
        if (!confine_to_reading()) {
            _exit(not_confined);
        }
        _exit(attempt() != -1 ? allowed : errno == EPERM ? refused : not_confined);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("a confined reader reads files, and changes none, starts nothing, connects nowhere and signals nobody") {
    const ScratchFolder folder;
    const std::string old_file = folder / "old";
    const std::string new_file = folder / "new";
    close(open(old_file.c_str(), O_WRONLY | O_CREAT, 0600));

    CHECK(outcome_of([&] { return open(old_file.c_str(), O_RDONLY); }) == allowed);
    CHECK(outcome_of([&] { return open("/proc/self/mem", O_RDONLY); }) == allowed);
    CHECK(outcome_of([&] { return open(old_file.c_str(), O_WRONLY); }) == refused);
    CHECK(outcome_of([&] { return open(old_file.c_str(), O_RDWR); }) == refused);
    CHECK(outcome_of([&] { return open(new_file.c_str(), O_RDONLY | O_CREAT, 0600); }) == refused);
    CHECK(outcome_of([&] { return open(old_file.c_str(), O_RDONLY | O_TRUNC); }) == refused);
    CHECK(outcome_of([&] { return unlink(old_file.c_str()); }) == refused);
    CHECK(outcome_of([&] { return rename(old_file.c_str(), new_file.c_str()); }) == refused);
    CHECK(outcome_of([] { return socket(AF_INET, SOCK_STREAM, 0); }) == refused);
    CHECK(outcome_of([] { return socket(AF_UNIX, SOCK_STREAM, 0); }) == refused);
    CHECK(outcome_of([] { return execl("/bin/true", "true", nullptr); }) == refused);
    CHECK(outcome_of([] { return kill(getppid(), SIGWINCH); }) == refused);
    CHECK(outcome_of([] { return fork(); }) == refused);
    CHECK(access(old_file.c_str(), F_OK) == 0);
    CHECK(access(new_file.c_str(), F_OK) != 0);
}
