// Where procatlas's own files are: in the build tree, installed, or where PROCATLAS_ASSETS points.
#pragma once

#include <filesystem>

namespace procatlas {

// The folder of the running program; empty where /proc/self/exe cannot be read.
[[nodiscard]] std::filesystem::path program_folder();

// Holds locale/. $PROCATLAS_ASSETS, else procatlas's folder of share in an installed tree, else the source tree's assets.
[[nodiscard]] std::filesystem::path asset_folder();

// Holds the sample programs, compiled, with their sources beside them.
[[nodiscard]] std::filesystem::path sample_folder();

}  // namespace procatlas
