#include "core/store/database_rows.h"

#include <algorithm>

namespace procatlas {
namespace {

RowValue value_of(sqlite3_value* value) {
    switch (::sqlite3_value_type(value)) {
        case SQLITE_INTEGER:
            return {ColumnKind::number, static_cast<std::uint64_t>(::sqlite3_value_int64(value)), {}};
        case SQLITE_TEXT:
        case SQLITE_BLOB: {
            const void* data = ::sqlite3_value_blob(value);
            const auto size = static_cast<std::size_t>(::sqlite3_value_bytes(value));
            return {ColumnKind::bytes, 0, data ? std::string_view(static_cast<const char*>(data), size) : std::string_view()};
        }
        case SQLITE_NULL:
            return {};
        default:
            return {ColumnKind::other, 0, {}};
    }
}

}  // namespace

Result<bool> DatabaseRows::next() {
    set_count(0);
    switch (statement_.step()) {
        case SQLITE_ROW:
            take_row();
            return true;
        case SQLITE_DONE:
            return false;
        case SQLITE_INTERRUPT:
            return fail("it takes too long to be read, as a damaged file may");
        default:
            return fail("it is damaged: " + database_.error().message);
    }
}

void DatabaseRows::take_row() {
    const std::size_t count = std::min(static_cast<std::size_t>(statement_.columns()), most_columns);
    for (std::size_t i = 0; i < count; ++i) {
        value(i) = value_of(statement_.value(static_cast<int>(i)));
    }
    set_count(count);
}

Result<std::unique_ptr<DatabaseRows>> DatabaseSource::ask_here(std::string_view query) {
    auto statement = database_.prepare(query);
    if (!statement) {
        return std::unexpected(statement.error());
    }
    return std::make_unique<DatabaseRows>(database_, std::move(*statement));
}

}  // namespace procatlas
