// The texts of the interface in one language, from assets/locale/LANGUAGE.json: one flat object of keys and texts with `{}`
// placeholders.
#pragma once

#include <fmt/format.h>

#include <concepts>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace procatlas {

class Messages {
public:
    // The text of `key`, or `key` itself if it is missing.
    [[nodiscard]] std::string_view text(std::string_view key) const;
    [[nodiscard]] bool has(std::string_view key) const { return texts_.contains(key); }

    // Fills in the placeholders of the text of `key`; of `key.one`, where there is one and the first argument is 1.
    // If they do not match the arguments, returns the text unchanged.
    template <typename... Args>
    [[nodiscard]] std::string format(std::string_view key, const Args&... args) const {
        const std::string_view found = text_for(key, args...);
        try {
            return fmt::vformat(found, fmt::make_format_args(args...));
        } catch (const fmt::format_error&) {
            return std::string(found);
        }
    }

    [[nodiscard]] const std::map<std::string, std::string, std::less<>>& all() const { return texts_; }

private:
    [[nodiscard]] std::string_view text_for(std::string_view key) const { return text(key); }
    template <typename First, typename... Rest>
    [[nodiscard]] std::string_view text_for(std::string_view key, const First& first, const Rest&...) const {
        if constexpr (std::integral<First>) {
            return first == 1 ? text_of_one(key) : text(key);
        } else if constexpr (std::convertible_to<const First&, std::string_view>) {  // a number as text
            return std::string_view(first) == "1" ? text_of_one(key) : text(key);
        } else {
            return text(key);
        }
    }
    [[nodiscard]] std::string_view text_of_one(std::string_view key) const;

    friend Result<Messages> parse_messages(std::string_view json);
    std::map<std::string, std::string, std::less<>> texts_;
};

[[nodiscard]] Result<Messages> parse_messages(std::string_view json);
[[nodiscard]] Result<Messages> read_messages(const std::filesystem::path& file);

}  // namespace procatlas
