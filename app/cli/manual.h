// Writes the manual page and the shell completions from the command-line table (command_line.h). Pure: the same table gives the
// same bytes, so builds are reproducible.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace procatlas {

// procatlas(1) in man(7) format, without a date.
[[nodiscard]] std::string manual_page(const CLI::App& app);

// Each returns a file for its shell's completion folder. The completions ask procatlas for the names of sample programs.
[[nodiscard]] std::string bash_completion(const CLI::App& app);
[[nodiscard]] std::string zsh_completion(const CLI::App& app);
[[nodiscard]] std::string fish_completion(const CLI::App& app);

}  // namespace procatlas
