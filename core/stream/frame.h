// Frames of the stream: a 32-bit little-endian length, then that many bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace procatlas {

inline constexpr std::size_t frame_limit = 256u << 20;

// Reserves a frame header at the end of `out`; `end_frame` fills it in.
[[nodiscard]] inline std::size_t begin_frame(std::string& out) {
    out.append(4, '\0');
    return out.size();
}
inline void end_frame(std::string& out, std::size_t begin) {
    const auto size = static_cast<std::uint32_t>(out.size() - begin);
    for (std::size_t i = 0; i < 4; ++i) {
        out[begin - 4 + i] = static_cast<char>(size >> (8 * i));
    }
}

// Collects bytes as they arrive and returns whole frames.
class FrameBuffer {
public:
    FrameBuffer() = default;
    explicit FrameBuffer(std::size_t longest) : longest_(longest) {}

    void append(std::string_view bytes) {
        if (at_ > (1u << 20)) {
            bytes_.erase(0, at_);
            at_ = 0;
        }
        bytes_ += bytes;
    }
    // The next whole frame, valid until the next append. nullopt: none yet. Error: its length exceeds the limit.
    [[nodiscard]] Result<std::optional<std::string_view>> next() {
        const std::string_view rest = std::string_view(bytes_).substr(at_);
        if (rest.size() < 4) {
            return std::nullopt;
        }
        std::uint32_t size = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            size |= static_cast<std::uint32_t>(static_cast<unsigned char>(rest[i])) << (8 * i);
        }
        if (size > longest_) {
            return fail("the stream has a frame longer than is allowed");
        }
        if (rest.size() - 4 < size) {
            return std::nullopt;
        }
        at_ += 4 + size;
        return rest.substr(4, size);
    }

    // What has come after the frames that were returned.
    [[nodiscard]] std::string_view rest() const { return std::string_view(bytes_).substr(at_); }

private:
    std::size_t longest_ = frame_limit;
    std::string bytes_;
    std::size_t at_ = 0;
};

}  // namespace procatlas
