#include "app/cli/manual.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

#include "app/cli/command_line.h"
#include "app/cli/manual_words.h"

namespace procatlas {
namespace {

struct Row {
    std::string_view name;
    std::string_view what;
};

constexpr std::array environment{
    Row{"PROCATLAS_ASSETS", "another folder of the interface's words than the installed one"},
    Row{"PROCATLAS_SSH", "the program that reaches other machines in place of ssh: it gets -T -- MACHINE COMMAND"},
    Row{"XDG_STATE_HOME", "where recordings are kept, ~/.local/state if not set"},
    Row{"XDG_CONFIG_HOME", "where the window's settings are kept, ~/.config if not set"},
    Row{"LC_ALL, LC_MESSAGES, LANG", "the first that is set chooses Korean or English"},
};

constexpr std::array files{
    Row{"~/.local/state/procatlas/recordings", "the last 20 runs, a file each"},
};

// Escapes what roff would interpret. A hyphen must stay an ASCII hyphen, so that users can copy commands.
std::string roff(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\') {
            out += "\\e";
        } else if (c == '-') {
            out += "\\-";
        } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
            out += fmt::format("\\&{}", c);
        } else {
            out += c;
        }
    }
    return out;
}

std::string entry(std::string_view head, std::string_view what) {
    return fmt::format(".TP\n{}\n{}\n", head, roff(what));
}

bool is_help(const ManualOption& option) {
    return std::ranges::find(option.longs, "help") != option.longs.end();
}

std::string option_entry(const ManualOption& option) {
    std::string head;
    for (const std::string& name : option.names()) {
        head += fmt::format("{}\\fB{}\\fR", head.empty() ? "" : ", ", roff(name));
    }
    if (option.value != ManualOption::Value::none) {
        head += fmt::format("{}\\fI{}\\fR", head.empty() ? "" : " ", roff(option.value_name));
    }
    std::string what = option.what;
    if (!option.choices.empty() && what.find(option.choices.back()) == std::string::npos) {
        what += fmt::format(": {}", fmt::join(option.choices, ", "));
    }
    return entry(head, what);
}

std::string rows(std::string_view title, std::span<const Row> table) {
    std::string text = fmt::format(".SH {}\n", title);
    for (const Row& row : table) {
        text += entry(fmt::format("\\fB{}\\fR", roff(row.name)), row.what);
    }
    return text;
}

std::string synopsis() {
    std::string text = ".SH SYNOPSIS\n.nf\n";
    for (const Usage& usage : usages()) {
        text += fmt::format("\\fBprocatlas\\fR {}\n", roff(usage.arguments));
    }
    return text + ".fi\n";
}

}  // namespace

std::string manual_page(const CLI::App& app) {
    std::string text = ".\\\" Written by procatlas-manual while building, from the table that --help is written from.\n";
    text += fmt::format(".TH PROCATLAS 1 \"\" \"procatlas {}\" \"User Commands\"\n", PROCATLAS_VERSION);
    text += ".SH NAME\nprocatlas \\- show the memory and the family of processes, live\n" + synopsis();
    const auto verbs = manual_verbs(app);
    text += fmt::format(".SH DESCRIPTION\n{}\n", roff(verbs.front().what));
    text += ".SH OPTIONS\n";
    for (const ManualOption& option : verbs.front().options) {
        text += option_entry(option);
    }
    text += ".SH COMMANDS\n";
    for (const ManualVerb& verb : std::span(verbs).subspan(1)) {
        text += fmt::format(".SS {}\n{}\n", roff(verb.name), roff(verb.what));
        for (const ManualOption& option : verb.options) {
            text += is_help(option) ? "" : option_entry(option);  // all commands have it
        }
    }
    text += ".SH EXIT STATUS\n";
    for (const ExitStatus& status : exit_statuses()) {
        text += entry(fmt::format("\\fB{}\\fR", status.status), status.what);
    }
    return text + rows("ENVIRONMENT", environment) + rows("FILES", files) + ".SH SEE ALSO\n.BR ptrace (2),\n.BR proc (5)\n";
}

}  // namespace procatlas
