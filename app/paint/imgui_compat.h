// Supports Debian's versions of Dear ImGui: 1.86 (bookworm) to 1.90 (trixie). Their differences are all here.
#pragma once

#include <algorithm>
#include <array>
#include <deque>
#include <iterator>

#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>
#include <imgui_internal.h>
#if __has_include(<imgui_freetype.h>)
#include <imgui_freetype.h>
#else
#include <misc/freetype/imgui_freetype.h>
#endif

struct GLFWwindow;

namespace procatlas {

// Since 1.87, keys have names of ImGui's own; before, they are entries of a map of the backend's keys.
enum class NamedKey : unsigned char { up, down };
inline bool imgui_key_pressed(NamedKey key) {
    const ImGuiKey name = key == NamedKey::up ? ImGuiKey_UpArrow : ImGuiKey_DownArrow;
#if IMGUI_VERSION_NUM >= 18700
    return ImGui::IsKeyPressed(name);
#else
    return ImGui::IsKeyPressed(ImGui::GetKeyIndex(name));
#endif
}

// Before 1.87, the backend takes the pointer's place and its buttons as they are when a draw begins: a click after which the
// pointer goes on at once would land elsewhere, and of two clicks within one draw one would be lost. So the changes wait here,
// and each draw gets one of them, with its place. Since 1.87, ImGui does this itself.
class PointerInput {
public:
#if IMGUI_VERSION_NUM >= 18700
    // `density`: pixels in a unit of the system, in which it tells the pointer's place.
    static void move(GLFWwindow* window, double x, double y, float density) {
        ImGui_ImplGlfw_CursorPosCallback(window, x * density, y * density);
    }
    static void press(GLFWwindow* window, int button, int action, int mods) {
        ImGui_ImplGlfw_MouseButtonCallback(window, button, action, mods);
    }
    static void begin_draw(float /*density*/) {}
    static bool has_left() { return false; }
#else
    // glfwGetCursorPos would tell where the pointer is by now, not where it was at the click.
    void move(GLFWwindow* /*window*/, double x, double y, float density) {
        at_ = {static_cast<float>(x) * density, static_cast<float>(y) * density};
    }
    void press(GLFWwindow* /*window*/, int button, int action, int /*mods*/) {
        if (button >= 0 && button < ImGuiMouseButton_COUNT) {
            changes_.push_back({button, action != 0, at_});
        }
    }
    // Between the backend's new frame and ImGui's.
    void begin_draw(float density) {
        ImGuiIO& io = ImGui::GetIO();
        if (io.MousePos.x > -FLT_MAX) {
            io.MousePos = {io.MousePos.x * density, io.MousePos.y * density};
        }
        if (!changes_.empty()) {
            down_.at(static_cast<std::size_t>(changes_.front().button)) = changes_.front().down;
            io.MousePos = changes_.front().at;
            changes_.pop_front();
        }
        std::copy(down_.begin(), down_.end(), std::begin(io.MouseDown));
    }
    [[nodiscard]] bool has_left() const { return !changes_.empty(); }

private:
    struct Change {
        int button = 0;
        bool down = false;
        ImVec2 at;
    };
    ImVec2 at_;
    std::deque<Change> changes_;
    std::array<bool, ImGuiMouseButton_COUNT> down_{};
#endif
};

// Since 1.87, ImGui spreads the input of one frame over several, so it may need another frame without new input.
inline bool imgui_has_input_left() {
#if IMGUI_VERSION_NUM >= 18700
    return !ImGui::GetCurrentContext()->InputEventsQueue.empty();
#else
    return false;
#endif
}

}  // namespace procatlas
