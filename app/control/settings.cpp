#include "app/control/settings.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

namespace procatlas {

namespace fs = std::filesystem;

namespace {

std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view() : std::string_view(value);
}

Settings first_settings() {
    Settings settings;
    settings.language = language_of_environment();
    return settings;
}

void take(const nlohmann::json& object, const char* key, int least, int most, int& value) {
    if (const auto found = object.find(key); found != object.end() && found->is_number_integer()) {
        value = static_cast<int>(std::clamp<std::int64_t>(found->get<std::int64_t>(), least, most));
    }
}

constexpr std::array<std::pair<const char*, float Shares::*>, 5> share_names{{{"left", &Shares::left},
                                                                              {"right", &Shares::right},
                                                                              {"source", &Shares::source},
                                                                              {"tree", &Shares::tree},
                                                                              {"timeline", &Shares::timeline}}};

void take_shares(const nlohmann::json& object, Shares& shares) {
    const auto found = object.find("shares");
    if (found == object.end() || !found->is_object()) {
        return;
    }
    for (const auto& [name, share] : share_names) {
        if (const auto value = found->find(name); value != found->end() && value->is_number()) {
            shares.*share = std::clamp(value->get<float>(), share_min, share_max);
        }
    }
}

nlohmann::json shares_json(const Shares& shares) {
    nlohmann::json object;
    for (const auto& [name, share] : share_names) {
        object[name] = shares.*share;
    }
    return object;
}

std::vector<RecentCommand> recent_in(const nlohmann::json& object) {
    constexpr std::size_t longest = 4095;  // what a field of the window takes
    std::vector<RecentCommand> recent;
    const auto found = object.find("recent");
    if (found == object.end() || !found->is_array()) {
        return recent;
    }
    for (const nlohmann::json& row : *found) {
        const auto text = [&](const char* key) {
            const auto member = row.is_object() ? row.find(key) : row.end();
            return row.is_object() && member != row.end() && member->is_string() ? member->get<std::string>() : std::string();
        };
        RecentCommand command{text("file"), text("line"), row.is_object() && row.value("shell", nlohmann::json()) == true};
        const bool fits = command.file.size() <= longest && command.line.size() <= longest;
        if (recent.size() < recent_max && fits && !(command.file.empty() && command.line.empty())) {
            recent.push_back(std::move(command));
        }
    }
    return recent;
}

constexpr std::size_t longest_lesson_name = 200;
constexpr int most_steps = 1000;

void take_lessons(const nlohmann::json& object, Settings& settings) {
    const auto found = object.find("lessons");
    if (found == object.end() || !found->is_object()) {
        return;
    }
    for (const auto& [name, row] : found->items()) {
        if (settings.lessons.size() >= lessons_max || name.size() > longest_lesson_name || !row.is_object()) {
            continue;
        }
        LessonProgress progress;
        take(row, "step", 0, most_steps, progress.step);
        take(row, "steps", 0, most_steps, progress.steps);
        settings.lessons.emplace(name, progress);
    }
    if (const auto last = object.find("last_lesson"); last != object.end() && last->is_string()) {
        settings.last_lesson = last->get<std::string>().substr(0, longest_lesson_name);
    }
}

nlohmann::json json_of(const std::map<std::string, LessonProgress>& lessons) {
    nlohmann::json object = nlohmann::json::object();
    for (const auto& [name, progress] : lessons) {
        object[name] = {{"step", progress.step}, {"steps", progress.steps}};
    }
    return object;
}

nlohmann::json json_of(const std::vector<RecentCommand>& recent) {
    auto rows = nlohmann::json::array();
    for (const RecentCommand& command : recent) {
        rows.push_back({{"file", command.file}, {"line", command.line}, {"shell", command.through_shell}});
    }
    return rows;
}

}  // namespace

void remember_command(Settings& settings, RecentCommand command) {
    std::erase(settings.recent, command);
    settings.recent.insert(settings.recent.begin(), std::move(command));
    settings.recent.resize(std::min(settings.recent.size(), recent_max));
}

std::string language_of_environment() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        if (const std::string_view value = variable(name); !value.empty()) {
            return value.starts_with("ko") ? "ko" : "en";
        }
    }
    return "en";
}

fs::path settings_file() {
    const std::string_view config = variable("XDG_CONFIG_HOME");
    const fs::path folder = config.starts_with('/') ? fs::path(config) : fs::path(variable("HOME")) / ".config";
    return folder / "procatlas" / "settings.json";
}

Result<Settings> parse_settings(std::string_view json) {
    const auto object = nlohmann::json::parse(json, nullptr, false);
    if (!object.is_object()) {
        return fail("it is not a JSON object");
    }
    Settings settings = first_settings();
    if (const auto found = object.find("language"); found != object.end() && (*found == "en" || *found == "ko")) {
        settings.language = found->get<std::string>();
    }
    if (const auto found = object.find("dark"); found != object.end() && found->is_boolean()) {
        settings.dark = found->get<bool>();
    }
    if (const auto found = object.find("transitions"); found != object.end() && found->is_boolean()) {
        settings.transitions = found->get<bool>();
    }
    take(object, "zoom", zoom_min, zoom_max, settings.zoom);
    take(object, "width", window_width_min, 16384, settings.width);
    take(object, "height", window_height_min, 16384, settings.height);
    take(object, "delay_ms", 0, delay_max_ms, settings.delay_ms);
    take_shares(object, settings.shares);
    settings.recent = recent_in(object);
    take_lessons(object, settings);
    return settings;
}

Result<Settings> read_settings(const fs::path& file) {
    std::error_code error;
    if (!fs::exists(file, error)) {
        return first_settings();
    }
    std::ifstream stream(file, std::ios::binary);
    const std::string json(std::istreambuf_iterator<char>(stream), {});
    return stream ? parse_settings(json) : fail("it cannot be read");
}

Result<void> write_settings(const fs::path& file, const Settings& settings) {
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    const fs::path beside = file.string() + "." + std::to_string(::getpid());
    const nlohmann::json object = {{"language", settings.language},
                                   {"dark", settings.dark},
                                   {"zoom", settings.zoom},
                                   {"width", settings.width},
                                   {"height", settings.height},
                                   {"delay_ms", settings.delay_ms},
                                   {"transitions", settings.transitions},
                                   {"shares", shares_json(settings.shares)},
                                   {"recent", json_of(settings.recent)},
                                   {"lessons", json_of(settings.lessons)},
                                   {"last_lesson", settings.last_lesson}};
    std::ofstream stream(beside, std::ios::binary);
    fs::permissions(beside, fs::perms::owner_read | fs::perms::owner_write, error);  // commands may be private
    stream << object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    stream.close();
    if (!stream) {
        fs::remove(beside, error);
        return fail("cannot write " + beside.string());
    }
    fs::rename(beside, file, error);
    if (error) {
        return std::unexpected(system_error("cannot write " + file.string(), error.value()));
    }
    return {};
}

}  // namespace procatlas
