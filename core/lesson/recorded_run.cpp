#include "core/lesson/recorded_run.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

#include "core/base/text.h"
#include "core/lesson/printed_lines.h"
#include "core/lesson/query_functions.h"

namespace procatlas {
namespace {

// Ends a query that is late or has taken too much memory.
class QueryWatch {
public:
    QueryWatch(Database& database, const QueryLimits& limits)
        : database_(database),
          deadline_(Clock::now() + limits.deadline),
          most_memory_(::sqlite3_memory_used() + static_cast<sqlite3_int64>(limits.memory)) {
        constexpr int instructions = 100;
        ::sqlite3_progress_handler(database.get(), instructions, look, this);
    }
    QueryWatch(const QueryWatch&) = delete;
    QueryWatch& operator=(const QueryWatch&) = delete;
    ~QueryWatch() { ::sqlite3_progress_handler(database_.get(), 0, nullptr, nullptr); }

    // Why the query was ended; empty: it was not.
    [[nodiscard]] std::string_view why() const { return why_; }

private:
    using Clock = std::chrono::steady_clock;

    static int look(void* self) {
        auto& watch = *static_cast<QueryWatch*>(self);
        if (Clock::now() > watch.deadline_) {
            watch.why_ = "it takes too long";
        } else if (::sqlite3_memory_used() > watch.most_memory_) {
            watch.why_ = "it takes too much memory";
        }
        return watch.why_.empty() ? 0 : 1;
    }

    Database& database_;
    Clock::time_point deadline_;
    sqlite3_int64 most_memory_;
    std::string_view why_;
};

// A query reads tables and computes, and nothing else.
int authorize(void*, int action, const char*, const char* name, const char*, const char*) {
    switch (action) {
        case SQLITE_SELECT:
        case SQLITE_READ:
        case SQLITE_RECURSIVE:
            return SQLITE_OK;
        case SQLITE_FUNCTION: {
            const std::string_view function = name ? name : "";
            return function == "load_extension" || function.starts_with("fts") || function == "randomblob" ||
                           function == "zeroblob" || function == "writefile" || function == "readfile" || function == "edit"
                       ? SQLITE_DENY
                       : SQLITE_OK;
        }
        default:
            return SQLITE_DENY;
    }
}

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n;") == std::string_view::npos;
}

// The statement is not kept by the connection, and what follows it must be nothing.
Result<sqlite3_stmt*> prepare_only(Database& database, std::string_view query) {
    sqlite3_stmt* statement = nullptr;
    const char* rest = nullptr;
    const int result = ::sqlite3_prepare_v2(database.get(), query.data(), static_cast<int>(query.size()), &statement, &rest);
    if (result != SQLITE_OK) {
        Error error = database.error();
        const bool refused = result == SQLITE_AUTH || error.message.starts_with("not authorized");  // by `authorize`
        return refused ? fail("a query of a lesson only reads the recording") : std::unexpected(std::move(error));
    }
    const auto used = rest ? static_cast<std::size_t>(rest - query.data()) : query.size();
    if (!statement || !is_blank(query.substr(used))) {
        ::sqlite3_finalize(statement);
        return fail(statement ? "there is more than one statement" : "there is no statement");
    }
    if (::sqlite3_stmt_readonly(statement) == 0 || ::sqlite3_column_count(statement) == 0) {
        ::sqlite3_finalize(statement);
        return fail("a query of a lesson only reads the recording");
    }
    return statement;
}

std::optional<std::string> cell(sqlite3_stmt* statement, int column) {
    if (::sqlite3_column_type(statement, column) == SQLITE_NULL) {
        return std::nullopt;
    }
    const auto* text = reinterpret_cast<const char*>(::sqlite3_column_text(statement, column));
    const auto size = static_cast<std::size_t>(::sqlite3_column_bytes(statement, column));
    return display_text(text ? std::string_view(text, size) : std::string_view());
}

// What was printed, as the table `line`: the table `output` has the pieces in which it was written.
Result<void> add_lines(Database& database, const Recording& recording) {
    const auto begun = database.run(
        "PRAGMA query_only=OFF; BEGIN;"
        "CREATE TEMP TABLE line(number INTEGER PRIMARY KEY, moment INTEGER, process INTEGER, text TEXT NOT NULL) STRICT");
    if (!begun) {
        return begun;
    }
    {
        auto insert = database.prepare("INSERT INTO temp.line(moment, process, text) VALUES (?1, ?2, ?3)");
        if (!insert) {
            return std::unexpected(insert.error());
        }
        for (const PrintedLine& line : printed_lines(recording)) {
            insert->integer(line.moment);
            insert->integer(line.process ? std::optional<std::uint64_t>(*line.process) : std::nullopt);
            insert->text(line.text);
            if (insert->step() != SQLITE_DONE) {
                return std::unexpected(database.error());
            }
        }
    }
    return database.run("COMMIT; PRAGMA query_only=ON");
}

Result<void> add_outcomes(Database& database, const PossibleOutcomes& possible) {
    const auto begun = database.run(
        "PRAGMA query_only=OFF; BEGIN;"
        "CREATE TEMP TABLE outcome(number INTEGER PRIMARY KEY, output TEXT NOT NULL, runs INTEGER NOT NULL) STRICT;"
        "CREATE TEMP TABLE explored(all_tried INTEGER NOT NULL) STRICT");
    if (!begun) {
        return begun;
    }
    {
        auto outcome = database.prepare("INSERT INTO temp.outcome(output, runs) VALUES (?1, ?2)");
        auto explored = database.prepare("INSERT INTO temp.explored VALUES (?1)");
        if (!outcome || !explored) {
            return std::unexpected(database.error());
        }
        for (const PossibleOutcome& one : possible.outcomes) {
            outcome->text(one.output);
            outcome->integer(std::uint64_t{one.runs});
            if (outcome->step() != SQLITE_DONE) {
                return std::unexpected(database.error());
            }
        }
        explored->integer(std::uint64_t{possible.exhaustive});
        if (explored->step() != SQLITE_DONE) {
            return std::unexpected(database.error());
        }
    }
    return database.run("COMMIT; PRAGMA query_only=ON");
}

}  // namespace

RecordedRun::RecordedRun(RecordedRun&&) noexcept = default;
RecordedRun& RecordedRun::operator=(RecordedRun&&) noexcept = default;
RecordedRun::~RecordedRun() = default;

Result<RecordedRun> RecordedRun::open(const std::filesystem::path& file, const Recording& recording,
                                      const std::optional<std::filesystem::path>& previous,
                                      const std::optional<PossibleOutcomes>& possible) {
    RecordedRun run;
    auto copy = PrivateCopy::make(file);
    if (!copy) {
        return std::unexpected(copy.error());
    }
    auto database = open_untrusted(copy->path());
    if (!database) {
        return std::unexpected(database.error());
    }
    run.copies_.push_back(std::move(*copy));
    run.database_ = std::move(*database);
    sqlite3* const connection = run.database_.get();
    if (previous) {
        auto other = PrivateCopy::make(*previous);
        if (!other) {
            return std::unexpected(other.error());
        }
        if (const auto checked = open_untrusted(other->path()); !checked) {
            return std::unexpected(checked.error());
        }
        ::sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 1);
        auto attach = run.database_.prepare("ATTACH ?1 AS previous");
        if (!attach) {
            return std::unexpected(attach.error());
        }
        const std::string path = other->path().string();
        attach->text(path);
        if (attach->step() != SQLITE_DONE) {
            return std::unexpected(run.database_.error());
        }
        ::sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0);
        run.copies_.push_back(std::move(*other));
    }
    // The views are those of our own schema: open_untrusted compared them.
    ::sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_VIEW, 1, nullptr);
    constexpr int most_bytes = 1 << 20;  // of one value, sources and maps too
    ::sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, most_bytes);
    ::sqlite3_limit(connection, SQLITE_LIMIT_EXPR_DEPTH, 100);
    ::sqlite3_limit(connection, SQLITE_LIMIT_COMPOUND_SELECT, 50);
    ::sqlite3_limit(connection, SQLITE_LIMIT_VDBE_OP, 25'000);
    ::sqlite3_limit(connection, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200);
    if (const auto added = add_lines(run.database_, recording); !added) {
        return std::unexpected(added.error());
    }
    if (possible) {
        if (const auto added = add_outcomes(run.database_, *possible); !added) {
            return std::unexpected(added.error());
        }
    }
    run.worlds_ = std::make_unique<RecordedWorlds>(recording);
    if (const auto added = add_query_functions(run.database_, *run.worlds_); !added) {
        return std::unexpected(added.error());
    }
    ::sqlite3_set_authorizer(connection, authorize, nullptr);
    return run;
}

Result<QueryRows> RecordedRun::ask(std::string_view query, std::size_t moment, const QueryLimits& limits) {
    const QueryWatch watch(database_, limits);
    const auto prepared = prepare_only(database_, query);
    if (!prepared) {
        return std::unexpected(prepared.error());
    }
    const std::unique_ptr<sqlite3_stmt, decltype([](sqlite3_stmt* s) { ::sqlite3_finalize(s); })> statement(*prepared);
    if (const int place = ::sqlite3_bind_parameter_index(statement.get(), ":moment"); place != 0) {
        ::sqlite3_bind_int64(statement.get(), place, static_cast<sqlite3_int64>(moment));
    }
    QueryRows rows;
    const int columns = ::sqlite3_column_count(statement.get());
    for (int i = 0; i < columns; ++i) {
        const char* const name = ::sqlite3_column_name(statement.get(), i);
        rows.columns.push_back(display_text(name ? name : ""));
    }
    std::size_t bytes = 0;
    int result = ::sqlite3_step(statement.get());
    for (; result == SQLITE_ROW; result = ::sqlite3_step(statement.get())) {
        if (rows.rows.size() == limits.rows) {
            return fail(fmt::format("it gives more than {} rows", limits.rows));
        }
        auto& row = rows.rows.emplace_back();
        for (int i = 0; i < columns; ++i) {
            if (static_cast<std::size_t>(::sqlite3_column_bytes(statement.get(), i)) > limits.bytes) {
                return fail("it gives too much text");
            }
            row.push_back(cell(statement.get(), i));
            bytes += row.back() ? row.back()->size() : 0;
        }
        if (bytes > limits.bytes) {
            return fail("it gives too much text");
        }
    }
    if (result != SQLITE_DONE) {
        return watch.why().empty() ? Result<QueryRows>(std::unexpected(database_.error())) : fail(std::string(watch.why()));
    }
    return rows;
}

Result<std::size_t> RecordedRun::ask_moment(std::string_view query, std::size_t moment) {
    const auto rows = ask(query, moment);
    if (!rows) {
        return std::unexpected(rows.error());
    }
    const bool one = !rows->rows.empty() && rows->rows.front().front().has_value();
    std::size_t number = 0;
    if (one) {
        const std::string& text = *rows->rows.front().front();
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc() && end == text.data() + text.size()) {
            return number;
        }
    }
    return fail(one ? "it gives no number of a moment" : "it gives no moment");
}

const Recording& RecordedRun::recording() const {
    return worlds_->recording();
}

}  // namespace procatlas
