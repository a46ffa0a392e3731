// The operating system's window, with OpenGL and ImGui. Window thread only.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/paint/imgui_compat.h"
#include "app/window/keyboard_queue.h"
#include "core/base/result.h"
#include "core/scene/palette.h"

struct GLFWwindow;

namespace procatlas {

struct KeyPress {
    int key = 0;            // GLFW_KEY_*
    int mods = 0;           // GLFW_MOD_*
    bool repeated = false;  // held down
};

class GlWindow {
public:
    static Result<std::unique_ptr<GlWindow>> open(const std::string& title, int width, int height);
    GlWindow(const GlWindow&) = delete;
    GlWindow& operator=(const GlWindow&) = delete;
    ~GlWindow();

    [[nodiscard]] bool should_close() const;
    [[nodiscard]] float content_scale() const;
    // In the system's units, which are what a window is opened with. On Wayland several pixels may be one of them.
    [[nodiscard]] std::pair<int, int> size() const;
    [[nodiscard]] std::pair<int, int> pixels() const;

    // Waits for input for at most `seconds` (negative: no limit; 0: does not wait), then takes it in.
    void wait(double seconds);
    // Input has arrived since the last frame, so a new frame must be drawn.
    [[nodiscard]] bool touched() const;

    // Files dropped on the window since the last call.
    [[nodiscard]] std::vector<std::string> take_dropped() { return std::exchange(dropped_, {}); }

    // Keys pressed since the last frame, and repeated ones that step. ImGui gets them too. `keys_wait`: they stay for a later
    // frame, because somebody else is about to get them.
    [[nodiscard]] std::vector<KeyPress> begin_frame(bool keys_wait);
    // Who gets the keys of the next frame.
    [[nodiscard]] static KeysGo keys_go();
    void end_frame(Colour background);
    // Instead of it: the window goes on showing the frame before.
    void drop_frame();

private:
    explicit GlWindow(GLFWwindow* window);
    void set_callbacks();
    [[nodiscard]] float density() const;

    GLFWwindow* window_;
    KeyboardQueue keyboard_;
    std::pair<int, int> drawn_;  // pixels of the last draw
    PointerInput pointer_;
    std::vector<std::string> dropped_;
    bool touched_ = true;
};

}  // namespace procatlas
