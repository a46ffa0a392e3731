// Files that are not recordings, or are damaged, or were made to do harm. procatlas refuses them with a sentence, or reads
// them; it never crashes and never hangs.
#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <random>

#include "tests/core/store_support.h"
#include "tests/support/bytes_of.h"

using namespace procatlas;
namespace fs = std::filesystem;

namespace {

void put_bytes(const fs::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// Why the file is refused; empty if it is read.
std::string refusal(const fs::path& path) {
    const auto loaded = read_recording(path);
    return loaded ? std::string() : loaded.error().message;
}

// The same without another process, which many files would take too long to start.
std::string refusal_here(const fs::path& path) {
    const auto loaded = read_recording_here(path);
    return loaded ? std::string() : loaded.error().message;
}

bool mentions(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

// A recording on which these statements were run.
std::string refusal_after(const fs::path& path, const std::string& statements) {
    write_made_up(path, 1, 200);
    sqlite3* database = nullptr;
    REQUIRE(::sqlite3_open(path.c_str(), &database) == SQLITE_OK);
    const int result = ::sqlite3_exec(database, statements.c_str(), nullptr, nullptr, nullptr);
    CHECK_MESSAGE(result == SQLITE_OK, statements << ": " << ::sqlite3_errmsg(database));
    ::sqlite3_close(database);
    return refusal(path);
}

}  // namespace

TEST_CASE("a file that is not a recording is refused with its name and the reason, without waiting") {
    const ScratchFolder folder;
    put_bytes(folder / "text.procatlas",
              "just a text that is longer than the header of an SQLite file, and then some more of it");
    CHECK(mentions(refusal(folder / "text.procatlas"), "not a recording"));
    CHECK(mentions(refusal(folder / "text.procatlas"), "text.procatlas"));
    CHECK(!refusal(folder / "nothing").empty());
    CHECK(mentions(refusal(folder.path()), "not a file"));
    REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
    CHECK(mentions(refusal(folder / "fifo"), "not a file"));
    CHECK(mentions(refusal("/dev/zero"), "not a file"));
    put_bytes(folder / "empty", "");
    CHECK(!refusal(folder / "empty").empty());
    fs::create_symlink("/dev/zero", folder / "link");
    CHECK(mentions(refusal(folder / "link"), "not a file"));
}

TEST_CASE("a schema that is not exactly ours is refused before any SQL in it runs") {
    const ScratchFolder folder;
    const fs::path path = folder / "x.procatlas";
    for (const std::string statements : {
             "DROP TABLE output; CREATE VIEW output AS SELECT 0 AS moment",
             "ALTER TABLE event RENAME TO other; CREATE VIEW event AS SELECT * FROM other",
             "CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM event; END",
             "CREATE INDEX i ON event(pid)",
             "CREATE TABLE more(x)",
             "ALTER TABLE process ADD COLUMN more TEXT",
             "DROP VIEW tree",
             "CREATE VIRTUAL TABLE v USING fts5(x)",
         }) {
        CAPTURE(statements);
        CHECK(mentions(refusal_after(path, statements), "tables"));
    }
}

TEST_CASE("a database of another application and one of another version get different errors") {
    const ScratchFolder folder;
    const fs::path path = folder / "x.procatlas";
    CHECK(mentions(refusal_after(path, "PRAGMA application_id=1"), "not a recording"));
    fs::remove(path);
    CHECK(mentions(refusal_after(path, "PRAGMA user_version=99"), "another version"));
}

TEST_CASE("numbers that make no sense are refused") {
    const ScratchFolder folder;
    const fs::path path = folder / "x.procatlas";
    for (const std::string statements : {
             "UPDATE mapping SET process = 1000000 WHERE id = 3",
             "UPDATE mapping SET process = -1 WHERE id = 3",
             "UPDATE mapping SET start = end WHERE id = 3",
             "UPDATE mapping SET until = since WHERE id = 3",
             "UPDATE mapping SET since = 100000 WHERE id = (SELECT max(id) FROM mapping)",
             "UPDATE mapping SET file = 5000 WHERE id = 0",
             "UPDATE mapping SET permissions = 'rwxz' WHERE id = 0",
             "UPDATE mapping SET start = (SELECT start FROM mapping WHERE id = 1) WHERE id = 0",
             "UPDATE mapping SET id = 1000000 WHERE id = 0",
             "DELETE FROM event WHERE moment = 5",
             "DELETE FROM marks",
             "UPDATE event SET body = x'00' WHERE moment = 7",
             "UPDATE event SET body = CAST(body || x'00' AS BLOB) WHERE moment = 7",
             "UPDATE event SET mappings = -1 WHERE moment = 7",
             "UPDATE event SET torn = 2 WHERE moment = 7",
             "UPDATE inside SET moment = (SELECT count(*) FROM event) WHERE moment = (SELECT max(moment) FROM inside)",
             "UPDATE image SET body = zeroblob(100)",
             "UPDATE marks SET since = 1000000 WHERE id = (SELECT max(id) FROM marks)",
         }) {
        CAPTURE(statements);
        CHECK(mentions(refusal_after(path, statements), "damaged"));
    }
}

TEST_CASE("names longer than any path are refused before they are drawn") {
    const ScratchFolder folder;
    const fs::path path = folder / "x.procatlas";
    for (const std::string statements :
         {"UPDATE file SET name = hex(zeroblob(10000)), raw_name = NULL", "UPDATE file SET raw_name = zeroblob(20000)",
          "UPDATE about SET version = hex(zeroblob(10000))", "UPDATE about SET raw_title = zeroblob(2000000)"}) {
        CAPTURE(statements);
        CHECK(mentions(refusal_after(path, statements), "does not hold together"));
    }
    CHECK(refusal_after(path, "UPDATE file SET name = hex(zeroblob(5000)), raw_name = NULL").empty());
}

TEST_CASE("a few bytes cannot ask for gigabytes") {
    const ScratchFolder folder;
    const fs::path path = folder / "x.procatlas";
    Recording heavy;  // one process with many arguments, forked again and again
    ObservedEvent event;
    event.process = {10, 1};
    event.detail = StartEvent{1, std::vector<std::string>(20'000, "x"), "/"};
    heavy.append(event);
    auto writer = RecordingWriter::create(path, {});
    REQUIRE(writer);
    std::string body;
    (*writer)->follow(heavy);
    REQUIRE((*writer)->finish(heavy));
    sqlite3* database = nullptr;
    REQUIRE(::sqlite3_open(path.c_str(), &database) == SQLITE_OK);
    sqlite3_stmt* insert = nullptr;
    REQUIRE(::sqlite3_prepare_v2(database, "INSERT INTO event VALUES(?,0,0,10,'fork',10,0,0,0,0,0,0,0,0,'',NULL,NULL,0,?)", -1,
                                 &insert, nullptr) == SQLITE_OK);
    ::sqlite3_exec(database, "BEGIN", nullptr, nullptr, nullptr);
    for (int i = 1; i < 1'000; ++i) {
        Event fork;
        fork.process = event.process;
        fork.detail = ForkEvent{ForkKind::fork, {10 + i, 1}, 10, false};
        body.clear();
        Encoder encoder(body);
        encoder(fork);
        ::sqlite3_bind_int(insert, 1, i);
        ::sqlite3_bind_blob(insert, 2, body.data(), static_cast<int>(body.size()), SQLITE_TRANSIENT);
        REQUIRE(::sqlite3_step(insert) == SQLITE_DONE);
        ::sqlite3_reset(insert);
    }
    ::sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr);
    ::sqlite3_finalize(insert);
    ::sqlite3_close(database);
    CHECK(mentions(refusal(path), "more arguments than there is room for"));
}

TEST_CASE("a file truncated anywhere is refused or read") {
    const ScratchFolder folder;
    write_made_up(folder / "whole.procatlas", 3, 300);
    const std::string whole = bytes_of(folder / "whole.procatlas");
    std::mt19937 random(3);
    for (int i = 0; i < 60; ++i) {
        const std::size_t size = i < 20 ? static_cast<std::size_t>(i) * 4096 : random() % whole.size();
        put_bytes(folder / "cut.procatlas", std::string_view(whole).substr(0, std::min(size, whole.size() - 1)));
        CAPTURE(size);
        CHECK(!refusal_here(folder / "cut.procatlas").empty());
    }
}

TEST_CASE("flipped bits anywhere are refused or read") {
    const ScratchFolder folder;
    write_made_up(folder / "whole.procatlas", 4, 150);
    const std::string whole = bytes_of(folder / "whole.procatlas");
    std::mt19937 random(4);
    int refused = 0;
    for (int i = 0; i < 400; ++i) {
        std::string bytes = whole;
        const std::size_t area = i % 2 == 0 ? bytes.size() : 4096;  // half of them in the first page: header and schema
        for (unsigned flips = 1 + random() % 4; flips > 0; --flips) {
            bytes[random() % area] ^= static_cast<char>(1u << (random() % 8));
        }
        put_bytes(folder / "flipped.procatlas", bytes);
        refused += refusal_here(folder / "flipped.procatlas").empty() ? 0 : 1;
    }
    CHECK(refused > 50);
}

TEST_CASE("a stray write-ahead log beside the file does no harm") {
    const ScratchFolder folder;
    const fs::path path = folder / "x.procatlas";
    const Recording written = write_made_up(path, 5, 200);
    std::mt19937 random(5);
    for (int i = 0; i < 10; ++i) {
        std::string log(random() % 20'000, '\0');
        std::ranges::generate(log, [&] { return static_cast<char>(random()); });
        constexpr std::array<unsigned char, 8> start{0x37, 0x7f, 0x06, 0x82, 0x00, 0x2d, 0xe2, 0x18};
        std::copy_n(start.begin(), std::min(start.size(), log.size()), log.begin());
        put_bytes(path.native() + "-wal", log);
        const auto loaded = read_recording(path);
        if (loaded) {
            CHECK(loaded->recording.events().size() == written.events().size());
        }
    }
    CHECK(bytes_of(path).size() > 0);
}

TEST_CASE("reading leaves no files behind") {
    const ScratchFolder folder;
    const ScratchFolder temporary;
    write_made_up(folder / "x.procatlas", 5, 20);
    REQUIRE(::setenv("TMPDIR", temporary.path().c_str(), 1) == 0);
    read_whole(folder / "x.procatlas");
    CHECK(fs::is_empty(temporary.path()));
    REQUIRE(::setenv("TMPDIR", ("//" + temporary.path().string() + "//").c_str(), 1) == 0);
    read_whole(folder / "x.procatlas");
    CHECK(fs::is_empty(temporary.path()));
    REQUIRE(::setenv("TMPDIR", "/nowhere/at/all", 1) == 0);
    CHECK(!refusal(folder / "x.procatlas").empty());
    ::unsetenv("TMPDIR");
    CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("the fuzzer begins with recordings that can be read") {
    const fs::path corpus = fs::path(PROCATLAS_SOURCE_DIR) / "tests/fuzz/corpus/recording";
    CHECK(read_whole(corpus / "empty").recording.empty());
    CHECK(read_whole(corpus / "few").recording.events().size() == 5);
    CHECK(read_whole(corpus / "some").recording.images().size() == 1);
}
