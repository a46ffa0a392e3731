#include "core/store/database.h"

#include <fmt/format.h>

#include <time.h>

#include <chrono>
#include <string_view>
#include <utility>

namespace procatlas {
namespace {

// Of this process, all its threads together.
std::chrono::nanoseconds processor_time() {
    timespec used{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace

void Statement::integer(std::optional<std::uint64_t> value) {
    if (value) {
        integer(*value);
    } else {
        null();
    }
}

void Statement::text(std::string_view value) {
    ::sqlite3_bind_text64(get(), ++bound_, value.empty() ? "" : value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::optional_text(const std::optional<std::string>& value) {
    if (value) {
        text(std::string_view(*value));
    } else {
        null();
    }
}

void Statement::blob(std::string_view value) {
    ::sqlite3_bind_blob64(get(), ++bound_, value.empty() ? "" : value.data(), value.size(), SQLITE_STATIC);
}

int Statement::step() {
    const int result = ::sqlite3_step(get());
    if (result != SQLITE_ROW) {
        ::sqlite3_reset(get());
        bound_ = 0;
    }
    return result;
}

std::optional<std::uint64_t> Statement::number(int column) const {
    sqlite3_value* const value = ::sqlite3_column_value(get(), column);  // fetched once, for type and number
    return ::sqlite3_value_type(value) == SQLITE_INTEGER
               ? std::optional(static_cast<std::uint64_t>(::sqlite3_value_int64(value)))
               : std::nullopt;
}

std::optional<std::string_view> Statement::bytes(int column) const {
    const int type = ::sqlite3_column_type(get(), column);
    if (type != SQLITE_TEXT && type != SQLITE_BLOB) {
        return std::nullopt;
    }
    const void* data = ::sqlite3_column_blob(get(), column);
    const auto size = static_cast<std::size_t>(::sqlite3_column_bytes(get(), column));
    return data ? std::string_view(static_cast<const char*>(data), size) : std::string_view();
}

Result<Database> Database::open(const std::filesystem::path& path, int flags) {
    Database made;
    sqlite3* connection = nullptr;
    // SQLite refuses links in the folder's path too, which are fine: the user chose the folder.
    std::error_code error;
    const auto folder = path.has_filename() && path != ":memory:"
                            ? std::filesystem::canonical(path.has_parent_path() ? path.parent_path() : ".", error)
                            : std::filesystem::path();
    const std::filesystem::path direct = error || folder.empty() ? path : folder / path.filename();
    const int result =
        ::sqlite3_open_v2(direct.c_str(), &connection, flags | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW, nullptr);
    made.connection_.reset(connection);
    if (result != SQLITE_OK) {
        return std::unexpected(connection ? made.error() : Error{"there is no memory for SQLite", 0});
    }
    return made;
}

Result<Database> Database::open_unchanging(const std::filesystem::path& path) {
    constexpr std::string_view plain = "/._-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::string uri = path.is_absolute() ? "file://" : "file:";    // what begins with two slashes would name a host
    const std::filesystem::path normal = path.lexically_normal();  // a temporary would be gone in the loop, before C++23's rule
    for (const char c : normal.native()) {
        uri +=
            plain.find(c) != std::string_view::npos ? std::string(1, c) : fmt::format("%{:02x}", static_cast<unsigned char>(c));
    }
    uri += "?readonly_shm=1";
    Database made;
    sqlite3* connection = nullptr;
    const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE;
    const int result = ::sqlite3_open_v2(uri.c_str(), &connection, flags, nullptr);
    made.connection_.reset(connection);
    if (result != SQLITE_OK) {
        return std::unexpected(connection ? made.error() : Error{"there is no memory for SQLite", 0});
    }
    return made;
}

Result<void> Database::run(const char* statements) {
    if (::sqlite3_exec(get(), statements, nullptr, nullptr, nullptr) != SQLITE_OK) {
        return std::unexpected(error());
    }
    return {};
}

Result<Statement> Database::prepare(std::string_view statement) {
    Statement made;
    sqlite3_stmt* raw = nullptr;
    const int result = ::sqlite3_prepare_v3(get(), statement.data(), static_cast<int>(statement.size()),
                                            SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    made.statement_.reset(raw);
    if (result != SQLITE_OK || raw == nullptr) {
        return std::unexpected(error());
    }
    return made;
}

Result<std::uint64_t> Database::number(const char* query) {
    auto statement = prepare(query);
    if (!statement) {
        return std::unexpected(statement.error());
    }
    if (statement->step() != SQLITE_ROW || !statement->number(0)) {
        return std::unexpected(error());
    }
    return *statement->number(0);
}

void Database::stop_after(std::chrono::seconds patience) {
    constexpr int instructions = 100'000;
    deadline_ = std::make_unique<std::chrono::nanoseconds>(processor_time() + patience);
    const auto late = [](void* deadline) {
        return processor_time() > *static_cast<const std::chrono::nanoseconds*>(deadline) ? 1 : 0;
    };
    ::sqlite3_progress_handler(get(), instructions, late, deadline_.get());
}

bool Database::has_moved() const {
    int moved = 1;
    return ::sqlite3_file_control(get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved) != SQLITE_OK || moved != 0;
}

Error Database::error() const {
    const int code = ::sqlite3_system_errno(get());
    const int result = ::sqlite3_errcode(get()) & 0xff;
    const bool of_system = result == SQLITE_IOERR || result == SQLITE_CANTOPEN;
    std::string message = ::sqlite3_errmsg(get());
    if (of_system && code != 0) {
        message = system_error(message, code).message;
    }
    return {std::move(message), of_system ? code : 0};
}

}  // namespace procatlas
