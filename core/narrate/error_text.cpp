#include "core/narrate/error_text.h"

#include <cstring>
#include <string_view>
#include <system_error>

namespace procatlas {
namespace {

// `family`: prefix of the message keys, because one number means different things to different calls.
std::string error_text(std::string_view family, int error, const Messages& words) {
    const char* name = ::strerrorname_np(error);
    if (name == nullptr) {
        return std::generic_category().message(error);
    }
    const std::string key = std::string(family) + "." + name;
    return std::string(name) + ": " + (words.has(key) ? std::string(words.text(key)) : std::generic_category().message(error));
}

}  // namespace

std::string exec_error_text(int error, const Messages& words) {
    return error_text("exec_error", error, words);
}

std::string memory_error_text(int error, const Messages& words) {
    return error_text("memory_error", error, words);
}

}  // namespace procatlas
