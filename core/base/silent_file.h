// Files of which nothing is heard: a file system that runs as a program (fuse(4)) or elsewhere may never answer.
#pragma once

#include <chrono>
#include <filesystem>

namespace procatlas {

// Whether it is known within `patience` if there is a file at `path`. Asks by a program of its own, which is abandoned: who
// waits for such an answer cannot even be killed.
[[nodiscard]] bool answers_in_time(const std::filesystem::path& path, std::chrono::milliseconds patience);

}  // namespace procatlas
