#include "app/control/display.h"

#include <doctest/doctest.h>

namespace procatlas {
namespace {
constexpr const char* debian_12 = "3.3.8 X11 GLX EGL OSMesa clock_gettime evdev shared";
constexpr const char* debian_12_wayland = "3.3.8 Wayland EGL OSMesa clock_gettime evdev shared";
constexpr const char* debian_13 = "3.4.0 Wayland X11 GLX Null EGL OSMesa monotonic shared";
}  // namespace

TEST_CASE("a display that the machine's GLFW cannot use is none, and it is said what to install") {
    CHECK(find_display(":0", nullptr, debian_12).problem.empty());
    CHECK(find_display(":0", nullptr, debian_12).name == ":0");
    CHECK(find_display(":0", "wayland-0", debian_12).name == ":0");
    CHECK(find_display(nullptr, "wayland-0", debian_12).problem.find("libglfw3-wayland") != std::string::npos);
    CHECK(find_display(":0", nullptr, debian_12_wayland).problem.find("install libglfw3") != std::string::npos);
    CHECK(find_display("", "", debian_13).problem.find("neither DISPLAY nor WAYLAND_DISPLAY") != std::string::npos);
}

TEST_CASE("on Wayland it is said whether scales like 125 % are sharp") {
    CHECK_FALSE(find_display(nullptr, "wayland-0", debian_12_wayland).fractional);
    CHECK(find_display(nullptr, "wayland-0", debian_13).fractional);
    CHECK(find_display(nullptr, "wayland-0", debian_13).wayland);
}

}  // namespace procatlas
