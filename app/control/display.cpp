#include "app/control/display.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <cstdlib>
#include <string_view>

namespace procatlas {
namespace {

bool is_set(const char* value) {
    return value != nullptr && *value != '\0';
}

}  // namespace

Display find_display(const char* x11, const char* wayland, const std::string& glfw) {
    const bool can_x11 = glfw.find("X11") != std::string::npos;
    const bool can_wayland = glfw.find("Wayland") != std::string::npos;
    Display display;
    if (is_set(x11) && can_x11) {
        display.name = x11;
    } else if (is_set(wayland) && can_wayland) {
        display.name = wayland;
        display.wayland = true;
        display.fractional = !glfw.starts_with("3.3.");  // wp-fractional-scale came with 3.4
    } else if (is_set(wayland)) {
        display.problem =
            "WAYLAND_DISPLAY is set, and this machine's GLFW is made for X11 alone: install libglfw3-wayland, or Xwayland";
    } else if (is_set(x11)) {
        display.problem = "DISPLAY is set, and this machine's GLFW is made for Wayland alone: install libglfw3";
    } else {
        display.problem = "no display: neither DISPLAY nor WAYLAND_DISPLAY is set";
    }
    return display;
}

Display find_display() {
    return find_display(std::getenv("DISPLAY"), std::getenv("WAYLAND_DISPLAY"), glfwGetVersionString());
}

}  // namespace procatlas
