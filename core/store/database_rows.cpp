#include "core/store/database_rows.h"

#include <algorithm>
#include <cerrno>

#include "core/store/row_packer.h"

namespace procatlas {
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
        case SQLITE_TOOBIG:
            return fail("it is damaged: a value in it is too long", EFBIG);
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

Result<std::unique_ptr<DatabaseSource>> DatabaseSource::of(Database database) {
    if (auto added = add_row_packer(database); !added) {
        return std::unexpected(added.error());
    }
    return std::unique_ptr<DatabaseSource>(new DatabaseSource(std::move(database)));
}

Result<std::unique_ptr<DatabaseRows>> DatabaseSource::ask_here(std::string_view query) {
    auto statement = database_.prepare(query);
    if (!statement) {
        return std::unexpected(statement.error());
    }
    return std::make_unique<DatabaseRows>(database_, std::move(*statement));
}

}  // namespace procatlas
