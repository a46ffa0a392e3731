// PNG (W3C), 4.7: a chunk has a length, a name, that many bytes and a CRC. Our chunk is named `prAt`: not critical, private,
// safe to copy.
#include <fmt/format.h>
#include <zlib.h>

#include <cstdint>

#include "core/export/carry/carried_formats.h"

namespace procatlas {

namespace {

constexpr std::string_view chunk_name = "prAt";
constexpr std::size_t signature_size = 8;
constexpr std::size_t around = 12;  // length, name and CRC

std::string four_bytes(std::uint32_t value) {
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
            static_cast<char>(value)};
}

std::uint32_t read_four(std::string_view bytes) {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) {
        value = value << 8 | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
    }
    return value;
}

std::uint32_t crc_of(std::string_view name_and_data) {
    return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(name_and_data.data()), name_and_data.size()));
}

}  // namespace

std::string attach_to_png(std::string figure, std::string_view packed, std::size_t moment) {
    std::string body = fmt::format("{}{}", chunk_name, moment);
    body += '\0';
    body += packed;
    const std::string chunk =
        four_bytes(static_cast<std::uint32_t>(body.size() - chunk_name.size())) + body + four_bytes(crc_of(body));
    return figure.insert(figure.size() - around, chunk);  // before IEND, which has no data
}

FoundRecording find_in_png(std::string_view figure) {
    std::string_view rest = figure.substr(signature_size);
    while (rest.size() >= around) {
        const std::size_t length = read_four(rest);
        const std::string_view name = rest.substr(4, 4);
        if (length > rest.size() - around) {
            return std::unexpected(damaged_figure("it ends too early"));
        }
        if (name == "IEND") {
            return std::nullopt;
        }
        if (name == chunk_name) {
            if (crc_of(rest.substr(4, 4 + length)) != read_four(rest.substr(8 + length))) {
                return std::unexpected(damaged_figure("its recording has a wrong checksum"));
            }
            std::string_view data = rest.substr(8, length);
            const auto moment = take_number(data);
            if (!moment || !data.starts_with('\0')) {
                return std::unexpected(damaged_figure("it does not say which moment it shows"));
            }
            return PackedRecording{data.substr(1), {}, *moment};
        }
        rest.remove_prefix(around + length);
    }
    return std::unexpected(damaged_figure("it ends too early"));
}

}  // namespace procatlas
