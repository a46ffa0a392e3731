#include "core/store/untrusted_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/base/identity.h"
#include "core/base/text.h"
#include "core/store/row_packer.h"
#include "core/store/schema.h"
#include "core/store/written_here.h"

namespace procatlas {
namespace {

constexpr off_t most_bytes = off_t{4} << 30;  // about 20 million events
constexpr std::size_t header_size = 100;      // sqlite.org/fileformat.html, "The Database Header"

bool is_header(std::string_view bytes) {
    constexpr std::string_view magic{"SQLite format 3\0", 16};
    constexpr std::size_t id_at = 68;
    std::uint32_t id = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        id = id << 8 | static_cast<unsigned char>(bytes[id_at + i]);
    }
    return bytes.starts_with(magic) && id == recording_application_id;
}

Result<void> copy_bytes(int from, int to, off_t size) {
    std::array<char, 65536> buffer;
    off_t left = size;
    while (left > 0) {  // copies in the kernel, if the file systems can
        const ssize_t copied = ::copy_file_range(from, nullptr, to, nullptr, static_cast<std::size_t>(left), 0);
        if (copied <= 0) {
            break;
        }
        left -= copied;
    }
    while (left > 0) {
        const ssize_t got = ::read(from, buffer.data(), std::min<std::size_t>(buffer.size(), static_cast<std::size_t>(left)));
        if (got < 0) {
            return std::unexpected(system_error("the recording cannot be read", errno));
        }
        if (got == 0) {
            break;
        }
        for (ssize_t put = 0; put < got;) {
            const ssize_t n = ::write(to, buffer.data() + put, static_cast<std::size_t>(got - put));
            if (n < 0) {
                return std::unexpected(system_error("the recording cannot be copied for reading", errno));
            }
            put += n;
        }
        left -= got;
    }
    return {};
}

Result<void> copy_file(int from, const std::filesystem::path& to) {
    struct stat status{};
    if (::fstat(from, &status) != 0) {
        return std::unexpected(system_error("the recording cannot be read", errno));
    }
    if (status.st_size > most_bytes) {
        return fail("it is larger than procatlas reads (4 GiB)");
    }
    const UniqueFd out(::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!out) {
        return std::unexpected(system_error("the recording cannot be copied for reading", errno));
    }
    ::lseek(from, 0, SEEK_SET);
    return copy_bytes(from, out.get(), status.st_size);
}

// Changes whenever the file or its log is written: a copy made meanwhile may mix two moments.
struct Stamp {
    off_t size = 0;
    timespec written{};
    std::array<char, 32> log_header{};

    static Stamp of(int file, int log) {
        Stamp stamp;
        struct stat status{};
        ::fstat(file, &status);
        stamp.size = status.st_size;
        stamp.written = status.st_mtim;
        if (log >= 0) {
            (void)!::pread(log, stamp.log_header.data(), stamp.log_header.size(), 0);
        }
        return stamp;
    }
    bool operator==(const Stamp& other) const {
        return size == other.size && written.tv_sec == other.written.tv_sec && written.tv_nsec == other.written.tv_nsec &&
               log_header == other.log_header;
    }
};

std::filesystem::path log_of(const std::filesystem::path& path) {
    return path.native() + "-wal";
}

// Whether a log begins as SQLite begins one (sqlite.org/fileformat2.html, "WAL File Format"): whoever may change nothing
// (Database::open_unchanging) does not get past another beginning.
bool is_log(int log) {
    constexpr std::size_t words = 8;
    constexpr std::uint32_t magic = 0x377f0682;  // the lowest bit: checksums are of numbers with the highest byte first
    std::array<unsigned char, words * 4> bytes{};
    if (::pread(log, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        return false;
    }
    const auto word = [&](std::size_t index, bool highest_first) {
        std::uint32_t number = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            number = number << 8 | bytes[4 * index + (highest_first ? i : 3 - i)];
        }
        return number;
    };
    if ((word(0, true) | 1u) != (magic | 1u)) {
        return false;
    }
    std::uint32_t first = 0;
    std::uint32_t second = 0;
    for (std::size_t i = 0; i < words - 2; i += 2) {
        first += word(i, word(0, true) != magic) + second;
        second += word(i + 1, word(0, true) != magic) + first;
    }
    return word(words - 2, true) == first && word(words - 1, true) == second;
}

// Data first goes to the log, then to the file. If the file did not change meanwhile, the two copies fit together.
Result<void> copy_with_log(const std::filesystem::path& path, const std::filesystem::path& to) {
    constexpr int tries = 20;
    for (int i = 0; i < tries; ++i) {
        auto file = open_recording_file(path);
        if (!file) {
            return std::unexpected(file.error());
        }
        const auto log = open_regular_file(log_of(path));
        const int log_descriptor = log ? log->get() : -1;
        const Stamp before = Stamp::of(file->get(), log_descriptor);
        ::unlink(log_of(to).c_str());
        if (auto copied = copy_file(file->get(), to); !copied) {
            return copied;
        }
        if (log && is_log(log_descriptor)) {
            if (auto copied = copy_file(log_descriptor, log_of(to)); !copied) {
                return copied;
            }
        }
        const bool log_as_before = log.has_value() == (::access(log_of(path).c_str(), F_OK) == 0);
        if (log_as_before && Stamp::of(file->get(), log_descriptor) == before) {
            return {};
        }
    }
    return fail("it is being written too quickly to be read; try again when the program has ended");
}

Result<void> check_schema(Database& database, int version) {
    auto ours = Database::open(":memory:", SQLITE_OPEN_READWRITE);
    if (!ours) {
        return std::unexpected(ours.error());
    }
    if (auto made = ours->run(recording_schema_of(version).c_str()); !made) {
        return made;
    }
    constexpr const char* all = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid";
    auto expected = ours->prepare(all);
    auto found = database.prepare(all);
    if (!expected) {
        return std::unexpected(expected.error());
    }
    if (!found) {
        return std::unexpected(found.error());
    }
    while (true) {
        const int wanted = expected->step();
        const int got = found->step();
        if (wanted != got) {
            return fail("its tables are not those of a recording");
        }
        if (wanted != SQLITE_ROW) {
            return {};
        }
        for (int column = 0; column < 4; ++column) {
            if (expected->bytes(column) != found->bytes(column)) {
                return fail("its tables are not those of a recording");
            }
        }
    }
}

// Uses every setting that makes SQLite trust the file less.
Result<void> distrust(Database& database, std::chrono::seconds patience) {
    sqlite3* const connection = database.get();
    ::sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    ::sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    ::sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    ::sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    ::sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, most_bytes_of_a_piece);
    ::sqlite3_limit(connection, SQLITE_LIMIT_SQL_LENGTH, 100'000);
    ::sqlite3_limit(connection, SQLITE_LIMIT_COLUMN, 100);
    ::sqlite3_limit(connection, SQLITE_LIMIT_EXPR_DEPTH, 20);
    ::sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0);
    database.stop_after(patience);
    return database.run("PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA query_only=ON; PRAGMA temp_store=MEMORY");
}

}  // namespace

Result<UniqueFd> open_regular_file(const std::filesystem::path& path) {
    // Looks first: opening a FIFO would wait, and opening a device can have side effects.
    const UniqueFd place(::open(path.c_str(), O_PATH | O_CLOEXEC));
    struct stat status{};
    if (!place || ::fstat(place.get(), &status) != 0) {
        return std::unexpected(system_error(display_text(path.native()), errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return fail(fmt::format("{} is not a file", display_text(path.native())));
    }
    if (written_here(status)) {
        return fail(fmt::format("{} is being written", display_text(path.native())), EBUSY);
    }
    UniqueFd file(::open(fmt::format("/proc/self/fd/{}", place.get()).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) {
        return std::unexpected(system_error(display_text(path.native()), errno));
    }
    return file;
}

std::chrono::seconds patience_for(const std::filesystem::path& path) {
    constexpr off_t bytes_a_second = 16 << 20;
    std::chrono::seconds patience(8);
    for (const std::filesystem::path& file : {path, log_of(path)}) {
        struct stat status{};
        if (::stat(file.c_str(), &status) == 0) {
            patience += std::chrono::seconds(status.st_size / bytes_a_second);
        }
    }
    return patience;
}

Result<UniqueFd> open_recording_file(const std::filesystem::path& path) {
    auto file = open_regular_file(path);
    if (!file) {
        return file;
    }
    std::array<char, header_size> header{};
    const ssize_t got = ::pread(file->get(), header.data(), header.size(), 0);
    if (got != 0 && (got != static_cast<ssize_t>(header.size()) || !is_header({header.data(), header.size()}))) {
        return fail(fmt::format("{} is not a recording of procatlas", display_text(path.native())));
    }
    return file;
}

std::uint64_t PrivateCopy::log_size() const {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(log_of(path()), error);
    return error ? 0 : size;
}

// Where we are root, whoever owns the file reads its copy: an opener of root's could read more than the file's owner.
void PrivateCopy::give_to_owner(const struct stat& original) const {
    const auto anybody_enters = [](const std::filesystem::path& folder) {
        struct stat status{};
        return ::stat(folder.c_str(), &status) == 0 && (status.st_mode & S_IXOTH) != 0;
    };
    bool reached = true;
    for (std::filesystem::path above = folder_->path(); reached && above.has_relative_path();) {
        above = above.parent_path();
        reached = anybody_enters(above);
    }
    if (!reached || !identity_of_owner(original.st_uid, original.st_gid)) {
        return;
    }
    ::chmod(folder_->path().c_str(), S_IRWXU | S_IXGRP | S_IXOTH);
    for (const char* suffix : {"-wal", "-shm", ""}) {
        const std::string name = path().native() + suffix;
        (void)!::lchown(name.c_str(), original.st_uid, original.st_gid);
    }
}

Result<PrivateCopy> PrivateCopy::make(const std::filesystem::path& path) {
    auto folder = TemporaryFolder::make();
    if (!folder) {
        return std::unexpected(folder.error());
    }
    PrivateCopy copy(std::move(*folder));
    struct stat status{};
    const bool ours = ::stat(path.c_str(), &status) == 0 && written_here(status);
    auto made = ours ? copy_database(path, copy.path()) : copy_with_log(path, copy.path());
    for (const char* beside : {"-wal", "-shm"}) {  // a reader that may change nothing needs them
        const std::string name = copy.path().native() + beside;
        const UniqueFd there(::open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (made && !there) {
            made = std::unexpected(system_error("the recording cannot be copied for reading", errno));
        }
    }
    if (!made) {
        return std::unexpected(made.error());
    }
    copy.give_to_owner(status);
    return copy;
}

namespace {

Result<Database> checked(Result<Database> database, const std::filesystem::path& path) {
    if (!database) {
        return database;
    }
    if (auto set = distrust(*database, patience_for(path)); !set) {
        return std::unexpected(set.error());
    }
    const auto id = database->number("PRAGMA application_id");
    const auto version = database->number("PRAGMA user_version");
    if (!id || !version) {
        return std::unexpected(!id ? id.error() : version.error());
    }
    if (*id != recording_application_id) {
        return fail("it is not a recording of procatlas");
    }
    if (*version < oldest_schema_version || *version > recording_schema_version) {
        return fail(fmt::format("it is a recording of another version of procatlas (format {}, not {})", *version,
                                recording_schema_version));
    }
    if (auto same = check_schema(*database, static_cast<int>(*version)); !same) {
        return std::unexpected(same.error());
    }
    return database;
}

}  // namespace

Result<Database> open_untrusted(const std::filesystem::path& path) {
    return checked(Database::open(path, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX), path);
}

Result<Database> open_private_copy(const std::filesystem::path& path) {
    return checked(Database::open_unchanging(path), path);
}

Result<void> copy_database(const std::filesystem::path& from, const std::filesystem::path& to) {
    auto source = Database::open(from, SQLITE_OPEN_READWRITE);
    if (!source) {  // the file or folder may be read-only
        source = Database::open(from, SQLITE_OPEN_READONLY);
    }
    if (!source) {
        return std::unexpected(source.error());
    }
    ::sqlite3_busy_timeout(source->get(), 2000);
    auto target = Database::open(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (!target) {
        return std::unexpected(target.error());
    }
    sqlite3_backup* const backup = ::sqlite3_backup_init(target->get(), "main", source->get(), "main");
    if (backup == nullptr) {
        return std::unexpected(target->error());
    }
    const int copied = ::sqlite3_backup_step(backup, -1);
    if (::sqlite3_backup_finish(backup) != SQLITE_OK || copied != SQLITE_DONE) {
        return std::unexpected(target->error());
    }
    return target->run("PRAGMA journal_mode=DELETE");
}

}  // namespace procatlas
