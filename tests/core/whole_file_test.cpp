#include "core/base/whole_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

using namespace procatlas;

namespace {

namespace fs = std::filesystem;

class Folder {
public:
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "procatlas-file-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(path_); }
    [[nodiscard]] fs::path operator/(const char* name) const { return path_ / name; }
    [[nodiscard]] std::size_t files() const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
    }

private:
    fs::path path_;
};

}  // namespace

TEST_CASE("a written file is read back unchanged, and no temporary file is left") {
    const Folder folder;
    const std::string bytes("a\0b\n\xFF", 5);
    CHECK(write_whole_file(folder / "f", "an older and longer one"));
    CHECK(write_whole_file(folder / "f", bytes));
    CHECK((read_whole_file(folder / "f", 5) == bytes));
    CHECK(folder.files() == 1);
}

TEST_CASE("a failed read or write names the file, and an older file stays") {
    const Folder folder;
    const auto missing = read_whole_file(folder / "missing", 10);
    REQUIRE(!missing);
    CHECK(missing.error().message.find("missing") != std::string::npos);
    CHECK(!read_whole_file(folder / "", 10));
    CHECK(!write_whole_file(folder / "no/folder", "x"));
    CHECK(!write_whole_file(folder / "", "x"));
    CHECK(write_whole_file(folder / "f", "0123456789"));
    CHECK(!read_whole_file(folder / "f", 9));
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    CHECK(!read_whole_file(folder / "pipe", 10));
    if (fs::exists("/dev/full")) {
        CHECK(!write_whole_file("/dev/full", "x"));
    }
}

TEST_CASE("writing follows a link, and writes to a device instead of replacing it") {
    const Folder folder;
    CHECK(write_whole_file(folder / "real", "old"));
    fs::create_symlink(folder / "real", folder / "link");
    CHECK(write_whole_file(folder / "link", "new"));
    CHECK(fs::is_symlink(folder / "link"));
    CHECK((read_whole_file(folder / "real", 10) == "new"));
    fs::create_symlink("/dev/null", folder / "nothing");
    CHECK(write_whole_file(folder / "nothing", "x"));
    CHECK(fs::is_symlink(folder / "nothing"));
    CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("a file that is written over is readable to whom it was, and a new one as usual") {
    const Folder folder;
    const auto mode_of = [](const fs::path& path) {
        struct stat status{};
        REQUIRE(::stat(path.c_str(), &status) == 0);
        return status.st_mode & 0777u;
    };
    const mode_t before = ::umask(022);
    CHECK(write_whole_file(folder / "f", "public"));
    CHECK(mode_of(folder / "f") == 0644);
    for (const mode_t mode : {0600u, 0640u, 0666u}) {
        REQUIRE(::chmod((folder / "f").c_str(), mode) == 0);
        CHECK(write_whole_file(folder / "f", "another"));
        CHECK(mode_of(folder / "f") == mode);
    }
    ::umask(before);
}
