#include "core/inspect/values/scalar_text.h"

#include <cxxabi.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "core/base/text.h"

namespace procatlas {
namespace {

__extension__ using Wide = unsigned __int128;

}  // namespace

std::string hex_text(std::uint64_t value) {
    char text[24];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
    return text;
}

std::uint64_t number_in(std::string_view bytes) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data(), std::min(bytes.size(), sizeof value));
    return value;
}

std::int64_t signed_from(std::uint64_t value, unsigned bits) {
    const unsigned unused = 64 - std::min(bits, 64u);
    return bits == 0 ? 0 : static_cast<std::int64_t>(value << unused) >> unused;
}

std::string character_text(std::int64_t value) {
    const char c = static_cast<char>(value);
    const std::string quoted = string_text({&c, 1});
    std::string inner = quoted.substr(1, quoted.size() - 2);
    inner = c == '"' ? "\"" : c == '\'' ? "\\'" : inner;
    return std::to_string(value) + " '" + inner + "'";
}

std::string demangled(const std::string& symbol) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> text(
        symbol.starts_with("_Z") ? abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status) : nullptr, &std::free);
    return status == 0 && text ? std::string(text.get()) : std::string();
}

std::string wide_text(bool has_sign, std::string_view bytes) {
    Wide value = 0;
    std::memcpy(&value, bytes.data(), std::min(bytes.size(), sizeof value));
    const bool negative = has_sign && (value >> 127) != 0;
    value = negative ? 0 - value : value;
    std::string digits;
    do {
        digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
        value /= 10;
    } while (value != 0);
    return negative ? "-" + digits : digits;
}

}  // namespace procatlas
