// What a folder has that a person may want to run.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace procatlas {

struct FolderListing {
    std::filesystem::path folder;
    std::vector<std::string> folders;   // by name; hidden ones are left out
    std::vector<std::string> programs;  // sources and executable files, by name
    bool cut = false;                   // it has more than are looked at
    std::string problem;                // the system's reason, where it cannot be read
};

inline constexpr std::size_t folder_entries_max = 5000;

// Any thread; waits for the file system.
[[nodiscard]] FolderListing list_folder(const std::filesystem::path& folder);

}  // namespace procatlas
