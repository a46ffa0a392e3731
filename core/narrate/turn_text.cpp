#include "core/narrate/turn_text.h"

#include <fmt/format.h>

#include "core/base/text.h"

namespace procatlas {

std::string turn_act_text(std::string_view act_and_object, const Messages& words) {
    const std::size_t space = act_and_object.find(' ');
    const std::string act(act_and_object.substr(0, space));
    const std::string object = space == std::string_view::npos ? "" : display_text(act_and_object.substr(space + 1));
    const std::string key = fmt::format("turn.{}{}", act, object.empty() ? "" : "_object");
    if (!words.has(key)) {
        return display_text(act_and_object);
    }
    if (object == "terminal") {
        return words.format(key, words.text("turn.terminal"));
    }
    constexpr std::string_view pipe = "pipe:";
    return words.format(key, object.starts_with(pipe) ? words.format("turn.pipe", object.substr(pipe.size())) : object);
}

std::string turns_limit_text(std::string_view limit, const Messages& words) {
    const std::string key = fmt::format("turns_limit.{}", limit);
    return words.has(key) ? std::string(words.text(key)) : display_text(limit);
}

}  // namespace procatlas
