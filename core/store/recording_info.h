// What a recording file says about itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/model/grain.h"

namespace procatlas {

struct RecordingInfo {
    std::string title;  // the program, as a person would call it; raw bytes
    std::uint64_t started_unix_ms = 0;
    std::string version;  // of the procatlas that wrote the file

    std::optional<HowFollowed> followed = std::nullopt;  // nullopt: not known (before format 8)
};

}  // namespace procatlas
