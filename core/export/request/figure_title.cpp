#include "core/export/request/figure_title.h"

#include "core/base/text.h"

namespace procatlas {

namespace {

std::string command_of(const World& world) {
    std::string text;
    if (!world.processes.empty()) {
        const Process& first = world.processes.front();
        for (const std::string& argument : first.arguments) {
            text += (text.empty() ? display_text(base_name(argument)) : " " + display_text(argument));
        }
        if (text.empty()) {
            text = display_text(base_name(first.program()));
        }
    }
    return text;
}

}  // namespace

std::string figure_title(const World& world, std::string_view chosen) {
    constexpr std::size_t most_characters = 1000;  // it may come from a stranger
    const std::string title = chosen.empty() ? command_of(world) : display_text(chosen);
    return title.empty() ? "procatlas" : first_characters(title, most_characters);
}

}  // namespace procatlas
