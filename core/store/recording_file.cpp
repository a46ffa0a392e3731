#include "core/store/recording_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>

#include "core/base/text.h"
#include "core/store/schema.h"
#include "core/store/untrusted_file.h"

namespace procatlas {
namespace {

// Overwrites a recording, as other tools overwrite their output; refuses to touch anything else.
Result<void> make_way(const std::filesystem::path& path) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0) {
        return {};  // the name is free, or creating the file will report the error
    }
    if (written_here(status)) {
        return fail(fmt::format("{} is being written", display_text(path.native())));
    }
    const auto file = open_recording_file(path);
    if (!file) {
        return fail(fmt::format("{} is there already, and is not a recording", display_text(path.native())));
    }
    if (::flock(file->get(), LOCK_EX | LOCK_NB) != 0) {
        return fail(fmt::format("{} is being written by another procatlas", display_text(path.native())));
    }
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
        ::unlink((path.native() + suffix).c_str());
    }
    return {};
}

}  // namespace

Result<RecordingFile> RecordingFile::create(const std::filesystem::path& path, const RecordingInfo& info) {
    if (auto free = make_way(path); !free) {
        return std::unexpected(free.error());
    }
    // We own the file while the database is open. flock, which SQLite does not use, tells others. Do not close this descriptor
    // before SQLite's own: closing it would release SQLite's locks.
    UniqueFd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock) {
        return std::unexpected(system_error(display_text(path.native()), errno));
    }
    ::flock(lock.get(), LOCK_EX | LOCK_NB);
    RecordingFile file(path, std::move(lock), info);
    auto database = Database::open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
    if (database) {
        file.database_ = std::move(*database);
    }
    // Before the first write: somebody who may write in the folder can have put another file here meanwhile.
    if (database && (file.database_.has_moved() || file.vanished())) {
        return fail(fmt::format("{} was replaced while it was being created", display_text(path.native())));
    }
    auto prepared = database ? file.prepare(info) : Result<void>(std::unexpected(database.error()));
    if (!prepared) {
        if (!file.vanished()) {
            ::unlink(path.c_str());  // the empty file that was created above
        }
        return std::unexpected(prepared.error());
    }
    return file;
}

Result<void> RecordingFile::prepare(const RecordingInfo& info) {
    ::sqlite3_busy_timeout(database_.get(), 200);  // long enough for a reader to finish
    // Creates the tables and `about` before the log, so that whoever reads the file alone sees a recording. Each of the many
    // tables takes at least one page: small pages make short recordings a sixth smaller.
    if (auto made = database_.run(
            fmt::format("PRAGMA page_size=2048; PRAGMA application_id={}; PRAGMA user_version={}; PRAGMA synchronous=NORMAL;"
                        "BEGIN; {} COMMIT;",
                        recording_application_id, recording_schema_version, recording_schema)
                .c_str());
        !made) {
        return made;
    }
    if (auto told = RecordingTables::insert_about(database_, info); !told) {
        return told;
    }
    if (auto told = RecordingTables::insert_followed(database_, info); !told) {
        return told;
    }
    // The first write to a log waits for the disk: better now than while the program runs.
    if (auto log = database_.run(fmt::format("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; PRAGMA user_version={}",
                                             recording_schema_version)
                                     .c_str());
        !log) {
        return log;
    }
    if (auto prepared = tables_.prepare(database_); !prepared) {
        return prepared;
    }
    auto other = Database::open(path_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
    if (!other) {
        return std::unexpected(other.error());
    }
    checkpointer_ = std::make_unique<Checkpointer>(std::move(*other));
    return {};
}

bool RecordingFile::vanished() const {
    struct stat named{};
    struct stat ours{};
    return ::fstat(lock_.get(), &ours) != 0 || ours.st_nlink == 0 || ::lstat(path_.c_str(), &named) != 0 ||
           named.st_dev != ours.st_dev || named.st_ino != ours.st_ino;
}

Result<void> RecordingFile::commit(const RecordingBatch& batch) {
    if (vanished()) {
        return fail(fmt::format("{} is no longer there", display_text(path_.native())), ENOENT);
    }
    auto written = try_commit(batch);
    // The disk may be full. The log is mostly older versions of pages: once these are in the file, its room can be used
    // again.
    if (!written && log_size() > 0 && empty_log()) {
        written = try_commit(batch);
    }
    if (written) {
        shorten_log();
    }
    return written;
}

Result<void> RecordingFile::try_commit(const RecordingBatch& batch) {
    auto written = database_.run("BEGIN");
    if (written) {
        written = tables_.insert(database_, batch);
    }
    if (written) {
        written = database_.run("COMMIT");
    }
    if (!written) {
        if (::sqlite3_get_autocommit(database_.get()) == 0) {
            (void)database_.run("ROLLBACK");
        }
        tables_.rolled_back();
    }
    return written;
}

std::uintmax_t RecordingFile::log_size() const {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path_.native() + "-wal", error);
    return error ? 0 : size;
}

bool RecordingFile::empty_log() {
    if (::sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) != SQLITE_OK) {
        return false;
    }
    log_checked_ = 0;
    return true;
}

// Another thread copies most of the log into the file while writing continues. The log restarts only when all of it is copied.
// Waiting for that takes a moment, so it is done rarely.
void RecordingFile::shorten_log() {
    constexpr std::uintmax_t part = 8u << 20;
    constexpr std::uintmax_t most = 64u << 20;
    const std::uintmax_t size = log_size();
    if ((size < most || !empty_log()) && size >= log_checked_ + part) {
        log_checked_ = size;
        checkpointer_->start();
    }
}

Result<void> RecordingFile::close() {
    if (vanished()) {
        return fail(fmt::format("{} is no longer there", display_text(path_.native())), ENOENT);
    }
    tables_ = {};  // an unfinished statement would keep the database open
    checkpointer_.reset();
    ::sqlite3_busy_timeout(database_.get(), 2000);
    // Ends without a separate log: the file can then be sent alone, and read from a folder that is not writable.
    auto closed = database_.run("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE");
    const bool busy = (::sqlite3_errcode(database_.get()) & 0xff) == SQLITE_BUSY;
    if (busy || (closed && std::filesystem::exists(path_.native() + "-wal"))) {
        closed =
            fail(fmt::format("{} is in use: it stays in two parts, the other ending in -wal", display_text(path_.native())));
    }
    database_ = {};
    return closed;
}

}  // namespace procatlas
