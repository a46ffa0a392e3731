#include "core/store/row_packer.h"

#include <fmt/format.h>

#include <cstddef>
#include <memory>
#include <new>

#include "core/store/piece_codec.h"

namespace procatlas {
namespace {

// sqlite.org/c3ref/create_function.html: `step` is called with each row, `finish` once for each piece, also where it fails.
// One piece is packed at a time, so all share a buffer.
struct Packer {
    static Packer& of(sqlite3_context* context) { return *static_cast<Packer*>(::sqlite3_user_data(context)); }

    static void step(sqlite3_context* context, int count, sqlite3_value** values) {
        // Zero at the first row.
        auto* const begun = static_cast<char*>(::sqlite3_aggregate_context(context, 1));
        std::string& piece = of(context).piece;
        if (begun == nullptr) {
            return ::sqlite3_result_error_nomem(context);
        }
        if (*begun == 0) {
            *begun = 1;
            piece.clear();
        }
        if (piece.size() > most_bytes_of_a_piece) {
            return ::sqlite3_result_error_toobig(context);
        }
        try {
            for (int i = 0; i < count; ++i) {
                write_column(piece, value_of(values[i]));
            }
        } catch (const std::bad_alloc&) {
            ::sqlite3_result_error_nomem(context);
        }
    }

    static void finish(sqlite3_context* context) {
        if (::sqlite3_aggregate_context(context, 0) == nullptr) {
            return ::sqlite3_result_null(context);
        }
        const std::string& piece = of(context).piece;
        ::sqlite3_result_blob64(context, piece.data(), piece.size(), SQLITE_TRANSIENT);
    }

    static void destroy(void* packer) { const std::unique_ptr<Packer> owned(static_cast<Packer*>(packer)); }

    std::string piece;
};

}  // namespace

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

Result<void> add_row_packer(Database& database) {
    auto packer = std::make_unique<Packer>();
    // SQLite destroys it, also where this fails.
    if (::sqlite3_create_function_v2(database.get(), "pack", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, packer.release(), nullptr,
                                     &Packer::step, &Packer::finish, &Packer::destroy) != SQLITE_OK) {
        return std::unexpected(database.error());
    }
    return {};
}

std::string query_for_pieces(std::string_view table, std::string_view key, std::string_view columns, std::uint64_t rows) {
    return fmt::format(
        "WITH RECURSIVE piece(first) AS (SELECT min(0, ifnull((SELECT min({1}) FROM {0}), 0)) UNION ALL "
        "SELECT max(first, 0) + {3} FROM piece WHERE max(first, 0) + {3} <= (SELECT max({1}) FROM {0})) "
        "SELECT (SELECT pack({1}, {2}) FROM {0} WHERE {1} BETWEEN first AND max(first, 0) + {4}) FROM piece",
        table, key, columns, rows, rows - 1);
}

}  // namespace procatlas
