// What a stranger's file could make its reader do ends in procatlas-opener.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <utility>

#include "core/store/opener_client.h"
#include "core/store/received_rows.h"
#include "core/store/untrusted_file.h"
#include "tests/core/store_support.h"

using namespace procatlas;
namespace fs = std::filesystem;

namespace {

std::string status_line(pid_t process, const std::string& name) {
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(name + ":")) {
            return line.substr(line.find_first_not_of("\t ", name.size() + 1));
        }
    }
    return {};
}

PrivateCopy copy_of_300_events(const ScratchFolder& folder) {
    write_made_up(folder / "x.procatlas", 7, 300);
    auto copy = PrivateCopy::make(folder / "x.procatlas");
    REQUIRE_MESSAGE(copy, copy.error().message);
    return std::move(*copy);
}

}  // namespace

TEST_CASE("a recording is taken apart by a program that the kernel confines, and ends with whoever asked") {
    const ScratchFolder folder;
    const PrivateCopy copy = copy_of_300_events(folder);
    auto rows = OpenedRows::open(copy.path());
    REQUIRE_MESSAGE(rows, rows.error().message);
    const pid_t opener = (*rows)->opener_pid();
    REQUIRE(opener > 0);
    CHECK(status_line(opener, "Name") == "procatlas-opene");  // 15 characters (proc_pid_comm(5))
#ifndef PROCATLAS_SANITIZED
    CHECK(status_line(opener, "Seccomp") == "2");
#endif
    CHECK(status_line(opener, "NoNewPrivs") == "1");
    CHECK(status_line(opener, "CapPrm") == "0000000000000000");
    CHECK((*rows)->number("SELECT count(*) FROM event") == 300);
    CHECK(!(*rows)->number("DELETE FROM event"));
    CHECK((*rows)->number("SELECT count(*) FROM event") == 300);
    rows->reset();
    CHECK(::kill(opener, 0) != 0);
}

TEST_CASE("where procatlas is root, the owner of a file takes it apart, and nobody else can read the copy") {
    if (::geteuid() != 0) {
        MESSAGE("not checked: only root becomes somebody else");
        return;
    }
    constexpr uid_t stranger = 65534;
    const ScratchFolder folder;
    write_made_up(folder / "x.procatlas", 7, 300);
    REQUIRE(::chown((folder / "x.procatlas").c_str(), stranger, stranger) == 0);
    const auto copy = PrivateCopy::make(folder / "x.procatlas");
    REQUIRE_MESSAGE(copy, copy.error().message);
    const auto rows = OpenedRows::open(copy->path());
    REQUIRE_MESSAGE(rows, rows.error().message);
    CHECK((*rows)->number("SELECT count(*) FROM event") == 300);
    const std::string stranger_alone = "65534\t65534\t65534\t65534";
    CHECK(status_line((*rows)->opener_pid(), "Uid") == stranger_alone);
    CHECK(status_line((*rows)->opener_pid(), "Gid") == stranger_alone);
    CHECK(status_line((*rows)->opener_pid(), "CapPrm") == "0000000000000000");
    struct stat status{};
    REQUIRE(::stat(copy->path().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("an opener that dies in the middle of a recording is told, and nothing hangs") {
    const ScratchFolder folder;
    const PrivateCopy copy = copy_of_300_events(folder);
    auto rows = OpenedRows::open(copy.path());
    REQUIRE_MESSAGE(rows, rows.error().message);
    auto events = (*rows)->ask("SELECT a.moment FROM event a, event b, event c");  // more than fits on the way
    REQUIRE(events);
    REQUIRE(::kill((*rows)->opener_pid(), SIGKILL) == 0);
    Result<bool> more = true;
    for (std::uint64_t read = 0; more && *more && read < 27'000'000; ++read) {
        more = (*events)->next();
    }
    REQUIRE(!more);
    CHECK(more.error().message.find("ended before") != std::string::npos);
}

TEST_CASE("what the opener answers is as little trusted as the file") {
    std::string frames;
    const std::size_t begin = begin_frame(frames);
    Encoder{frames}(RowFrame::rows, std::uint64_t{1'000'000});  // so many columns
    end_frame(frames, begin);
    FrameBuffer buffer;
    buffer.append(frames);
    ReceivedRows rows([&]() -> Result<std::pair<RowFrame, Decoder>> {
        const auto frame = buffer.next();
        REQUIRE((frame && *frame));
        Decoder in(**frame);
        RowFrame kind{};
        in(kind);
        return std::pair(kind, in);
    });
    const auto more = rows.next();
    REQUIRE(!more);
    CHECK(more.error().message.find("nonsense") != std::string::npos);
    CHECK(!rows.number(0));
}
