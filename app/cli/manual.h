// The manual page and the shells' completions, written from the table of the command line (command_line.h). Pure: the same
// table gives the same bytes, so that builds can be compared.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace procatlas {

// procatlas(1) in man(7), without its date.
[[nodiscard]] std::string manual_page(const CLI::App& app);

// Each is a file for its shell's own folder of completions. Names of sample programs are asked of procatlas itself.
[[nodiscard]] std::string bash_completion(const CLI::App& app);
[[nodiscard]] std::string zsh_completion(const CLI::App& app);
[[nodiscard]] std::string fish_completion(const CLI::App& app);

}  // namespace procatlas
