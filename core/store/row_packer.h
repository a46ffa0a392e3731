// Packs many rows of a table into one value, a piece. A recording has millions of rows, and SQLite takes time to hand over
// each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/store/database.h"
#include "core/store/rows.h"

namespace procatlas {

// Of a stranger's file. A piece of one row is a little longer than the row's value.
inline constexpr int most_bytes_of_a_value = 64 << 20;
inline constexpr int most_bytes_of_a_piece = most_bytes_of_a_value + (1 << 20);

[[nodiscard]] RowValue value_of(sqlite3_value* value);

// Lets queries of `database` say pack(COLUMN, ...): an aggregate of its rows' columns (piece_codec.h), as a blob; NULL: no
// rows. Beyond `most_bytes_of_a_piece` the query fails with SQLITE_TOOBIG.
[[nodiscard]] Result<void> add_row_packer(Database& database);

// A query whose rows are pieces, in order, each with the columns of `rows` rows of the table. `key`: its INTEGER PRIMARY KEY,
// which should count from 0; the first piece begins at a smaller one, if there is one.
[[nodiscard]] std::string query_for_pieces(std::string_view table, std::string_view key, std::string_view columns,
                                           std::uint64_t rows);

}  // namespace procatlas
