// Answers as a shared run gives them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/serve/http_server.h"
#include "core/serve/live_scenes.h"

namespace procatlas {

inline constexpr std::string_view json_type = "application/json";

// A status without a body.
inline HttpAnswer just(int status) {
    return {.status = status};
}

inline HttpAnswer json_answer(std::string json) {
    return {.type = json_type, .body = std::make_shared<const std::string>(std::move(json))};
}

inline HttpAnswer compressed_answer(const Body& body, bool takes_gzip) {
    return takes_gzip ? HttpAnswer{.type = json_type, .body = body, .gzip = true} : json_answer(uncompressed(*body));
}

}  // namespace procatlas
