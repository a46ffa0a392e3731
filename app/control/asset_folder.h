// Finds procatlas's own files: in the build tree, in an installed tree, or where PROCATLAS_ASSETS points.
#pragma once

#include <filesystem>

namespace procatlas {

// The folder of the running program. Empty if /proc/self/exe cannot be read.
[[nodiscard]] std::filesystem::path program_folder();

// The folder that contains locale/: $PROCATLAS_ASSETS, or share/procatlas in an installed tree, or assets in the source tree.
[[nodiscard]] std::filesystem::path asset_folder();

// The folder of the compiled sample programs and their sources.
[[nodiscard]] std::filesystem::path sample_folder();

}  // namespace procatlas
