#include "core/serve/share_command.h"

#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/text.h"

namespace procatlas {

namespace {

using Json = nlohmann::json;

// nullopt: not JSON, or not an object.
std::optional<Json> parse_object(std::string_view text) {
    Json json = Json::parse(text, nullptr, false);
    return json.is_object() ? std::optional(std::move(json)) : std::nullopt;
}

std::optional<std::string> text_of(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? std::optional(found->get<std::string>()) : std::nullopt;
}

// A whole number that is not negative; JSON has no others that we take.
std::optional<std::uint64_t> number_of(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_number_unsigned() ? std::optional(found->get<std::uint64_t>()) : std::nullopt;
}

std::optional<ShareCommand> parse_step(const Json& json) {
    const auto pid = number_of(json, "pid");
    if (!pid || *pid > std::numeric_limits<std::int32_t>::max()) {
        return std::nullopt;
    }
    return share::Step{static_cast<std::int32_t>(*pid)};
}

std::optional<ShareCommand> parse_show(const Json& json) {
    const auto found = json.find("moment");
    if (found == json.end() || !(found->is_null() || found->is_number_unsigned())) {
        return std::nullopt;
    }
    return share::Show{found->is_null() ? std::nullopt : std::optional(found->get<std::size_t>())};
}

std::optional<ShareCommand> parse_start(const Json& json) {
    const auto words = json.find("command");
    if (words == json.end() || !words->is_array() || words->empty()) {
        return std::nullopt;
    }
    share::StartCommand start;
    for (const Json& word : *words) {
        if (!word.is_string() || word.get_ref<const std::string&>().contains('\0')) {
            return std::nullopt;
        }
        start.words.push_back(word.get<std::string>());
    }
    return start;
}

}  // namespace

std::optional<ShareCommand> parse_share_command(std::string_view text) {
    const auto json = parse_object(text);
    const auto name = json ? text_of(*json, "do") : std::nullopt;
    if (!name) {
        return std::nullopt;
    }
    if (*name == "run") {
        return share::Run{};
    }
    if (*name == "hold") {
        return share::Hold{};
    }
    if (*name == "again") {
        return share::Again{};
    }
    if (*name == "stop") {
        return share::Stop{};
    }
    if (*name == "next") {
        return share::NextStep{};
    }
    if (*name == "back") {
        return share::LastStep{};
    }
    if (*name == "reveal") {
        return share::Reveal{};
    }
    if (*name == "step") {
        return parse_step(*json);
    }
    if (*name == "show") {
        return parse_show(*json);
    }
    if (*name == "start") {
        return parse_start(*json);
    }
    if (*name == "type") {
        const auto bytes = text_of(*json, "text");
        return bytes ? std::optional<ShareCommand>(share::TypeText{*bytes}) : std::nullopt;
    }
    if (*name == "example") {
        const auto example = text_of(*json, "name");
        return example ? std::optional<ShareCommand>(share::StartExample{*example}) : std::nullopt;
    }
    return std::nullopt;
}

std::optional<EntryWords> parse_entry(std::string_view text) {
    const auto json = parse_object(text);
    if (!json) {
        return std::nullopt;
    }
    EntryWords entry{text_of(*json, "secret").value_or(""), text_of(*json, "code").value_or("")};
    return entry.secret.empty() == entry.code.empty() ? std::nullopt : std::optional(std::move(entry));
}

std::optional<Vote> parse_vote(std::string_view text) {
    constexpr std::size_t longest = 200;  // bytes of an answer
    const auto json = parse_object(text);
    const auto question = json ? text_of(*json, "question") : std::nullopt;
    const auto answer = json ? text_of(*json, "answer") : std::nullopt;
    if (!question || !answer || answer->empty() || answer->size() > longest) {
        return std::nullopt;
    }
    return Vote{*question, display_text(*answer)};
}

std::optional<std::string> parse_own_name(std::string_view text) {
    constexpr std::size_t longest = 200;  // bytes
    const auto json = parse_object(text);
    const auto name = json ? text_of(*json, "name") : std::nullopt;
    if (!name || name->size() > longest) {
        return std::nullopt;
    }
    const std::string shown = display_text(*name);
    const auto from = shown.find_first_not_of(' ');
    return from == std::string::npos ? std::string() : shown.substr(from, shown.find_last_not_of(' ') - from + 1);
}

}  // namespace procatlas
