#include "core/compile/compiled_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace procatlas {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t name_digits = 16;

// FNV-1a, 64 bits: the same in each run, which std::hash does not promise.
std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }
    return hash;
}

// Only folders that bear such a name as we give are ever removed.
bool is_ours(const fs::directory_entry& entry) {
    const std::string name = entry.path().filename().string();
    std::error_code error;
    return entry.symlink_status(error).type() == fs::file_type::directory && name.size() == name_digits &&
           name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

void remove_oldest(const fs::path& folder, const fs::path& keep, std::size_t kept) {
    std::vector<std::pair<fs::file_time_type, fs::path>> found;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
        if (is_ours(entry) && entry.path() != keep) {
            found.emplace_back(entry.last_write_time(error), entry.path());
        }
    }
    std::ranges::sort(found, std::greater());
    for (std::size_t i = kept > 0 ? kept - 1 : 0; i < found.size(); ++i) {
        fs::remove_all(found[i].second, error);
    }
}

}  // namespace

Result<fs::path> place_of_compiled(const fs::path& folder, const fs::path& source, std::size_t kept) {
    const fs::path own = folder / fmt::format("{:0{}x}", hash_of(source.string()), name_digits);
    std::error_code error;
    fs::create_directories(own, error);
    if (!error) {
        fs::permissions(folder, fs::perms::owner_all, error);
        fs::permissions(own, fs::perms::owner_all, error);
    }
    if (error) {
        return std::unexpected(system_error("cannot write " + own.string(), error.value()));
    }
    remove_oldest(folder, own, kept);
    return own / source.stem();
}

}  // namespace procatlas
