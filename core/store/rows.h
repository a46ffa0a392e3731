// The rows of a recording that comes from a stranger, wherever its file is taken apart: in this process (database_rows.h) or in
// one that can do no harm (opener_client.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "core/base/result.h"

namespace procatlas {

// The answer to one query.
class Rows {
public:
    Rows() = default;
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
    virtual ~Rows() = default;

    // Goes to the next row. False: there is none. Error: a sentence that says what is wrong with the file.
    [[nodiscard]] virtual Result<bool> next() = 0;

    // Columns of the row, from 0. Numbers keep their 64 bits, addresses above 2^63 too. nullopt: the column is NULL, of another
    // type or does not exist.
    [[nodiscard]] virtual std::optional<std::uint64_t> number(int column) const = 0;
    [[nodiscard]] virtual bool is_null(int column) const = 0;
    // A text or a blob, valid until `next`.
    [[nodiscard]] virtual std::optional<std::string_view> bytes(int column) const = 0;
};

// A recording that is open. Ask one query at a time.
class RowSource {
public:
    RowSource() = default;
    RowSource(const RowSource&) = delete;
    RowSource& operator=(const RowSource&) = delete;
    virtual ~RowSource() = default;

    // Read the rows to their end before the next query. They must not outlive the source.
    [[nodiscard]] virtual Result<std::unique_ptr<Rows>> ask(std::string_view query) = 0;

    // The first column of the first row; nullopt: there is none, or it is not a number.
    [[nodiscard]] std::optional<std::uint64_t> number(std::string_view query) {
        const auto rows = ask(query);
        if (!rows) {
            return std::nullopt;
        }
        auto more = (*rows)->next();
        const auto value = more && *more ? (*rows)->number(0) : std::nullopt;
        while (more && *more) {
            more = (*rows)->next();
        }
        return value;
    }
};

}  // namespace procatlas
