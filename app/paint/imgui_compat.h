// Dear ImGui as Debian has it: 1.86 (bookworm) to 1.90 (trixie). All that differs between them is here.
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

// Before 1.87 the backend asks GLFW for the pointer's position itself.
inline void imgui_cursor_moved([[maybe_unused]] GLFWwindow* window, [[maybe_unused]] double x, [[maybe_unused]] double y) {
#if IMGUI_VERSION_NUM >= 18700
    ImGui_ImplGlfw_CursorPosCallback(window, x, y);
#endif
}

// From 1.87 on what was typed or clicked within one frame is spread over several: there is more to do without any new event.
inline bool imgui_has_input_left() {
#if IMGUI_VERSION_NUM >= 18700
    return !ImGui::GetCurrentContext()->InputEventsQueue.empty();
#else
    return false;
#endif
}

}  // namespace procatlas
