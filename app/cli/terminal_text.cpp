#include "app/cli/terminal_text.h"

#include <fmt/format.h>
#include <iconv.h>
#include <langinfo.h>
#include <locale.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <utility>

#include "core/base/text.h"

namespace procatlas {
namespace {

constexpr std::string_view ascii = "ASCII";
constexpr std::string_view utf8_name = "UTF-8";

constexpr std::array alike{
    std::pair{U'─', "-"}, std::pair{U'│', "|"}, std::pair{U'├', "|"},   std::pair{U'└', "`"},  std::pair{U'←', "<-"},
    std::pair{U'→', "->"}, std::pair{U'…', "..."}, std::pair{U'–', "-"}, std::pair{U'—', "-"},  std::pair{U'·', "-"},
    std::pair{U'“', "\""}, std::pair{U'”', "\""}, std::pair{U'‘', "'"},  std::pair{U'’', "'"}, std::pair{U'×', "x"},
    std::pair{U'✓', "+"}, std::pair{U'✗', "-"},
};

// UTF-8 has many names: "utf8", "UTF-8", ...
bool names_utf8(std::string_view name) {
    std::string letters;
    for (const char c : name) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
            letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
    }
    return letters.find("utf8") != std::string::npos;
}

class Converter {
public:
    explicit Converter(const std::string& charset) : handle_(::iconv_open(charset.c_str(), utf8_name.data())) {}
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;
    ~Converter() {
        if (works()) {
            ::iconv_close(handle_);
        }
    }

    // One character. False: the character set lacks it.
    bool append(std::string& out, std::string_view character) {
        if (!works()) {
            return false;
        }
        std::string copy(character);
        std::array<char, 16> buffer{};
        char* from = copy.data();
        std::size_t left = copy.size();
        char* to = buffer.data();
        std::size_t room = buffer.size();
        if (::iconv(handle_, &from, &left, &to, &room) == static_cast<std::size_t>(-1)) {
            ::iconv(handle_, nullptr, nullptr, nullptr, nullptr);
            return false;
        }
        out.append(buffer.data(), buffer.size() - room);
        return true;
    }

private:
    [[nodiscard]] bool works() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

    iconv_t handle_;
};

const std::string& environment_charset() {
    static const std::string name = charset_of(std::getenv("LC_ALL"), std::getenv("LC_CTYPE"), std::getenv("LANG"));
    return name;
}

}  // namespace

std::string charset_of(const char* lc_all, const char* lc_ctype, const char* lang) {
    for (const char* variable : {lc_all, lc_ctype, lang}) {
        if (variable == nullptr || *variable == '\0') {
            continue;
        }
        const std::string name = variable;
        const auto dot = name.find('.');
        const std::string said = dot == std::string::npos ? std::string() : name.substr(dot + 1, name.find('@') - dot - 1);
        if (names_utf8(said)) {
            return std::string(utf8_name);  // also where that locale is not installed
        }
        const locale_t locale = ::newlocale(LC_CTYPE_MASK, variable, nullptr);
        if (locale == nullptr) {
            return said.empty() ? std::string(ascii) : said;
        }
        std::string charset = ::nl_langinfo_l(CODESET, locale);
        ::freelocale(locale);
        return names_utf8(charset) ? std::string(utf8_name) : charset;
    }
    return std::string(ascii);  // the locale "C"
}

std::string text_in_charset(std::string_view utf8, const std::string& charset) {
    if (names_utf8(charset)) {
        return std::string(utf8);
    }
    Converter converter(charset);
    std::string out;
    for (std::size_t at = 0; at < utf8.size();) {
        const std::size_t start = at;
        const char32_t c = next_code_point(utf8, at);
        if (c < 0x80) {
            out += static_cast<char>(c);
            continue;
        }
        if (converter.append(out, utf8.substr(start, at - start))) {
            continue;
        }
        const auto found = std::ranges::find(alike, c, &std::pair<char32_t, const char*>::first);
        out += found != alike.end() ? found->second
               : c < 0x10000        ? fmt::format("\\u{:04x}", static_cast<std::uint32_t>(c))
                                    : fmt::format("\\U{:08x}", static_cast<std::uint32_t>(c));
    }
    return out;
}

std::string terminal_text(std::string_view utf8) {
    return text_in_charset(utf8, environment_charset());
}

}  // namespace procatlas
