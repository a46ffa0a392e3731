// The rows of a recording that comes from a stranger, wherever its file is taken apart: in this process (database_rows.h) or in
// one that can do no harm (opener_client.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/result.h"

namespace procatlas {

enum class ColumnKind : std::uint8_t { nothing, number, bytes, other };
[[nodiscard]] constexpr ColumnKind last_of(ColumnKind) {
    return ColumnKind::other;
}

// One value of a row. Numbers keep their 64 bits, addresses above 2^63 too.
struct RowValue {
    ColumnKind kind = ColumnKind::nothing;
    std::uint64_t number = 0;
    std::string_view bytes;  // a text or a blob, valid until the next row
};

inline constexpr std::size_t most_columns = 32;

// The answer to one query.
class Rows {
public:
    Rows() = default;
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
    virtual ~Rows() = default;

    // Goes to the next row. False: there is none. Error: a sentence that says what is wrong with the file.
    [[nodiscard]] virtual Result<bool> next() = 0;

    [[nodiscard]] std::span<const RowValue> row() const { return {values_.data(), count_}; }
    // Columns of the row, from 0. nullopt: the column is NULL, of another type or does not exist.
    [[nodiscard]] std::optional<std::uint64_t> number(int column) const {
        const RowValue* found = at(column, ColumnKind::number);
        return found ? std::optional(found->number) : std::nullopt;
    }
    [[nodiscard]] bool is_null(int column) const { return at(column, ColumnKind::nothing) != nullptr; }
    [[nodiscard]] std::optional<std::string_view> bytes(int column) const {
        const RowValue* found = at(column, ColumnKind::bytes);
        return found ? std::optional(found->bytes) : std::nullopt;
    }

protected:
    // For whoever goes to the next row.
    [[nodiscard]] RowValue& value(std::size_t index) { return values_[index]; }
    void set_count(std::size_t count) { count_ = count; }  // at most `most_columns`

private:
    [[nodiscard]] const RowValue* at(int column, ColumnKind kind) const {
        const auto index = static_cast<std::size_t>(column);
        return index < count_ && values_[index].kind == kind ? &values_[index] : nullptr;
    }

    std::array<RowValue, most_columns> values_;
    std::size_t count_ = 0;
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
