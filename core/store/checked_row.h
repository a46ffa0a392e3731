// A row of a file that comes from a stranger.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "core/store/rows.h"

namespace procatlas {

// Reads the columns of one row from left to right. Remembers whether one was missing, of another type or too large.
class CheckedRow {
public:
    explicit CheckedRow(const Rows& rows) : rows_(rows) {}

    std::uint64_t number(std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) {
        const auto value = rows_.number(column_++);
        fine_ = fine_ && value && *value <= most;
        return value.value_or(0);
    }
    std::uint32_t small() { return static_cast<std::uint32_t>(number(std::numeric_limits<std::uint32_t>::max())); }
    std::optional<std::uint64_t> optional_number() {
        return rows_.is_null(column_) ? (++column_, std::nullopt) : std::optional(number());
    }
    bool flag() { return number(1) != 0; }
    std::string_view bytes(std::size_t most = std::numeric_limits<std::size_t>::max()) {
        const auto value = rows_.bytes(column_++);
        fine_ = fine_ && value && value->size() <= most;
        return value.value_or(std::string_view());
    }
    // The exact bytes if the row has them; it has them only where they differ from the text `shown`.
    std::string_view raw_or(std::string_view shown, std::size_t most = std::numeric_limits<std::size_t>::max()) {
        if (!rows_.is_null(column_)) {
            return bytes(most);
        }
        ++column_;
        fine_ = fine_ && shown.size() <= most;
        return shown;
    }

    [[nodiscard]] bool fine() const { return fine_; }

private:
    const Rows& rows_;
    int column_ = 0;
    bool fine_ = true;
};

}  // namespace procatlas
