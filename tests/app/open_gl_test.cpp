#include "app/window/open_gl.h"

#include <doctest/doctest.h>

#include <string_view>

using namespace procatlas;

namespace {

const GLubyte* GLAD_API_PTR version_text(GLenum /*what*/) {
    return reinterpret_cast<const GLubyte*>("3.3 made up");
}

void GLAD_API_PTR count_extensions(GLenum /*what*/, GLint* count) {
    *count = 2;
}

const GLubyte* GLAD_API_PTR no_name(GLenum /*what*/, GLuint /*index*/) {
    return nullptr;
}

GLADapiproc made_up_driver(const char* name) {
    const std::string_view wanted = name;
    return wanted == "glGetString"     ? reinterpret_cast<GLADapiproc>(version_text)
           : wanted == "glGetIntegerv" ? reinterpret_cast<GLADapiproc>(count_extensions)
           : wanted == "glGetStringi"  ? reinterpret_cast<GLADapiproc>(no_name)
                                       : nullptr;
}

GLADapiproc no_driver(const char* /*name*/) {
    return nullptr;
}

}  // namespace

TEST_CASE("a driver that counts an extension and does not name it does no harm") {
    CHECK(load_open_gl(made_up_driver));
    CHECK(!load_open_gl(no_driver));
}
