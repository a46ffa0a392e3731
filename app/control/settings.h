// What procatlas remembers about its window: $XDG_CONFIG_HOME/procatlas/settings.json (else ~/.config).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace procatlas {

struct Settings {
    std::string language;  // "en", "ko"
    bool dark = false;
    int zoom = 100;  // percent, 75 to 400
    int width = 1280;
    int height = 800;
    int delay_ms = 300;  // slow motion

    bool operator==(const Settings&) const = default;
};

inline constexpr int zoom_min = 75;
inline constexpr int zoom_max = 400;
inline constexpr int window_width_min = 1024;
inline constexpr int window_height_min = 640;
inline constexpr int delay_max_ms = 2000;

// Korean where LC_ALL, LC_MESSAGES or LANG asks for it, else English.
[[nodiscard]] std::string language_of_environment();

[[nodiscard]] std::filesystem::path settings_file();

// Numbers out of range are clamped; members that are missing keep their first value.
[[nodiscard]] Result<Settings> parse_settings(std::string_view json);
// A file that does not exist gives the first values.
[[nodiscard]] Result<Settings> read_settings(const std::filesystem::path& file);
// Written beside and renamed, so that the file is always whole.
[[nodiscard]] Result<void> write_settings(const std::filesystem::path& file, const Settings& settings);

}  // namespace procatlas
