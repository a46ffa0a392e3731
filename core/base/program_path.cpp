#include "core/base/program_path.h"

#include <unistd.h>

#include <filesystem>

namespace procatlas {

Result<std::string> find_own_program(std::string_view name) {
    std::error_code error;
    const auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    for (const auto& candidate : {folder / name, folder / PROCATLAS_LIBEXEC_FROM_BIN / name}) {
        if (::access(candidate.c_str(), X_OK) == 0) {
            return candidate.string();
        }
    }
    return fail(std::string(name) + " is missing: build or install procatlas again");
}

}  // namespace procatlas
