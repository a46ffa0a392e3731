// What is asked of procatlas-reader and what it answers: frames (core/stream/frame.h), one answer a question, in order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/model/image.h"

namespace procatlas {

// The file of a mapping, as the kernel told it.
struct ElfImageRequest {
    std::string path;
    std::uint32_t device_major = 0;
    std::uint32_t device_minor = 0;
    std::uint64_t inode = 0;  // a file with another one is refused: it is no longer what the process runs

    bool operator==(const ElfImageRequest&) const = default;
};

// Each encode_ gives one whole frame; each parse_ takes what is inside one. Hostile bytes are an Error (nullopt).
[[nodiscard]] std::string encode_request(const ElfImageRequest& request);
[[nodiscard]] std::optional<ElfImageRequest> parse_request(std::string_view frame);
[[nodiscard]] std::string encode_answer(const Result<ElfImage>& answer);
[[nodiscard]] Result<ElfImage> parse_answer(std::string_view frame);

}  // namespace procatlas
