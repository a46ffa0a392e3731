#include "core/store/database_rows.h"

namespace procatlas {

Result<bool> DatabaseRows::next() {
    switch (statement_.step()) {
        case SQLITE_ROW:
            return true;
        case SQLITE_DONE:
            return false;
        case SQLITE_INTERRUPT:
            return fail("it takes too long to be read, as a damaged file may");
        default:
            return fail("it is damaged: " + database_.error().message);
    }
}

Result<std::unique_ptr<DatabaseRows>> DatabaseSource::ask_here(std::string_view query) {
    auto statement = database_.prepare(query);
    if (!statement) {
        return std::unexpected(statement.error());
    }
    return std::make_unique<DatabaseRows>(database_, std::move(*statement));
}

}  // namespace procatlas
