// Errors are values: they say what failed, in words that a user can act on.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace procatlas {

struct Error {
    std::string message;  // one sentence, UTF-8, without a final full stop
    int code = 0;         // errno where a system call failed, else 0
};

template <typename T>
using Result = std::expected<T, Error>;

// "what: strerror(code)".
[[nodiscard]] Error system_error(std::string_view what, int code);

[[nodiscard]] inline std::unexpected<Error> fail(std::string message, int code = 0) {
    return std::unexpected(Error{std::move(message), code});
}

}  // namespace procatlas
