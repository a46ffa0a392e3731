// Supports Debian's versions of Dear ImGui: 1.86 (bookworm) to 1.90 (trixie). Their differences are all here.
#pragma once

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

// Before 1.87, the backend itself asks GLFW for the pointer's position.
inline void imgui_cursor_moved([[maybe_unused]] GLFWwindow* window, [[maybe_unused]] double x, [[maybe_unused]] double y) {
#if IMGUI_VERSION_NUM >= 18700
    ImGui_ImplGlfw_CursorPosCallback(window, x, y);
#endif
}

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

// Since 1.87, ImGui spreads the input of one frame over several, so it may need another frame without new input.
inline bool imgui_has_input_left() {
#if IMGUI_VERSION_NUM >= 18700
    return !ImGui::GetCurrentContext()->InputEventsQueue.empty();
#else
    return false;
#endif
}

}  // namespace procatlas
