// What a picture keeps back, so that somebody predicts it.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace procatlas {

struct Veils {
    bool kinds = false;  // which area is which
    bool addresses = false;
    bool values = false;  // of variables
    bool pids = false;
    bool states = false;  // of processes

    bool operator==(const Veils&) const = default;
    [[nodiscard]] bool any() const { return *this != Veils{}; }
};

// By their names, as lessons and the command line write them.
inline constexpr std::array veil_names{
    std::pair{std::string_view("kinds"), &Veils::kinds}, std::pair{std::string_view("addresses"), &Veils::addresses},
    std::pair{std::string_view("values"), &Veils::values}, std::pair{std::string_view("pids"), &Veils::pids},
    std::pair{std::string_view("states"), &Veils::states}};

// False: there is no veil of that name.
inline bool put_veil(Veils& veils, std::string_view name) {
    for (const auto& [known, veil] : veil_names) {
        if (known == name) {
            return veils.*veil = true;
        }
    }
    return false;
}

}  // namespace procatlas
