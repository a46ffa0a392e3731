// Writes JSON directly, without a document in memory: for thousands of processes, building one would alone take as long as this
// does in all. Objects close at the end of their scope.
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/address.h"

namespace procatlas {

// Appends `text` in quotes. Replaces what is not UTF-8 by U+FFFD, and escapes control characters.
void append_json_string(std::string& out, std::string_view text);

// One object. `out` must outlive it, and nothing else may write to `out` while an inner object or array is open.
class JsonObject {
public:
    explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }
    JsonObject(const JsonObject&) = delete;
    JsonObject& operator=(const JsonObject&) = delete;
    ~JsonObject() { out_ += '}'; }

    void text(std::string_view name, std::string_view value) { append_json_string(key(name), value); }
    void flag(std::string_view name, bool value) { key(name) += value ? "true" : "false"; }
    void null(std::string_view name) { key(name) += "null"; }
    void hex(std::string_view name, Address value);  // "0x7ffd..."
    void text_or_null(std::string_view name, std::string_view value) { value.empty() ? null(name) : text(name, value); }
    void hex_or_null(std::string_view name, Address value) { value == 0 ? null(name) : hex(name, value); }
    template <std::integral T>
    void number(std::string_view name, T value) {
        std::array<char, 24> digits{};
        key(name).append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
    }
    // The caller appends the member's value next. `name` is one of ours and needs no escapes.
    std::string& key(std::string_view name);

private:
    std::string& out_;
    bool first_ = true;
};

class JsonArray {
public:
    // `newline`: puts each element on its own line.
    explicit JsonArray(std::string& out, bool newline = false) : out_(out), newline_(newline) { out_ += '['; }
    JsonArray(const JsonArray&) = delete;
    JsonArray& operator=(const JsonArray&) = delete;
    ~JsonArray() { out_ += ']'; }

    // The caller appends the element next.
    std::string& element();

private:
    std::string& out_;
    bool newline_;
    bool first_ = true;
};

}  // namespace procatlas
