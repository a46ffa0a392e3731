#include "app/cli/manual_words.h"

#include <string_view>

namespace procatlas {
namespace {

// Parses "TEXT:{light,dark,print}", CLI11's description of CLI::IsMember.
std::vector<std::string> choices_in(std::string_view type) {
    std::vector<std::string> choices;
    const auto open = type.find('{');
    const auto close = type.find('}');
    if (open == type.npos || close == type.npos || close < open) {
        return choices;
    }
    std::string_view rest = type.substr(open + 1, close - open - 1);
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        choices.emplace_back(rest.substr(0, comma));
        rest.remove_prefix(comma == rest.npos ? rest.size() : comma + 1);
    }
    return choices;
}

ManualOption option_of(const CLI::Option& option) {
    ManualOption made;
    made.shorts = option.get_snames();
    made.longs = option.get_lnames();
    made.what = option.get_description();
    made.required = option.get_required();
    if (!option.nonpositional()) {
        made.positional = option.get_name(true);
    }
    if (option.get_items_expected_max() == 0) {
        return made;
    }
    const std::string type = option.get_type_name();
    made.choices = choices_in(type);
    made.value_name = !made.choices.empty()       ? "WORD"
                      : !made.positional.empty()  ? made.positional
                      : type.starts_with("TEXT")  ? "VALUE"
                      : type.starts_with("UINT")  ? "N"
                      : type.starts_with("FLOAT") ? "X"
                                                  : type;
    made.value = !made.choices.empty()       ? ManualOption::Value::choice
                 : made.value_name == "FILE" ? ManualOption::Value::file
                 : made.value_name == "NAME" ? ManualOption::Value::example
                                             : ManualOption::Value::other;
    return made;
}

ManualVerb verb_of(const CLI::App& app, std::string name) {
    ManualVerb verb{std::move(name), app.get_description(), {}};
    for (const CLI::Option* option : app.get_options()) {
        verb.options.push_back(option_of(*option));
    }
    return verb;
}

}  // namespace

std::vector<std::string> ManualOption::names() const {
    std::vector<std::string> names;
    for (const std::string& name : shorts) {
        names.push_back("-" + name);
    }
    for (const std::string& name : longs) {
        names.push_back("--" + name);
    }
    return names;
}

std::vector<ManualVerb> manual_verbs(const CLI::App& app) {
    std::vector<ManualVerb> verbs{verb_of(app, "")};
    for (const CLI::App* subcommand : app.get_subcommands([](const CLI::App*) { return true; })) {
        verbs.push_back(verb_of(*subcommand, subcommand->get_name()));
    }
    return verbs;
}

}  // namespace procatlas
