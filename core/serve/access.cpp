#include "core/serve/access.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <tuple>

namespace procatlas {

namespace {

// Without randomness there are no secrets, and nothing may be shared.
template <std::size_t size>
std::array<unsigned char, size> random_bytes() {
    std::array<unsigned char, size> bytes;
    while (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {  // up to 256 bytes come whole
        if (errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "the kernel gives no random numbers");
        }
    }
    return bytes;
}

}  // namespace

std::string random_secret() {
    std::string text;
    for (const unsigned char byte : random_bytes<16>()) {
        text += fmt::format("{:02x}", byte);
    }
    return text;
}

std::string random_code() {
    constexpr std::uint32_t codes = 1'000'000;
    constexpr std::uint32_t even = 0xffffffff / codes * codes;  // above it, some codes would be likelier than others
    std::uint32_t number = even;
    while (number >= even) {
        const auto bytes = random_bytes<4>();
        number = bytes[0] | bytes[1] << 8U | bytes[2] << 16U | static_cast<std::uint32_t>(bytes[3]) << 24U;
    }
    return fmt::format("{:06}", number % codes);
}

bool same_secret(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) {
        return false;
    }
    unsigned int different = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        different |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
    }
    return different == 0;
}

std::expected<std::string, int> Access::enter_by_secret(std::string_view secret) {
    if (same_secret(secret, drive_)) {
        return admit(Rights::drive);
    }
    return same_secret(secret, look_) ? admit(Rights::look) : std::unexpected(403);
}

std::expected<std::string, int> Access::enter_by_code(std::string_view code, const std::string& address,
                                                      Clock::time_point now) {
    if (now - minute_ > std::chrono::minutes(1)) {
        minute_ = now;
        wrong_of_all_ = 0;
        wrong_of_.clear();
    }
    const auto wrong = wrong_of_.find(address);
    if (wrong_of_all_ >= most_wrong_of_all || (wrong != wrong_of_.end() && wrong->second >= most_wrong_of_one)) {
        return std::unexpected(429);
    }
    if (same_secret(code, code_)) {
        return admit(Rights::look);
    }
    count_wrong(address);
    return std::unexpected(403);
}

void Access::count_wrong(const std::string& address) {
    ++wrong_of_all_;  // bounds the addresses too
    ++wrong_of_[address];
    if (++wrong_of_code_ >= most_wrong_of_code) {
        wrong_of_code_ = 0;
        code_ = random_code();
    }
}

std::expected<std::string, int> Access::admit(Rights rights) {
    if (visitors_.size() >= most_visitors) {
        // Of those who are not here, one who only looks and never followed the run, else who looks, else, for one who drives,
        // who drives: of these the one who came first. So nobody puts out a class by entering again and again.
        const auto rank = [](const auto& one) { return std::tuple(one.second.rights, one.second.came, one.first); };
        auto oldest = visitors_.end();
        for (auto one = visitors_.begin(); one != visitors_.end(); ++one) {
            if (one->second.stream == 0 && one->second.rights <= rights &&
                (oldest == visitors_.end() || rank(*one) < rank(*oldest))) {
                oldest = one;
            }
        }
        if (oldest == visitors_.end()) {
            return std::unexpected(503);
        }
        visitors_.erase(oldest);
    }
    const Number number = next_++;
    const Visitor& visitor = visitors_[number] = {.rights = rights, .secret = random_secret()};
    return fmt::format("{}.{}", number, visitor.secret);
}

Access::Number Access::number_of(std::string_view token) const {
    Number number = 0;
    const std::size_t dot = std::min(token.find('.'), token.size());
    const auto [end, error] = std::from_chars(token.data(), token.data() + dot, number);
    if (dot == token.size() || error != std::errc() || end != token.data() + dot) {
        return 0;
    }
    const auto found = visitors_.find(number);
    return found != visitors_.end() && same_secret(token.substr(dot + 1), found->second.secret) ? number : 0;
}

Visitor* Access::find(Number number) {
    const auto found = visitors_.find(number);
    return found == visitors_.end() ? nullptr : &found->second;
}

const Visitor* Access::find(Number number) const {
    const auto found = visitors_.find(number);
    return found == visitors_.end() ? nullptr : &found->second;
}

std::size_t Access::present() const {
    return static_cast<std::size_t>(std::ranges::count_if(visitors_, [](const auto& one) { return one.second.stream != 0; }));
}

}  // namespace procatlas
