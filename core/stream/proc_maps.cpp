#include "core/stream/proc_maps.h"

#include <fmt/format.h>

#include <array>
#include <cstring>

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

class Cursor {
public:
    Cursor(char* at, char* end) : at_(at), end_(end) {}

    bool hex(std::uint64_t& value) {
        const char* first = at_;
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
        const char* first = at_;
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

    bool flag(char set, char clear, bool& value) {
        if (at_ == end_ || (*at_ != set && *at_ != clear)) {
            return false;
        }
        value = *at_++ == set;
        return true;
    }

    // Ends the line. The kernel pads with spaces up to a column and escapes a newline in a name as \012, nothing else.
    std::string_view rest() {
        while (at_ != end_ && *at_ == ' ') {
            ++at_;
        }
        char* const first = at_;
        auto* stop = static_cast<char*>(std::memchr(at_, '\n', static_cast<std::size_t>(end_ - at_)));
        stop = stop ? stop : end_;
        at_ = stop == end_ ? end_ : stop + 1;
        return {first, unescape(first, stop)};
    }

    [[nodiscard]] bool done() const { return at_ == end_; }

private:
    static std::size_t unescape(char* first, const char* stop) {
        const auto length = static_cast<std::size_t>(stop - first);
        if (length == 0 || !std::memchr(first, '\\', length)) {
            return length;
        }
        char* out = first;
        for (const char* in = first; in != stop;) {
            if (stop - in >= 4 && std::memcmp(in, "\\012", 4) == 0) {
                *out++ = '\n';
                in += 4;
            } else {
                *out++ = *in++;
            }
        }
        return static_cast<std::size_t>(out - first);
    }

    char* at_;
    char* end_;
};

bool parse_mapping(Cursor& line, Mapping& m) {
    std::uint64_t major = 0;
    std::uint64_t minor = 0;
    const bool fine = line.hex(m.range.start) && line.literal('-') && line.hex(m.range.end) && line.literal(' ') &&
                      line.flag('r', '-', m.permissions.read) && line.flag('w', '-', m.permissions.write) &&
                      line.flag('x', '-', m.permissions.execute) && line.flag('s', 'p', m.permissions.shared) &&
                      line.literal(' ') && line.hex(m.offset) && line.literal(' ') && line.hex(major) && line.literal(':') &&
                      line.hex(minor) && line.literal(' ') && line.decimal(m.inode);
    m.device_major = static_cast<std::uint32_t>(major);
    m.device_minor = static_cast<std::uint32_t>(minor);
    return fine && m.range.start < m.range.end;
}

}  // namespace

Result<AddressSpace> parse_proc_maps(std::string text) {
    AddressSpace space;
    const auto names = std::make_shared<std::string>(std::move(text));
    space.names = names;
    space.mappings.reserve(names->size() / 64);
    Cursor line(names->data(), names->data() + names->size());
    Address last_end = 0;
    while (!line.done()) {
        Mapping& m = space.mappings.emplace_back();
        if (!parse_mapping(line, m)) {
            return fail(fmt::format("line {} of the memory map is not a mapping", space.mappings.size()));
        }
        m.name = line.rest();
        if (m.range.start < last_end) {
            return fail(fmt::format("line {} of the memory map is out of order", space.mappings.size()));
        }
        last_end = m.range.end;
    }
    return space;
}

}  // namespace procatlas
