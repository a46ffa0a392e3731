#include "core/stream/proc_maps.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string>

namespace procatlas {
namespace {

constexpr auto hex_values = [] {
    std::array<signed char, 256> values{};
    values.fill(-1);
    for (int i = 0; i < 10; ++i) {
        values[static_cast<std::size_t>('0' + i)] = static_cast<signed char>(i);
    }
    for (int i = 0; i < 6; ++i) {
        values[static_cast<std::size_t>('a' + i)] = static_cast<signed char>(10 + i);
    }
    return values;
}();

// Reads eight lower-case hex digits at once, one in each byte of a word. The kernel writes addresses and offsets with at least
// eight.
[[gnu::always_inline]] inline bool eight_hex_digits(const char* at, std::uint64_t& value) {
    if constexpr (std::endian::native != std::endian::little) {
        return false;
    }
    constexpr std::uint64_t ones = 0x0101010101010101;
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    const std::uint64_t letters = (word >> 6) & ones;  // 'a'..'f' have bit 6, digits do not
    // Turns 'a'..'f' into '0' + 10..15. Then all must be within 0x30..0x3f: digits below 0x3a, letters from 0x3a on.
    const std::uint64_t shifted = word - letters * ('a' - '0' - 10);
    const std::uint64_t nibbles = shifted ^ (ones * '0');
    const std::uint64_t above_nine = ((nibbles + ones * 6) >> 4) & ones;
    if ((nibbles & (ones * 0xf0)) != 0 || above_nine != letters) {
        return false;
    }
    std::uint64_t v = nibbles;
    v = ((v << 4) | (v >> 8)) & 0x00ff00ff00ff00ff;
    v = ((v << 8) | (v >> 16)) & 0x0000ffff0000ffff;
    value = ((v << 16) | (v >> 32)) & 0xffffffff;
    return true;
}

class Cursor {
public:
    explicit Cursor(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

    // An address or an offset: at least eight digits.
    bool long_hex(std::uint64_t& value) {
        if (end_ - at_ < 13 || !eight_hex_digits(at_, value)) {
            return short_hex(value);
        }
        std::uint64_t low = 0;
        if (hex_values[static_cast<unsigned char>(at_[8])] < 0) {
            at_ += 8;
            return true;
        }
        // Twelve digits are usual: the last eight of them contain the missing four.
        if (hex_values[static_cast<unsigned char>(at_[12])] < 0 && eight_hex_digits(at_ + 4, low)) {
            value = value << 16 | (low & 0xffff);
            at_ += 12;
            return true;
        }
        return short_hex(value);
    }

    bool short_hex(std::uint64_t& value) {
        const char* const first = at_;
        value = 0;
        while (at_ != end_) {
            const int digit = hex_values[static_cast<unsigned char>(*at_)];
            if (digit < 0) {
                break;
            }
            value = value << 4 | static_cast<std::uint64_t>(digit);
            ++at_;
        }
        return at_ != first && at_ - first <= 16;
    }

    bool decimal(std::uint64_t& value) {
        const char* const first = at_;
        value = 0;
        while (at_ != end_ && *at_ >= '0' && *at_ <= '9') {
            value = value * 10 + static_cast<std::uint64_t>(*at_ - '0');
            ++at_;
        }
        return at_ != first && at_ - first <= 20;
    }

    bool literal(char c) {
        if (at_ == end_ || *at_ != c) {
            return false;
        }
        ++at_;
        return true;
    }

    // Skips `text` if the line continues with it and a '-'.
    bool take(std::string_view text) {
        const std::string_view rest = remaining();
        if (text.empty() || rest.size() <= text.size() || rest[text.size()] != '-' || !rest.starts_with(text)) {
            return false;
        }
        at_ += text.size();
        return true;
    }

    bool permissions(Permissions& p) {
        if (end_ - at_ < 4) {
            return false;
        }
        p = {at_[0] == 'r', at_[1] == 'w', at_[2] == 'x', at_[3] == 's'};
        const bool fine = (p.read || at_[0] == '-') && (p.write || at_[1] == '-') && (p.execute || at_[2] == '-') &&
                          (p.shared || at_[3] == 'p');
        at_ += 4;
        return fine;
    }

    void spaces() {
        while (at_ != end_ && *at_ == ' ') {
            ++at_;
        }
    }

    // Returns the rest of the line, and moves to the next line.
    std::string_view rest() {
        const char* const first = at_;
        const auto* found = static_cast<const char*>(std::memchr(at_, '\n', static_cast<std::size_t>(end_ - at_)));
        const char* const stop = found ? found : end_;
        at_ = found ? stop + 1 : end_;
        return {first, static_cast<std::size_t>(stop - first)};
    }

    [[nodiscard]] std::string_view remaining() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }
    [[nodiscard]] bool done() const { return at_ == end_; }

private:
    const char* at_;
    const char* end_;
};

// The kernel escapes only newlines in names, as \012.
std::string_view append_name(std::string& names, std::string_view name) {
    const std::size_t begin = names.size();
    while (!name.empty()) {
        const auto escape = name.find("\\012");
        names += name.substr(0, escape);
        if (escape == std::string_view::npos) {
            break;
        }
        names += '\n';
        name.remove_prefix(escape + 4);
    }
    return std::string_view(names).substr(begin);
}

// Parses what a line says about its file: device, inode and name.
bool parse_file(std::string_view text, std::string& names, Mapping& m) {
    Cursor rest(text);
    std::uint64_t major = 0;
    std::uint64_t minor = 0;
    if (!rest.short_hex(major) || !rest.literal(':') || !rest.short_hex(minor) || !rest.literal(' ') ||
        !rest.decimal(m.inode)) {
        return false;
    }
    m.device_major = static_cast<std::uint32_t>(major);
    m.device_minor = static_cast<std::uint32_t>(minor);
    rest.spaces();
    m.name = append_name(names, rest.remaining());
    return true;
}

// The end address of the previous line, as text and number: neighbours usually touch.
struct LastEnd {
    std::string_view text;
    Address address = 0;
};

bool parse_range(Cursor& line, LastEnd& last_end, Mapping& m) {
    if (line.take(last_end.text)) {
        m.range.start = last_end.address;
    } else if (!line.long_hex(m.range.start)) {
        return false;
    }
    if (!line.literal('-')) {
        return false;
    }
    const std::string_view before = line.remaining();
    const bool fine = line.long_hex(m.range.end);
    last_end = {before.substr(0, before.size() - line.remaining().size()), m.range.end};
    return fine && line.literal(' ') && line.permissions(m.permissions) && line.literal(' ') && line.long_hex(m.offset) &&
           line.literal(' ') && m.range.start < m.range.end;
}

}  // namespace

Result<AddressSpace> parse_proc_maps(std::string_view text) {
    constexpr std::size_t shortest_line = 48;
    constexpr std::string_view no_file = "00:00 0 ";
    AddressSpace space;
    space.mappings.reserve(text.size() / shortest_line + 1);
    std::string names;
    names.reserve(std::max<std::size_t>(text.size(), 64));  // must not reallocate, because views point into it
    Cursor line(text);
    LastEnd last_end;
    std::string_view last_file;  // neighbours usually belong to one file, and describe it in the same words
    std::size_t last_at = 0;
    while (!line.done()) {
        Mapping& m = space.mappings.emplace_back();
        const Address before = last_end.address;
        bool fine = parse_range(line, last_end, m);
        const std::string_view file = line.rest();
        if (fine && file != no_file) {
            if (file == last_file) {
                const Mapping& same = space.mappings[last_at];
                m.device_major = same.device_major;
                m.device_minor = same.device_minor;
                m.inode = same.inode;
                m.name = same.name;
            } else {
                fine = parse_file(file, names, m);
                last_file = file;
                last_at = space.mappings.size() - 1;
            }
        }
        if (!fine) {
            return fail(fmt::format("line {} of the memory map is not a mapping", space.mappings.size()));
        }
        if (m.range.start < before) {
            return fail(fmt::format("line {} of the memory map is out of order", space.mappings.size()));
        }
    }
    space.names = std::make_shared<const std::string>(std::move(names));
    return space;
}

}  // namespace procatlas
