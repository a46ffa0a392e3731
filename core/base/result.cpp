#include "core/base/result.h"

#include <system_error>

namespace procatlas {

Error system_error(std::string_view what, int code) {
    return {std::string(what) + ": " + std::generic_category().message(code), code};
}

}  // namespace procatlas
