#include "app/control/asset_folder.h"

#include <cstdlib>
#include <system_error>

namespace procatlas {

namespace fs = std::filesystem;

fs::path program_folder() {
    std::error_code error;
    return fs::read_symlink("/proc/self/exe", error).parent_path();
}

fs::path asset_folder() {
    if (const char* chosen = std::getenv("PROCATLAS_ASSETS"); chosen != nullptr && *chosen != '\0') {
        return chosen;
    }
    std::error_code error;
    const fs::path installed = program_folder() / PROCATLAS_DATA_FROM_BIN;
    return fs::is_directory(installed / "locale", error) ? installed : fs::path(PROCATLAS_ASSETS_SOURCE);
}

fs::path sample_folder() {
    std::error_code error;
    const fs::path built = program_folder() / "programs";
    return fs::is_directory(built, error) ? built : program_folder() / PROCATLAS_LIBEXEC_FROM_BIN / "programs";
}

}  // namespace procatlas
