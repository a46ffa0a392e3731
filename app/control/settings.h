// The settings of the window, in $XDG_CONFIG_HOME/procatlas/settings.json (or ~/.config/procatlas/settings.json).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace procatlas {

// Which share of the window each panel has; of `source` and `tree`: of their column.
struct Shares {
    float left = 0.27F;
    float right = 0.19F;
    float source = 0.66F;
    float tree = 0.48F;
    float timeline = 0.2F;

    bool operator==(const Shares&) const = default;
};
inline constexpr float share_min = 0.1F;
inline constexpr float share_max = 0.85F;
// What a person has run: a command, or a program of their own.
struct RecentCommand {
    std::string file;  // their own program; empty: a command
    std::string line;  // the command, or the program's arguments, as they are typed
    bool through_shell = false;

    bool operator==(const RecentCommand&) const = default;
};

// How far a lesson was walked.
struct LessonProgress {
    int step = 0;   // from 1; of the step that was shown last
    int steps = 0;  // that the lesson had
    [[nodiscard]] bool done() const { return steps > 0 && step >= steps; }

    bool operator==(const LessonProgress&) const = default;
};

struct Settings {
    std::string language;  // "en", "ko"
    bool dark = false;
    int zoom = 100;  // percent, 75 to 400
    int width = 1280;
    int height = 800;
    int delay_ms = 300;       // slow motion
    bool transitions = true;  // the stage shows how it gets from one moment to the next
    Shares shares = {};
    std::vector<RecentCommand> recent = {};              // newest first, each once
    std::map<std::string, LessonProgress> lessons = {};  // by the lesson's name
    std::string last_lesson = {};                        // the name of the one that was walked last; empty: none

    // Not without slow motion: who wants everything at once waits for nothing.
    [[nodiscard]] bool moves() const { return transitions && delay_ms > 0; }
    bool operator==(const Settings&) const = default;
};

inline constexpr int zoom_min = 75;
inline constexpr int zoom_max = 400;
inline constexpr int window_width_min = 1024;
inline constexpr int window_height_min = 640;
inline constexpr int delay_max_ms = 2000;
inline constexpr std::size_t recent_max = 20;
inline constexpr std::size_t lessons_max = 200;

// Puts the command first, and forgets the oldest beyond `recent_max`.
void remember_command(Settings& settings, RecentCommand command);

// Korean if LC_ALL, LC_MESSAGES or LANG says so, otherwise English.
[[nodiscard]] std::string language_of_environment();

[[nodiscard]] std::filesystem::path settings_file();

// Clamps numbers that are out of range. Missing members keep their defaults.
[[nodiscard]] Result<Settings> parse_settings(std::string_view json);
// A missing file gives the defaults.
[[nodiscard]] Result<Settings> read_settings(const std::filesystem::path& file);
// Writes a temporary file and renames it, so that the file is always complete.
[[nodiscard]] Result<void> write_settings(const std::filesystem::path& file, const Settings& settings);

}  // namespace procatlas
