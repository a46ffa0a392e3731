// The texts of the interface in one language, from assets/locale/LANGUAGE.json: one flat object of keys and texts with `{}`
// placeholders.
#pragma once

#include <fmt/format.h>

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

    // Fills in the placeholders of the text of `key`. If they do not match the arguments, returns the text unchanged.
    template <typename... Args>
    [[nodiscard]] std::string format(std::string_view key, const Args&... args) const {
        try {
            return fmt::vformat(text(key), fmt::make_format_args(args...));
        } catch (const fmt::format_error&) {
            return std::string(text(key));
        }
    }

    [[nodiscard]] const std::map<std::string, std::string, std::less<>>& all() const { return texts_; }

private:
    friend Result<Messages> parse_messages(std::string_view json);
    std::map<std::string, std::string, std::less<>> texts_;
};

[[nodiscard]] Result<Messages> parse_messages(std::string_view json);
[[nodiscard]] Result<Messages> read_messages(const std::filesystem::path& file);

}  // namespace procatlas
