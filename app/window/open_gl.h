// OpenGL's functions, as the driver has them.
#pragma once

#include <glad/gl.h>

namespace procatlas {

// Loads them by `from`, for the context that is current. False: the driver does not tell which version it has. Window thread
// only.
[[nodiscard]] bool load_open_gl(GLADloadfunc from);

}  // namespace procatlas
