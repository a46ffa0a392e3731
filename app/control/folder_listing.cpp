#include "app/control/folder_listing.h"

#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "core/compile/source_program.h"

namespace procatlas {

namespace fs = std::filesystem;

FolderListing list_folder(const fs::path& folder) {
    FolderListing listing;
    std::error_code error;
    listing.folder = fs::absolute(folder, error).lexically_normal();
    if (!listing.folder.has_filename() && listing.folder.has_parent_path() && listing.folder != listing.folder.root_path()) {
        listing.folder = listing.folder.parent_path();  // without the stroke at the end
    }
    std::size_t seen = 0;
    auto entry = fs::directory_iterator(listing.folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        if (++seen > folder_entries_max) {
            listing.cut = true;
            break;
        }
        std::string name = entry->path().filename().string();
        std::error_code unknown;
        if (name.starts_with('.')) {
            continue;
        }
        if (entry->is_directory(unknown)) {
            listing.folders.push_back(std::move(name));
        } else if (entry->is_regular_file(unknown) &&
                   (source_language_of(name) || ::access(entry->path().c_str(), X_OK) == 0)) {
            listing.programs.push_back(std::move(name));
        }
    }
    listing.problem = error ? error.message() : std::string();
    std::ranges::sort(listing.folders);
    std::ranges::sort(listing.programs);
    return listing;
}

}  // namespace procatlas
