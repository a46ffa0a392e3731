// SQLite with our errors and owners: a connection, and a statement whose values are bound from left to right.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace procatlas {

class Statement {
public:
    // Values for ?1, ?2, ... in order; texts and blobs must live until `step`.
    void integer(std::uint64_t value) { ::sqlite3_bind_int64(get(), ++bound_, static_cast<sqlite3_int64>(value)); }
    void integer(std::optional<std::uint64_t> value);
    void text(std::string_view value);
    void optional_text(const std::optional<std::string>& value);
    void blob(std::string_view value);
    void null() { ::sqlite3_bind_null(get(), ++bound_); }

    // Returns SQLITE_ROW, SQLITE_DONE or an error code. After anything but a row, the statement can be bound again.
    int step();

    // Columns of the row. Numbers keep their 64 bits, addresses above 2^63 too. nullopt: the column is NULL or of another type.
    [[nodiscard]] std::optional<std::uint64_t> number(int column) const;
    [[nodiscard]] bool is_null(int column) const { return ::sqlite3_column_type(get(), column) == SQLITE_NULL; }
    // A text or a blob, valid until the next step.
    [[nodiscard]] std::optional<std::string_view> bytes(int column) const;
    // Whatever it is; of this thread alone, valid until the next step.
    [[nodiscard]] sqlite3_value* value(int column) const { return ::sqlite3_column_value(get(), column); }
    [[nodiscard]] int columns() const { return ::sqlite3_column_count(get()); }

private:
    friend class Database;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { ::sqlite3_finalize(statement); }
    };
    [[nodiscard]] sqlite3_stmt* get() const { return statement_.get(); }

    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
    int bound_ = 0;
};

class Database {
public:
    // `flags`: SQLITE_OPEN_..., as sqlite3_open_v2 takes them. Does not follow a symbolic link that has the file's name: in a
    // folder where others may write, somebody could put one there to make us write into another file.
    [[nodiscard]] static Result<Database> open(const std::filesystem::path& path, int flags);
    // Opens a file of our own of which neither it nor anything beside it can be changed, as from a confined process. Its log
    // and an empty file `-shm` must be there (sqlite.org/wal.html, "Read-Only Databases").
    [[nodiscard]] static Result<Database> open_unchanging(const std::filesystem::path& path);

    // Runs statements without parameters and ignores their rows.
    [[nodiscard]] Result<void> run(const char* statements);
    [[nodiscard]] Result<Statement> prepare(std::string_view statement);
    // The first column of the first row.
    [[nodiscard]] Result<std::uint64_t> number(const char* query);
    // After so much processor time of this process, whatever runs fails: others may need the machine too.
    void stop_after(std::chrono::seconds patience);
    [[nodiscard]] sqlite3* get() const { return connection_.get(); }
    // Whether the file that is open is no longer the one at its path.
    [[nodiscard]] bool has_moved() const;
    // SQLite's last error.
    [[nodiscard]] Error error() const;

private:
    struct Close {
        void operator()(sqlite3* connection) const { ::sqlite3_close_v2(connection); }
    };
    std::unique_ptr<std::chrono::nanoseconds> deadline_;  // before the connection, which looks at it
    std::unique_ptr<sqlite3, Close> connection_;
};

}  // namespace procatlas
