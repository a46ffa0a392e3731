#include "core/narrate/messages.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace procatlas {

std::string_view Messages::text(std::string_view key) const {
    const auto found = texts_.find(key);
    return found == texts_.end() ? key : std::string_view(found->second);
}

std::string_view Messages::text_of_one(std::string_view key) const {
    const std::string one = std::string(key) + ".one";
    return text(has(one) ? std::string_view(one) : key);
}

Result<Messages> parse_messages(std::string_view json) {
    const auto object = nlohmann::json::parse(json, nullptr, false);
    if (!object.is_object()) {
        return fail("the language file is not a JSON object");
    }
    Messages words;
    for (const auto& [key, value] : object.items()) {
        if (!value.is_string()) {
            return fail("the language file's \"" + key + "\" is not a string");
        }
        words.texts_.emplace(key, value.get<std::string>());
    }
    return words;
}

Result<Messages> read_messages(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return fail("cannot read the language file " + file.string());
    }
    return parse_messages(std::string(std::istreambuf_iterator<char>(stream), {}));
}

}  // namespace procatlas
