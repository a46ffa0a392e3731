#include "app/cli/parse_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <iterator>
#include <memory>
#include <span>
#include <utility>

#include "app/cli/exit_status.h"
#include "app/cli/terminal_text.h"
#include "app/control/asset_folder.h"
#include "core/base/text.h"
#include "core/compile/source_program.h"
#include "core/narrate/messages.h"
#include "core/narrate/reasons.h"

namespace procatlas {
namespace {

// Whether the word after this one is its value: "-o FILE".
bool takes_value(const CLI::App& app, const std::string& word) {
    const CLI::Option* option = app.get_option_no_throw(word);
    return word.starts_with('-') && option != nullptr && option->get_items_expected_max() > 0;
}

// "mine.c 1 2", "trace --json mine.py": where the name of a source stands, from which on all words are the program's. The end:
// there is none.
std::vector<std::string>::iterator find_source(const CLI::App& app, std::vector<std::string>& words) {
    const CLI::App* at = &app;
    for (auto word = words.begin(); word != words.end(); ++word) {
        if (word->starts_with('-')) {
            word += takes_value(*at, *word) && std::next(word) != words.end() ? 1 : 0;
        } else if (at == &app && (*word == "trace" || *word == "serve" || *word == "explore")) {
            at = app.get_subcommand(*word);
        } else {
            return source_language_of(*word) ? word : words.end();
        }
    }
    return words.end();
}

}  // namespace

std::string asked_language(const std::vector<std::string>& words, std::string_view otherwise) {
    constexpr std::string_view option = "--language";
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        const std::string_view value = word == option && i + 1 < words.size()        ? words[i + 1]
                                       : word.starts_with(std::string(option) + "=") ? word.substr(option.size() + 1)
                                                                                     : std::string_view();
        if (value == "en" || value == "ko") {
            return std::string(value);
        }
    }
    return std::string(otherwise);
}

std::string usage_error_text(std::string_view wrong, std::string_view language) {
    const auto read = read_messages(asset_folder() / "locale" / (std::string(language) + ".json"));
    const Messages words = read ? *read : Messages();
    return fmt::format("{}\n{}\n", usage_text(display_text(wrong), words),
                       usage_text("Run with --help for more information.", words));
}

std::optional<int> parse_command_line(int argc, char** argv, Typed& typed) {
    const std::span<char*> all(argv, static_cast<std::size_t>(argc));
    const auto dashes = std::ranges::find(all, std::string_view("--"));
    std::vector<std::string> ours(argc > 0 ? all.begin() + 1 : all.end(), dashes);
    if (dashes != all.end()) {
        typed.command.emplace(std::next(dashes), all.end());
    }
    const auto app = define_command_line(typed);
    if (const auto source = find_source(*app, ours); source != ours.end()) {
        std::vector<std::string> command(source, ours.end());
        if (typed.command) {  // a "--" among the program's own words
            command.insert(command.end(), dashes, all.end());
        }
        typed.command = std::move(command);
        ours.erase(source, ours.end());
    }
    const std::string language = asked_language(ours, typed.language);
    std::ranges::reverse(ours);  // CLI11 wants vectors in reverse order
    try {
        app->parse(ours);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {  // help, or the version
            (void)app->exit(error);
            return exit_done;
        }
        fmt::print(stderr, "{}", terminal_text(usage_error_text(error.what(), language)));
        const bool traces = all.size() > 1 && all[1] == std::string_view("trace");
        return traces ? exit_trace_failed : exit_usage;
    }
    return std::nullopt;
}

}  // namespace procatlas
