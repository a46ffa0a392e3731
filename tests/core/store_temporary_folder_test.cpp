// Temporary folders are private, and their owner removes them. If the owner was killed, the next owner removes its folder.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <string>

#include "core/store/temporary_folder.h"

using namespace procatlas;

namespace {

namespace fs = std::filesystem;

// A process that makes a folder with a file in it, and waits to be killed.
class Owner {
public:
    Owner() {
        std::array<int, 2> pipe{};
        REQUIRE(::pipe(pipe.data()) == 0);
        pid_ = ::fork();
        if (pid_ == 0) {
            const auto made = TemporaryFolder::make();
            const std::string path = made ? (*made)->path().string() : "";
            std::ofstream(path + "/copy") << "bytes";
            (void)!::write(pipe[1], path.data(), path.size());
            ::close(pipe[1]);
            while (true) {
                ::pause();
            }
        }
        ::close(pipe[1]);
        std::array<char, 4096> path{};
        const ssize_t got = ::read(pipe[0], path.data(), path.size());
        ::close(pipe[0]);
        REQUIRE(got > 0);
        folder = std::string(path.data(), static_cast<std::size_t>(got));
    }
    Owner(const Owner&) = delete;
    Owner& operator=(const Owner&) = delete;
    ~Owner() { kill(); }

    void kill() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
            pid_ = -1;
        }
    }

    fs::path folder;

private:
    pid_t pid_ = -1;
};

}  // namespace

TEST_CASE("a temporary folder is private to its owner, and is removed with it") {
    auto made = TemporaryFolder::make();
    REQUIRE(made);
    const fs::path path = (*made)->path();
    struct stat status{};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0700);
    std::ofstream(path / "copy") << "bytes";
    made->reset();
    CHECK_FALSE(fs::exists(path));
}

TEST_CASE("making a folder removes those of killed processes, and keeps those of living ones") {
    Owner killed;
    const Owner living;
    const auto own = TemporaryFolder::make();
    REQUIRE(own);
    CHECK(fs::exists(killed.folder / "copy"));
    killed.kill();
    const auto next = TemporaryFolder::make();
    REQUIRE(next);
    CHECK_FALSE(fs::exists(killed.folder));
    CHECK(fs::exists(living.folder / "copy"));
    CHECK(fs::exists((*own)->path()));
}

TEST_CASE("a folder with a similar name that is not ours is left alone") {
    std::string other = (fs::temp_directory_path() / "procatlas-XXXXXX").string();
    REQUIRE(::mkdtemp(other.data()) != nullptr);
    std::ofstream(other + "/something") << "of somebody";
    const auto made = TemporaryFolder::make();
    REQUIRE(made);
    CHECK(fs::exists(other + "/something"));
    fs::remove_all(other);
}

TEST_CASE("a user's folder whose name begins like ours keeps its files, even with a file named lock in it") {
    const fs::path parent = fs::temp_directory_path();
    const std::string number = std::to_string(::getpid());
    const fs::path users = parent / ("procatlas-mydata" + number);
    fs::create_directory(users);
    std::ofstream(users / "lock") << "mine";
    std::ofstream(users / "thesis.txt") << "precious";
    const fs::path copied = parent / ("procatlas-copy" + number);
    {
        Owner owner;
        fs::copy(owner.folder, copied);  // of a folder of ours, with its lock
        std::ofstream(copied / "thesis.txt") << "precious";
    }
    const auto next = TemporaryFolder::make();
    REQUIRE(next);
    CHECK(fs::exists(users / "thesis.txt"));
    CHECK(fs::exists(copied / "thesis.txt"));
    fs::remove_all(users);
    fs::remove_all(copied);
}
