#include "core/export/carry/carried_recording.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/export/carry/carried_formats.h"

namespace procatlas {

namespace {

constexpr std::string_view png_signature = "\x89PNG\r\n\x1a\n";

Result<std::string> pack(std::string_view bytes) {
    uLongf size = compressBound(bytes.size());
    std::string packed(size, '\0');
    if (compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(),
                  Z_BEST_COMPRESSION) != Z_OK) {
        return fail("the recording could not be packed into the figure");
    }
    packed.resize(size);
    return packed;
}

// Calls inflateEnd on every way out.
class Inflater {
public:
    Inflater() { ready_ = inflateInit(&stream_) == Z_OK; }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    ~Inflater() {
        if (ready_) {
            inflateEnd(&stream_);
        }
    }

    Result<std::string> run(std::string_view packed) {
        std::string out;
        std::array<char, 65536> piece;
        // zlib takes a mutable input but only reads it. Figures of 4 GiB or more were refused earlier.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
        stream_.avail_in = static_cast<uInt>(packed.size());
        int status = ready_ ? Z_OK : Z_MEM_ERROR;
        while (status == Z_OK) {
            stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
            stream_.avail_out = static_cast<uInt>(piece.size());
            status = inflate(&stream_, Z_NO_FLUSH);
            const std::size_t got = piece.size() - stream_.avail_out;
            if (out.size() + got > carried_limit) {
                return fail(fmt::format("the recording in this figure is larger than {} MiB", carried_limit >> 20));
            }
            out.append(piece.data(), got);
        }
        if (status != Z_STREAM_END) {
            return std::unexpected(damaged_figure("its recording cannot be unpacked"));
        }
        return out;
    }

private:
    z_stream stream_{};
    bool ready_ = false;
};

FoundRecording find_packed(std::string_view figure) {
    if (figure.starts_with(png_signature)) {
        return find_in_png(figure);
    }
    if (figure.starts_with("%PDF-")) {
        return find_in_pdf(figure);
    }
    constexpr std::size_t head = 65536;
    if (figure.substr(0, head).find("<svg") != std::string_view::npos) {
        return find_in_svg(figure);
    }
    return fail("this file is no figure: neither PNG, PDF nor SVG");
}

}  // namespace

Error damaged_figure(std::string_view what) {
    return {fmt::format("this figure is damaged: {}", what), 0};
}

std::optional<std::size_t> take_number(std::string_view& text) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

Result<std::string> attach_recording(std::string figure, FigureFormat format, std::string_view bytes, std::size_t moment) {
    if (bytes.size() > carried_limit) {
        return fail(fmt::format("the recording is larger than the {} MiB that a figure can carry", carried_limit >> 20));
    }
    const auto packed = pack(bytes);
    if (!packed) {
        return packed;
    }
    switch (format) {
        case FigureFormat::svg:
            return attach_to_svg(std::move(figure), *packed, moment);
        case FigureFormat::pdf:
            return attach_to_pdf(std::move(figure), *packed, bytes.size(), moment);
        case FigureFormat::png:
            return attach_to_png(std::move(figure), *packed, moment);
    }
    return figure;
}

Result<std::optional<CarriedRecording>> extract_recording(std::string_view figure) {
    constexpr std::size_t most = std::size_t{2} << 30;
    if (figure.size() > most) {
        return fail("this file is too large for a figure");
    }
    const FoundRecording found = find_packed(figure);
    if (!found) {
        return std::unexpected(found.error());
    }
    if (!*found) {
        return std::nullopt;
    }
    auto bytes = Inflater().run((*found)->packed());
    if (!bytes) {
        return std::unexpected(bytes.error());
    }
    return CarriedRecording{std::move(*bytes), (*found)->moment};
}

}  // namespace procatlas
