#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

#include "core/inspect/values/scalar_text.h"

#ifdef __SIZEOF_FLOAT128__
__extension__ using ProcatlasQuad = __float128;
// glibc's strfromf128, by a name of our own: glibc declares it only to some compilers, and with a type that clang does not
// have.
extern "C" int procatlas_strfromf128(char* text, std::size_t size, const char* format, ProcatlasQuad value) noexcept
    __asm__("strfromf128");
#endif

namespace procatlas {
namespace {

constexpr std::size_t longest_real = 80;

// The digits of a NaN's fraction, the most significant word first. gdb pads all words but the first.
std::string digits_of(std::initializer_list<std::uint32_t> words) {
    std::string digits;
    for (const std::uint32_t word : words) {
        char text[longest_real];
        std::snprintf(text, sizeof text, digits.empty() ? "%x" : "%08x", static_cast<unsigned>(word));
        digits += text;
    }
    return digits;
}

std::string digits_of(std::uint64_t fraction) {
    return digits_of({static_cast<std::uint32_t>(fraction >> 32), static_cast<std::uint32_t>(fraction)});
}

// "nan(0x8000000000000)", or the number with all digits that tell it from its neighbours: as gdb writes them.
template <typename T>
std::string text_of_real(T value, int digits, const std::string& fraction) {
    if (value != value) {
        return std::string(std::signbit(value) ? "-" : "") + "nan(0x" + fraction + ")";
    }
    char text[longest_real];
    std::snprintf(text, sizeof text, "%.*Lg", digits, static_cast<long double>(value));
    return text;
}

// The x87 keeps the bit before the point. Only numbers too small to be normal lack it.
bool is_valid_extended(std::string_view bytes) {
    const std::uint64_t exponent = number_in(bytes.substr(8, 2)) & 0x7FFF;
    return (exponent != 0) == (number_in(bytes.substr(0, 8)) >> 63 != 0);
}

template <typename T>
T copied(std::string_view bytes) {
    T value{};
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

std::string half_text(std::uint64_t bits) {
    const int exponent = static_cast<int>(bits >> 10 & 0x1F);
    const auto fraction = static_cast<double>(bits & 0x3FF);
    const double size = exponent == 0    ? std::ldexp(fraction, -24)
                        : exponent == 31 ? (fraction == 0 ? HUGE_VAL : std::nan(""))
                                         : std::ldexp(fraction + 1024, exponent - 25);
    return text_of_real((bits & 0x8000) != 0 ? -size : size, 5, digits_of({static_cast<std::uint32_t>(bits & 0x3FF)}));
}

std::optional<std::string> quad_text(std::string_view bytes) {
#ifdef __SIZEOF_FLOAT128__
    const auto value = copied<ProcatlasQuad>(bytes);
    const std::uint64_t low = number_in(bytes.substr(0, 8));
    const std::uint64_t high = number_in(bytes.substr(8, 8));
    constexpr std::uint64_t fraction_bits = (1ull << 48) - 1;
    if ((high >> 48 & 0x7FFF) == 0x7FFF && ((high & fraction_bits) | low) != 0) {
        const auto word = [](std::uint64_t bits) { return static_cast<std::uint32_t>(bits); };
        const std::string digits = digits_of({word((high & fraction_bits) >> 32), word(high), word(low >> 32), word(low)});
        return std::string(high >> 63 != 0 ? "-" : "") + "nan(0x" + digits + ")";
    }
    char text[longest_real];
    procatlas_strfromf128(text, sizeof text, "%.36g", value);
    return text;
#else
    (void)bytes;
    return std::nullopt;
#endif
}

}  // namespace

std::optional<std::string> real_text(RealFormat format, std::string_view bytes) {
    const auto has = [&](std::size_t size) { return bytes.size() >= size; };
    switch (format) {
        case RealFormat::unknown:
            return std::nullopt;
        case RealFormat::half:
            return has(2) ? std::optional(half_text(number_in(bytes.substr(0, 2)))) : std::nullopt;
        case RealFormat::brain: {
            if (!has(2)) {
                return std::nullopt;
            }
            const auto bits = static_cast<std::uint32_t>(number_in(bytes.substr(0, 2)));
            return text_of_real(std::bit_cast<float>(bits << 16), 4, digits_of({bits & 0x7F}));
        }
        case RealFormat::single:
            return has(4) ? std::optional(
                                text_of_real(copied<float>(bytes), 9,
                                             digits_of({static_cast<std::uint32_t>(number_in(bytes.substr(0, 4)) & 0x7FFFFF)})))
                          : std::nullopt;
        case RealFormat::twice:
            return has(8)
                       ? std::optional(text_of_real(copied<double>(bytes), 17, digits_of(number_in(bytes) & 0xFFFFFFFFFFFFF)))
                       : std::nullopt;
        case RealFormat::extended:
            if constexpr (sizeof(long double) == 16 && __LDBL_MANT_DIG__ == 64) {
                if (has(10) && !is_valid_extended(bytes)) {
                    return "<invalid float value>";  // gdb's words; the x87 refuses it too
                }
                if (has(10)) {
                    long double value = 0;
                    std::memcpy(&value, bytes.data(), 10);
                    return text_of_real(value, 21, digits_of(number_in(bytes)));
                }
            }
            return std::nullopt;
        case RealFormat::quad:
            return has(16) ? quad_text(bytes) : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace procatlas
