// Where a window can be opened: an X11 or Wayland display, and what the machine's GLFW can do with it.
#pragma once

#include <string>

namespace procatlas {

struct Display {
    std::string name;     // ":0", "wayland-0"; empty: there is none that GLFW can use
    std::string problem;  // why there is none: half an English sentence
    bool wayland = false;
    bool fractional = true;  // it is sharp at 125 % and 150 %, too
};
// From DISPLAY, WAYLAND_DISPLAY and the library itself (glfwGetVersionString); opens nothing.
[[nodiscard]] Display find_display();
// The same of these values. `glfw`: "3.3.8 X11 GLX EGL OSMesa clock_gettime evdev shared".
[[nodiscard]] Display find_display(const char* x11, const char* wayland, const std::string& glfw);

}  // namespace procatlas
