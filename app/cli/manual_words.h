// The command-line table as manual and completions need it: CLI11's objects, flattened.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace procatlas {

struct ManualOption {
    enum class Value : std::uint8_t { none, choice, file, example, other };

    std::vector<std::string> shorts;  // "o"
    std::vector<std::string> longs;   // "hold"
    std::string positional;           // "FILE", if it is positional
    std::string what;
    Value value = Value::none;
    std::string value_name;            // "FILE", "N"
    std::vector<std::string> choices;  // of Value::choice
    bool required = false;

    // The names as typed: "-o", "--hold".
    [[nodiscard]] std::vector<std::string> names() const;
};

// The program itself (the first verb, without a name) or a subcommand.
struct ManualVerb {
    std::string name;
    std::string what;
    std::vector<ManualOption> options;
};

[[nodiscard]] std::vector<ManualVerb> manual_verbs(const CLI::App& app);

}  // namespace procatlas
