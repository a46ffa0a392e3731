#include "core/base/program_path.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace procatlas {

namespace {

Result<std::string> find_own(std::string_view name, int access) {
    std::error_code error;
    const auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    for (const auto& candidate : {folder / name, folder / PROCATLAS_LIBEXEC_FROM_BIN / name}) {
        if (::access(candidate.c_str(), access) == 0) {
            return candidate.string();
        }
    }
    return fail(std::string(name) + " is missing: build or install procatlas again");
}

}  // namespace

Result<std::string> find_own_program(std::string_view name) {
    return find_own(name, X_OK);
}

Result<std::string> find_own_file(std::string_view name) {
    return find_own(name, R_OK);
}

bool is_in_path(std::string_view name) {
    const char* value = std::getenv("PATH");
    std::string_view path = value ? value : "/usr/bin:/bin";
    while (true) {
        const auto end = path.find(':');
        const std::filesystem::path folder = path.substr(0, end);  // empty: the current folder
        if (::access((folder / name).c_str(), X_OK) == 0) {
            return true;
        }
        if (end == std::string_view::npos) {
            return false;
        }
        path.remove_prefix(end + 1);
    }
}

}  // namespace procatlas
