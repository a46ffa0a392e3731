// The operating system's window with OpenGL and ImGui in it. Window thread only.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/scene/palette.h"

struct GLFWwindow;

namespace procatlas {

struct KeyPress {
    int key = 0;   // GLFW_KEY_*
    int mods = 0;  // GLFW_MOD_*
};

class GlWindow {
public:
    static Result<std::unique_ptr<GlWindow>> open(const std::string& title, int width, int height);
    GlWindow(const GlWindow&) = delete;
    GlWindow& operator=(const GlWindow&) = delete;
    ~GlWindow();

    [[nodiscard]] bool should_close() const;
    [[nodiscard]] float content_scale() const;
    [[nodiscard]] std::pair<int, int> size() const;

    // Sleeps until something happens, at most `seconds` (negative: without end; 0: not at all), then takes what happened.
    void wait(double seconds);
    // Something happened since the last frame that a frame must show.
    [[nodiscard]] bool touched() const;

    // Files that were dropped on the window since it was last asked.
    [[nodiscard]] std::vector<std::string> take_dropped() { return std::exchange(dropped_, {}); }

    // Keys pressed (or repeated) since the last frame, also shown to ImGui.
    [[nodiscard]] std::vector<KeyPress> begin_frame();
    void end_frame(Colour background);

private:
    struct Input {  // of the keyboard
        int key = 0;
        int scancode = 0;
        int action = 0;
        int mods = 0;
        unsigned character = 0;  // not 0: a character instead of a key
    };
    explicit GlWindow(GLFWwindow* window);
    void set_callbacks();

    GLFWwindow* window_;
    std::deque<Input> input_;
    std::vector<std::string> dropped_;
    bool touched_ = true;
};

}  // namespace procatlas
