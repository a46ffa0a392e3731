#include "app/window/gl_window.h"

#include <glad/gl.h>
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <cmath>

#include "app/control/settings.h"
#include "app/paint/imgui_compat.h"
#include "app/window/open_gl.h"

namespace procatlas {

namespace {

std::string last_glfw_error() {
    const char* text = nullptr;
    glfwGetError(&text);
    return text == nullptr ? "no reason given" : text;
}

}  // namespace

Result<std::unique_ptr<GlWindow>> GlWindow::open(const std::string& title, int width, int height) {
    if (glfwInit() == GLFW_FALSE) {
        return fail("cannot open a window: " + last_glfw_error());
    }
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
    GLFWwindow* window = glfwCreateWindow(width, height, title.c_str(), nullptr, nullptr);
    if (window == nullptr) {
        const std::string reason = last_glfw_error();
        glfwTerminate();
        return fail("cannot open a window with OpenGL 3.3: " + reason);
    }
    glfwMakeContextCurrent(window);
    if (!load_open_gl(glfwGetProcAddress)) {
        glfwDestroyWindow(window);
        glfwTerminate();
        return fail("cannot load OpenGL 3.3");
    }
    glfwSwapInterval(1);
    return std::unique_ptr<GlWindow>(new GlWindow(window));
}

GlWindow::GlWindow(GLFWwindow* window) : window_(window) {
    glfwSetWindowSizeLimits(window_, window_width_min, window_height_min, GLFW_DONT_CARE, GLFW_DONT_CARE);
    IMGUI_CHECKVERSION();
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.ConfigInputTextCursorBlink = false;  // a blinking cursor would need frames all the time
    glfwSetWindowUserPointer(window_, this);
    set_callbacks();
    ImGui_ImplGlfw_InitForOpenGL(window_, false);
    ImGui_ImplOpenGL3_Init("#version 330 core");
}

GlWindow::~GlWindow() {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext();
    glfwDestroyWindow(window_);
    glfwTerminate();
}

void GlWindow::set_callbacks() {
    static constexpr auto self = [](GLFWwindow* window) -> GlWindow& {
        auto& found = *static_cast<GlWindow*>(glfwGetWindowUserPointer(window));
        found.touched_ = true;
        return found;
    };
    glfwSetKeyCallback(window_, [](GLFWwindow* window, int key, int scancode, int action, int mods) {
        self(window).keyboard_.put({key, scancode, action, mods, 0});
    });
    glfwSetCharCallback(window_,
                        [](GLFWwindow* window, unsigned character) { self(window).keyboard_.put({.character = character}); });
    glfwSetWindowFocusCallback(window_, [](GLFWwindow* window, int focused) {
        self(window);
        ImGui_ImplGlfw_WindowFocusCallback(window, focused);
    });
    glfwSetCursorEnterCallback(window_, [](GLFWwindow* window, int entered) {
        self(window);
        ImGui_ImplGlfw_CursorEnterCallback(window, entered);
    });
    glfwSetCursorPosCallback(window_, [](GLFWwindow* window, double x, double y) {
        GlWindow& own = self(window);
        own.pointer_.move(window, x, y, own.density());
    });
    glfwSetMouseButtonCallback(window_, [](GLFWwindow* window, int button, int action, int mods) {
        self(window).pointer_.press(window, button, action, mods);
    });
    glfwSetScrollCallback(window_, [](GLFWwindow* window, double x, double y) {
        self(window);
        ImGui_ImplGlfw_ScrollCallback(window, x, y);
    });
    glfwSetDropCallback(
        window_, [](GLFWwindow* window, int count, const char** paths) { self(window).dropped_.assign(paths, paths + count); });
    glfwSetFramebufferSizeCallback(window_, [](GLFWwindow* window, int, int) { self(window); });
    glfwSetWindowRefreshCallback(window_, [](GLFWwindow* window) { self(window); });
    glfwSetWindowContentScaleCallback(window_, [](GLFWwindow* window, float, float) { self(window); });
}

bool GlWindow::should_close() const {
    return glfwWindowShouldClose(window_) != GLFW_FALSE;
}

float GlWindow::content_scale() const {
    float x = 1;
    float y = 1;
    glfwGetWindowContentScale(window_, &x, &y);
    return std::max(x, 1.0F);
}

std::pair<int, int> GlWindow::size() const {
    int width = 0;
    int height = 0;
    glfwGetWindowSize(window_, &width, &height);
    return {width, height};
}

std::pair<int, int> GlWindow::pixels() const {
    int width = 0;
    int height = 0;
    glfwGetFramebufferSize(window_, &width, &height);
    return {width, height};
}

// How many pixels one of the system's units is.
float GlWindow::density() const {
    const int width = size().first;
    return width > 0 ? static_cast<float>(pixels().first) / static_cast<float>(width) : 1;
}

bool GlWindow::touched() const {
    return touched_ || !keyboard_.empty() || pointer_.has_left() || imgui_has_input_left();
}

void GlWindow::wait(double seconds) {
    if (seconds < 0) {
        glfwWaitEvents();
    } else if (seconds > 0) {
        glfwWaitEventsTimeout(seconds);
    } else {
        glfwPollEvents();
    }
}

KeysGo GlWindow::keys_go() {
    const bool has_popup = ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
    return ImGui::GetIO().WantTextInput ? KeysGo::to_field : has_popup ? KeysGo::to_widgets : KeysGo::to_actions;
}

std::vector<KeyPress> GlWindow::begin_frame(bool keys_wait) {
    touched_ = false;
    std::vector<KeyPress> pressed;
    for (const KeyInput& input : keys_wait ? std::vector<KeyInput>() : keyboard_.take(keys_go())) {
        if (input.character != 0) {
            ImGui_ImplGlfw_CharCallback(window_, input.character);
            continue;
        }
        ImGui_ImplGlfw_KeyCallback(window_, input.key, input.scancode, input.action, input.mods);
        if (input.action != GLFW_RELEASE) {
            pressed.push_back({input.key, input.mods, input.action == GLFW_REPEAT});
        }
    }
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    // All is laid out in pixels, at the scale of the display: what ImGui enlarges itself would be enlarged twice.
    const auto [width, height] = pixels();
    ImGui::GetIO().DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
    ImGui::GetIO().DisplayFramebufferScale = {1, 1};
    pointer_.begin_draw(density());
    ImGui::NewFrame();
    return pressed;
}

void GlWindow::end_frame(Colour background) {
    ImGui::Render();
    const auto [width, height] = pixels();
    glViewport(0, 0, width, height);
    glClearColor(static_cast<float>(background.red) / 255, static_cast<float>(background.green) / 255,
                 static_cast<float>(background.blue) / 255, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    glfwSwapBuffers(window_);
    // A driver may give the first draw of another size a buffer of the old one.
    touched_ = touched_ || std::exchange(drawn_, {width, height}) != std::pair(width, height);
}

void GlWindow::drop_frame() {
    ImGui::EndFrame();
}

}  // namespace procatlas
