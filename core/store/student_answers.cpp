#include "core/store/student_answers.h"

#include <fmt/format.h>

#include <utility>

#include "core/base/text.h"
#include "core/store/checked_row.h"
#include "core/store/database.h"
#include "core/store/opener_client.h"
#include "core/store/untrusted_file.h"

namespace procatlas {
namespace {

constexpr std::size_t most_text = 4 * 1024;           // bytes of each
constexpr std::size_t most_texts = 16 * 1024 * 1024;  // of all in a file

Result<Database> open_own(const std::filesystem::path& file) {
    auto database = Database::open(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
    if (database) {
        ::sqlite3_busy_timeout(database->get(), 2000);
        if (auto set = database->run("PRAGMA synchronous=OFF"); !set) {  // not worth waiting for the disk
            return std::unexpected(set.error());
        }
    }
    return database;
}

Result<void> insert_answers(Database& database, std::span<const StudentAnswer> answers) {
    auto row = database.prepare("INSERT INTO answer VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!row) {
        return std::unexpected(row.error());
    }
    std::uint64_t id = 0;
    for (const StudentAnswer& answer : answers) {
        row->integer(id++);
        row->text(answer.who);
        row->text(answer.lesson);
        row->text(answer.title);
        row->integer(std::uint64_t{answer.step});
        row->text(answer.question);
        row->optional_text(answer.given);
        row->optional_text(answer.given_text);
        row->text(answer.expected);
        row->text(answer.expected_text);
        row->integer(std::uint64_t{answer.right});
        row->integer(answer.moment ? std::optional<std::uint64_t>(*answer.moment) : std::nullopt);
        row->integer(answer.unix_ms);
        if (row->step() != SQLITE_DONE) {
            return std::unexpected(database.error());
        }
    }
    return {};
}

class AnswerRow {
public:
    explicit AnswerRow(const Rows& rows) : rows_(rows), row_(rows) {}

    bool read(StudentAnswer& answer, std::size_t expected) {
        const bool in_order = row_.number() == expected;
        answer.who = text();
        answer.lesson = text();
        answer.title = text();
        answer.step = row_.small();
        answer.question = text();
        answer.given = optional_text(given_column);
        answer.given_text = optional_text(given_column + 1);
        answer.expected = text();
        answer.expected_text = text();
        answer.right = row_.flag();
        answer.moment = row_.optional_number();
        answer.unix_ms = row_.number();
        return in_order && row_.fine() && answer.step != 0 && answer.given.has_value() == answer.given_text.has_value();
    }

private:
    static constexpr int given_column = 6;

    std::string text() { return display_text(row_.bytes(most_text)); }
    std::optional<std::string> optional_text(int column) {
        std::string shown = display_text(row_.raw_or({}, most_text));
        return rows_.is_null(column) ? std::nullopt : std::optional(std::move(shown));
    }

    const Rows& rows_;
    CheckedRow row_;
};

Result<std::vector<StudentAnswer>> read_rows(RowSource& source) {
    constexpr std::uint64_t first_that_keeps_them = 10;
    std::vector<StudentAnswer> answers;
    if (source.number("PRAGMA user_version").value_or(0) < first_that_keeps_them) {
        return answers;
    }
    const auto rows = source.ask(
        "SELECT id, who, lesson, title, step, question, given, given_text, expected, expected_text, right, moment, unix_ms"
        " FROM answer ORDER BY id");
    if (!rows) {
        return std::unexpected(rows.error());
    }
    Result<bool> more = true;
    std::size_t texts = 0;
    while ((more = (*rows)->next()) && *more) {
        StudentAnswer answer;
        if (texts > most_texts || answers.size() >= most_student_answers || !AnswerRow(**rows).read(answer, answers.size())) {
            return fail("it is damaged: the table answer does not hold together");
        }
        for (const std::string* text :
             {&answer.who, &answer.lesson, &answer.title, &answer.question, &answer.expected, &answer.expected_text}) {
            texts += text->size();
        }
        texts += answer.given.value_or("").size() + answer.given_text.value_or("").size();
        answers.push_back(std::move(answer));
    }
    return more ? Result<std::vector<StudentAnswer>>(std::move(answers)) : std::unexpected(more.error());
}

}  // namespace

Result<void> write_answers(const std::filesystem::path& file, std::span<const StudentAnswer> answers) {
    auto database = open_own(file);
    if (!database) {
        return std::unexpected(database.error());
    }
    auto written = database->run("BEGIN; DELETE FROM answer");
    if (written) {
        written = insert_answers(*database, answers);
    }
    return written ? database->run("COMMIT") : written;
}

Result<void> sign_answers(const std::filesystem::path& file, std::string_view who, std::string_view before) {
    auto database = open_own(file);
    if (!database) {
        return std::unexpected(database.error());
    }
    auto named = database->prepare("UPDATE answer SET who = ? WHERE who = '' OR who = ?");
    if (!named) {
        return std::unexpected(named.error());
    }
    named->text(who);
    named->text(before);
    return named->step() == SQLITE_DONE ? Result<void>() : std::unexpected(database->error());
}

Result<std::vector<StudentAnswer>> read_answers(const std::filesystem::path& file) {
    const auto at_file = [&](const Error& error) {
        return fail(fmt::format("{} cannot be opened: {}", display_text(file.native()), error.message), error.code);
    };
    const auto copy = PrivateCopy::make(file);
    if (!copy) {
        return at_file(copy.error());
    }
    const auto source = OpenedRows::open(copy->path());
    if (!source) {
        return at_file(source.error());
    }
    auto answers = read_rows(**source);
    if (!answers) {
        return at_file(answers.error());
    }
    return answers;
}

}  // namespace procatlas
