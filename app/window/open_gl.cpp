#include "app/window/open_gl.h"

#include <string_view>

namespace procatlas {
namespace {

GLADloadfunc driver_loads = nullptr;
PFNGLGETSTRINGIPROC driver_names = nullptr;

// A driver may count an extension that it then does not name. Dear ImGui and GLFW know that, but glad measures every name.
const GLubyte* GLAD_API_PTR name_of_extension(GLenum what, GLuint index) {
    constexpr static GLubyte nameless = 0;
    const GLubyte* const name = driver_names(what, index);
    return name != nullptr ? name : &nameless;
}

GLADapiproc load_function(const char* name) {
    const GLADapiproc found = driver_loads(name);
    if (found == nullptr || std::string_view(name) != "glGetStringi") {
        return found;
    }
    driver_names = reinterpret_cast<PFNGLGETSTRINGIPROC>(found);
    return reinterpret_cast<GLADapiproc>(name_of_extension);
}

}  // namespace

bool load_open_gl(GLADloadfunc from) {
    driver_loads = from;
    return gladLoadGL(load_function) != 0;
}

}  // namespace procatlas
