// What a stranger's file could make its reader do ends in procatlas-opener.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/store/opener_client.h"
#include "core/store/piece_codec.h"
#include "core/store/received_rows.h"
#include "core/store/row_packer.h"
#include "core/store/untrusted_file.h"
#include "tests/core/store_support.h"
#include "tests/support/event_of.h"

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

TEST_CASE("what was packed into a piece comes out of it, and a damaged piece fails and ends") {
    std::vector<RowValue> columns{{ColumnKind::nothing, 0, {}}, {ColumnKind::other, 0, {}}, {ColumnKind::bytes, 0, ""}};
    for (unsigned bit = 0; bit < 64; ++bit) {
        columns.push_back({ColumnKind::number, (std::uint64_t{1} << bit) - 1, {}});
        columns.push_back({ColumnKind::number, std::uint64_t{1} << bit, {}});
    }
    const std::string long_text(70'000, 'x');
    columns.push_back({ColumnKind::number, ~std::uint64_t{0}, {}});
    columns.push_back({ColumnKind::bytes, 0, long_text});
    std::string piece;
    for (const RowValue& column : columns) {
        write_column(piece, column);
    }
    PieceReader whole(piece);
    for (const RowValue& column : columns) {
        const RowValue read = whole.next();
        CHECK((read.kind == column.kind && read.number == column.number && read.bytes == column.bytes));
    }
    CHECK((whole.finished() && !whole.failed()));

    PieceReader unknown(
        "\xff"
        "0123456789");  // a number of 63 bytes
    CHECK((unknown.next().kind == ColumnKind::other && unknown.failed() && unknown.finished()));
    for (const std::size_t size : {piece.size() - 1, piece.size() - long_text.size(), piece.size() - long_text.size() - 2}) {
        const std::unique_ptr<char[]> exact(new char[size]);  // the sanitizer sees a read behind it
        piece.copy(exact.get(), size);
        PieceReader cut(std::string_view(exact.get(), size));
        while (!cut.finished()) {
            (void)cut.next();
        }
        CHECK(cut.failed());
    }
}

TEST_CASE("a table comes in pieces, in order, also where it has no rows or lacks some") {
    const ScratchFolder folder;
    const PrivateCopy copy = copy_of_300_events(folder);
    auto source = OpenedRows::open(copy.path());
    REQUIRE_MESSAGE(source, source.error().message);
    for (const std::uint64_t at_once : {1, 7, 100, 300, 1000}) {
        auto pieces = (*source)->ask(query_for_pieces("event", "moment", "kind", at_once));
        REQUIRE(pieces);
        std::uint64_t moment = 0;
        Result<bool> more = true;
        while ((more = (*pieces)->next()) && *more) {
            PieceReader piece((*pieces)->bytes(0).value_or(std::string_view()));
            for (std::uint64_t i = 0; i < at_once && !piece.finished(); ++i, ++moment) {
                CHECK(piece.next().number == moment);
                CHECK(piece.next().kind == ColumnKind::bytes);
            }
            CHECK((piece.finished() && !piece.failed()));
        }
        REQUIRE(more);
        CHECK(moment == 300);
    }
    auto none = (*source)->ask(query_for_pieces("answer", "id", "who", 8));
    REQUIRE(none);
    REQUIRE((*none)->next().value_or(false));
    CHECK((*none)->is_null(0));
    CHECK(!(*none)->next().value_or(true));
}

TEST_CASE("a recording that lacks rows is damaged, wherever they were, and one with far numbers does not take long") {
    for (const char* change : {"DELETE FROM event WHERE moment = 150", "DELETE FROM event WHERE moment < 64",
                               "DELETE FROM mapping WHERE id = 0", "DELETE FROM event WHERE moment BETWEEN 64 AND 127",
                               "UPDATE event SET moment = 4611686018427387904 WHERE moment = 299",
                               "UPDATE mapping SET id = 9223372036854775807 WHERE id = (SELECT max(id) FROM mapping)",
                               "UPDATE mapping SET id = -1 WHERE id = 0", "UPDATE event SET moment = moment - 1000",
                               "UPDATE event SET moment = -9223372036854775808 WHERE moment = 299",
                               "INSERT INTO mapping SELECT -3, process, since, until, start, end, permissions, offset, file "
                               "FROM mapping WHERE id = 0"}) {
        CAPTURE(change);
        const ScratchFolder folder;
        write_made_up(folder / "x.procatlas", 7, 300);
        auto database = Database::open(folder / "x.procatlas", SQLITE_OPEN_READWRITE);
        REQUIRE(database);
        REQUIRE(database->run(change));
        *database = {};
        const auto loaded = read_recording(folder / "x.procatlas");
        REQUIRE(!loaded);
        CHECK(loaded.error().message.find("damaged") != std::string::npos);
    }
}

TEST_CASE("many long events beside each other open too") {
    const ScratchFolder folder;
    Recording recording;
    MadeUpRun run(9);
    for (int i = 0; i < 10; ++i) {
        recording.append(run.next());
    }
    const ProcessKey key = recording.last_world().processes.front().key;
    for (std::uint64_t i = 0; i < 64; ++i) {
        std::vector<AddressRange> runs;
        for (std::uint64_t page = 0; page < 90'000; ++page) {
            const Address start = 0x7f0000000000 + (2 * page + i) * 4096;
            runs.push_back({start, start + 4096});
        }
        recording.append(event_of(key.pid, ResidentEvent{std::move(runs), {}, {}}));
    }
    auto writer = RecordingWriter::create(folder / "long.procatlas", {});
    REQUIRE(writer);
    REQUIRE((*writer)->finish(recording));
    const auto loaded = read_recording(folder / "long.procatlas");
    REQUIRE_MESSAGE(loaded, loaded.error().message);
    CHECK(loaded->recording.events().size() == recording.events().size());
}
