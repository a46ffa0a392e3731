// The lines of one fenced block by their keys, as the parsers of blocks read them. Pure.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/text.h"
#include "core/lesson/block_lines.h"
#include "core/lesson/parse_blocks.h"

namespace procatlas {

// The beginning of a text that somebody wrote, for a message.
inline std::string in_quotes(std::string_view text) {
    return '"' + first_characters(display_text(text), 60) + '"';
}

inline std::string one_of(const auto& names) {
    return fmt::format("{}", fmt::join(names, ", "));
}

// The lines of one block by their keys. Remembers the first thing that is wrong.
class BlockFields {
public:
    static constexpr std::size_t most_words = 2000;    // characters of a text that is shown
    static constexpr std::size_t most_query = 10'000;  // bytes

    BlockFields(std::string_view block, std::uint32_t line) : line_(line) {
        auto lines = parse_block_lines(block, line + 1);
        if (lines) {
            lines_ = std::move(*lines);
        } else {
            error_ = std::move(lines.error());
        }
    }

    // `name`: the block's. Items are allowed where `items` says so.
    void only(std::string_view name, std::initializer_list<std::string_view> keys, std::string_view items = {}) {
        for (const BlockLine& line : lines_) {
            if (line.key.empty() && items.empty()) {
                wrong(line.line, fmt::format("a {} block has no items", name));
            } else if (!line.key.empty() && std::ranges::find(keys, line.key) == keys.end()) {
                wrong(line.line, fmt::format("a {} block has no \"{}:\"; it has {}{}", name, line.key, one_of(keys), items));
            }
        }
    }

    [[nodiscard]] const BlockLine* find(std::string_view key) const {
        const auto found = std::ranges::find(lines_, key, &BlockLine::key);
        return found == lines_.end() || key.empty() ? nullptr : &*found;
    }
    [[nodiscard]] std::span<const BlockLine> lines() const { return lines_; }
    [[nodiscard]] std::uint32_t line_of(std::string_view key) const {
        const BlockLine* found = find(key);
        return found ? found->line : line_;
    }
    [[nodiscard]] std::string_view value(std::string_view key) const {
        const BlockLine* found = find(key);
        return found ? std::string_view(found->value) : std::string_view();
    }

    // The value as words to show, in one line.
    std::string words(std::string_view key) { return shown(value(key), line_of(key)); }

    std::string shown(std::string_view text, std::uint32_t line) {
        std::string joined(text);
        std::ranges::replace(joined, '\n', ' ');
        joined = display_text(joined);
        if (joined.size() > most_words * 4) {
            wrong(line, fmt::format("this text has more than {} characters", most_words));
        }
        return joined;
    }

    std::string query(std::string_view key) {
        const std::string_view text = value(key);
        if (text.size() > most_query) {
            wrong(line_of(key), fmt::format("the query is longer than {} bytes", most_query));
        }
        return std::string(text);
    }

    template <typename T, std::size_t n>
    T choice(std::string_view key, const std::array<std::pair<std::string_view, T>, n>& names, T otherwise) {
        const BlockLine* found = find(key);
        if (!found) {
            return otherwise;
        }
        for (const auto& [name, what] : names) {
            if (name == found->value) {
                return what;
            }
        }
        std::vector<std::string_view> all;
        std::ranges::transform(names, std::back_inserter(all), [](const auto& row) { return row.first; });
        wrong(found->line, fmt::format("\"{}:\" is one of {}, not {}", key, one_of(all), in_quotes(found->value)));
        return otherwise;
    }

    bool yes(std::string_view key) {
        constexpr std::array names{std::pair{std::string_view("yes"), true}, std::pair{std::string_view("no"), false}};
        return choice(key, names, false);
    }

    std::uint32_t number(std::string_view text, std::uint32_t line) {
        constexpr std::uint32_t most = 1'000'000;
        std::uint32_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size() || number == 0 || number > most) {
            wrong(line, fmt::format("{} is not a number from 1 to {}", in_quotes(text), most));
        }
        return number;
    }

    void wrong(std::uint32_t line, std::string message) {
        if (!error_) {
            error_ = BlockError{std::move(message), line};
        }
    }

    template <typename T>
    BlockResult<T> finished(T made) {
        return error_ ? BlockResult<T>(std::unexpected(std::move(*error_))) : BlockResult<T>(std::move(made));
    }

private:
    std::uint32_t line_;
    std::vector<BlockLine> lines_;
    std::optional<BlockError> error_;
};

}  // namespace procatlas
