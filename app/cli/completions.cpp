#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/manual.h"
#include "app/cli/manual_words.h"

namespace procatlas {
namespace {

using Value = ManualOption::Value;

constexpr std::string_view written = "Written by procatlas-manual while building, from the table that --help is written from.";
constexpr std::string_view ask_examples = "procatlas examples 2>/dev/null | cut -d ' ' -f 1";

// Puts a backslash before each character of `which`.
std::string escaped(std::string_view text, std::string_view which) {
    std::string out;
    for (const char c : text) {
        if (which.contains(c)) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

// Quotes `text` in single quotes for bash and zsh.
std::string shell_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return out + "'";
}

std::vector<std::string> typed_names(const ManualVerb& verb) {
    std::vector<std::string> names;
    for (const ManualOption& option : verb.options) {
        std::ranges::copy(option.names(), std::back_inserter(names));
    }
    return names;
}

std::vector<std::string> subcommands(const std::vector<ManualVerb>& verbs) {
    std::vector<std::string> names;
    for (const ManualVerb& verb : verbs) {
        if (!verb.name.empty()) {
            names.push_back(verb.name);
        }
    }
    return names;
}

// The bash code that completes the value of an option.
std::string bash_value(const ManualOption& option) {
    switch (option.value) {
        case Value::choice:
            return fmt::format("_procatlas_words {}", shell_quoted(fmt::format("{}", fmt::join(option.choices, " "))));
        case Value::file:
            return "_procatlas_files";
        case Value::example:
            return fmt::format("_procatlas_words \"$({})\"", ask_examples);
        case Value::none:
        case Value::other:
            break;
    }
    return ":";
}

std::string zsh_value(const ManualOption& option) {
    switch (option.value) {
        case Value::choice:
            return fmt::format(":{}:({})", option.value_name, fmt::join(option.choices, " "));
        case Value::file:
            return fmt::format(":{}:_files", option.value_name);
        case Value::example:
            return fmt::format(":{}:_procatlas_examples", option.value_name);
        case Value::other:
            return fmt::format(":{}: ", option.value_name);
        case Value::none:
            break;
    }
    return "";
}

std::string zsh_arguments(const ManualVerb& verb) {
    std::string text = "_arguments -s";
    for (const ManualOption& option : verb.options) {
        for (const std::string& name : option.names()) {
            text +=
                " \\\n        " + shell_quoted(fmt::format("{}[{}]{}", name, escaped(option.what, "[]:"), zsh_value(option)));
        }
        if (!option.positional.empty()) {
            text += " \\\n        " + shell_quoted(zsh_value(option));
        }
    }
    return text;
}

std::string fish_quoted(std::string_view text) {
    return "'" + escaped(text, "\\'") + "'";
}

std::string fish_value(const ManualOption& option) {
    switch (option.value) {
        case Value::choice:
            return " -x -a " + fish_quoted(fmt::format("{}", fmt::join(option.choices, " ")));
        case Value::file:
            return " -r -F";
        case Value::example:
            return " -x -a " + fish_quoted(fmt::format("({})", ask_examples));
        case Value::other:
            return " -x";
        case Value::none:
            break;
    }
    return "";
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
    const auto verbs = manual_verbs(app);
    const auto names = subcommands(verbs);
    std::string values;
    std::string words;
    for (const ManualVerb& verb : verbs) {
        bool takes_file = false;
        for (const ManualOption& option : verb.options) {
            takes_file = takes_file || (!option.positional.empty() && option.value == Value::file);
            for (const std::string& name : option.names()) {
                if (option.value != Value::none) {
                    values += fmt::format("    {}:{}) {}; return ;;\n", verb.name, name, bash_value(option));
                }
            }
        }
        words +=
            fmt::format("    {}:*) _procatlas_words '{}{}{}'{} ;;\n", verb.name, fmt::join(typed_names(verb), " "),
                        verb.name.empty() ? " " : "", fmt::join(verb.name.empty() ? names : std::vector<std::string>(), " "),
                        takes_file ? "; [[ $word == -* ]] || _procatlas_files" : "");
    }
    std::string text = fmt::format("# {}\n", written);
    text += R"(_procatlas_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word"); }
_procatlas_files() { compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$word"); }
_procatlas() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} verb='' i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        --)
            if ((i + 1 == COMP_CWORD)); then
                mapfile -t COMPREPLY < <(compgen -c -- "$word")
            else
                _procatlas_files
            fi
            return
            ;;
)";
    text += fmt::format("        {}) verb=${{verb:-${{COMP_WORDS[i]}}}} ;;\n", fmt::join(names, " | "));
    text += "        esac\n    done\n    case $verb:$before in\n" + values + "    esac\n    case $verb:$word in\n" + words;
    return text + "    esac\n}\ncomplete -F _procatlas procatlas\n";
}

std::string zsh_completion(const CLI::App& app) {
    const auto verbs = manual_verbs(app);
    std::string described;
    std::string cases;
    for (const ManualVerb& verb : verbs) {
        if (!verb.name.empty()) {
            described += fmt::format("        {}\n", shell_quoted(verb.name + ":" + escaped(verb.what, ":")));
            cases += fmt::format("    {}) {} ;;\n", verb.name, zsh_arguments(verb));
        }
    }
    std::string text = fmt::format("#compdef procatlas\n# {}\n", written);
    text +=
        fmt::format("_procatlas_examples() {{\n    local -a names\n    names=(${{(f)\"$({})\"}})\n    compadd -a names\n}}\n",
                    ask_examples);
    text += R"(_procatlas() {
    local curcontext=$curcontext state line
    local -a verbs
    integer dashes=${words[(i)--]}
    if ((dashes < CURRENT)); then
        words=(${words[dashes + 1,-1]})
        ((CURRENT -= dashes))
        _normal
        return
    fi
    verbs=(
)";
    text += described + "    )\n    " + zsh_arguments(verbs.front()) + " \\\n        '1: :->verb' '*:: :->rest'\n";
    text +=
        "    case $state in\n    verb) _describe -t commands command verbs; return ;;\n    rest) ;;\n    *) return ;;\n    "
        "esac\n";
    return text + "    case $words[1] in\n" + cases + "    esac\n}\n_procatlas \"$@\"\n";
}

std::string fish_completion(const CLI::App& app) {
    std::string text = fmt::format("# {}\ncomplete -c procatlas -f\n", written);
    text += "complete -c procatlas -n 'contains -- -- (commandline -opc)' -F -a '(__fish_complete_command)'\n";
    for (const ManualVerb& verb : manual_verbs(app)) {
        const std::string when =
            verb.name.empty() ? "__fish_use_subcommand" : "'__fish_seen_subcommand_from " + verb.name + "'";
        if (!verb.name.empty()) {
            text +=
                fmt::format("complete -c procatlas -n __fish_use_subcommand -a {} -d {}\n", verb.name, fish_quoted(verb.what));
        }
        for (const ManualOption& option : verb.options) {
            std::string names;
            for (const std::string& name : option.shorts) {
                names += " -s " + name;
            }
            for (const std::string& name : option.longs) {
                names += " -l " + name;
            }
            if (!names.empty()) {
                text += fmt::format("complete -c procatlas -n {}{}{} -d {}\n", when, names, fish_value(option),
                                    fish_quoted(option.what));
            } else if (option.value == Value::file) {
                text += fmt::format("complete -c procatlas -n {} -F\n", when);
            }
        }
    }
    return text;
}

}  // namespace procatlas
