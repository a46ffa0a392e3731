#include "core/observe/linux/trace/output_ledger.h"

#include <algorithm>
#include <utility>

namespace procatlas {
namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::size_t ledger_room = std::size_t{4} << 20;
constexpr std::size_t tab_width = 8;

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// The end of what a run of blanks with `tabs` tabs in it has become, from `at` on: itself, or spaces alone (TAB3).
std::size_t end_of_blanks(std::string_view shown, std::size_t at, std::string_view raw, std::size_t tabs) {
    if (shown.substr(at).starts_with(raw)) {
        return at + raw.size();
    }
    const std::size_t most = raw.size() + (tab_width - 1) * tabs;
    const std::size_t spaces = std::min(shown.find_first_not_of(' ', at), shown.size()) - at;
    return spaces >= raw.size() ? at + std::min(spaces, most) : npos;
}

// One character that is neither a tab nor a space beside one (ONLCR, OCRNL, ONOCR, OLCUC).
std::size_t end_of_character(std::string_view shown, std::size_t at, char raw) {
    const char here = at < shown.size() ? shown[at] : '\0';
    const bool ends = at >= shown.size();
    if (raw == '\n' && !ends && here == '\r' && at + 1 < shown.size() && shown[at + 1] == '\n') {
        return at + 2;
    }
    if (raw == '\r') {
        return !ends && (here == '\r' || here == '\n') ? at + 1 : at;  // at the beginning of a line it may be left out
    }
    const bool capital = raw >= 'a' && raw <= 'z' && here == static_cast<char>(raw - 'a' + 'A');
    return !ends && (here == raw || capital) ? at + 1 : npos;
}

// What the terminal echoes of a typed character: itself, "^C", or a newline as two bytes.
std::size_t end_of_echo(std::string_view shown, std::size_t at, char typed) {
    if (typed == '\r' || typed == '\n') {
        return end_of_character(shown, at, '\n');
    }
    if (is_control(typed) && typed != '\t') {
        const bool caret = at + 1 < shown.size() && shown[at] == '^' && shown[at + 1] == static_cast<char>(typed ^ 0x40);
        return caret ? at + 2 : npos;
    }
    return at < shown.size() && shown[at] == typed ? at + 1 : npos;
}

// Over `count` written bytes of any kind.
std::size_t end_of_unknown(std::string_view shown, std::size_t at, std::uint64_t count) {
    for (; count > 0 && at < shown.size(); --count) {
        at += shown[at] == '\r' && at + 1 < shown.size() && shown[at + 1] == '\n' ? 2 : 1;
    }
    return at;
}

}  // namespace

std::size_t end_of_shown(std::string_view shown, std::size_t at, std::string_view raw) {
    for (std::size_t i = 0; i < raw.size() && at != npos;) {
        const std::size_t blanks = std::min(raw.find_first_not_of(" \t", i), raw.size()) - i;
        const auto tabs = static_cast<std::size_t>(std::ranges::count(raw.substr(i, blanks), '\t'));
        if (tabs > 0) {
            at = end_of_blanks(shown, at, raw.substr(i, blanks), tabs);
            i += blanks;
        } else {
            at = end_of_character(shown, at, raw[i]);
            ++i;
        }
    }
    return at;
}

void OutputLedger::arrived(std::string_view bytes) {
    const std::size_t room = ledger_room - std::min(ledger_room, unexplained_.size());
    unexplained_ += bytes.substr(0, room);
    lost_ += bytes.size() - std::min(room, bytes.size());
}

void OutputLedger::typed(std::string_view bytes) {
    constexpr std::size_t enough = 4096;
    echo_ += bytes;
    echo_.erase(0, echo_.size() - std::min(echo_.size(), enough));
}

OutputLedger::Explained OutputLedger::explain(std::string_view raw, std::uint64_t more) {
    // Most often it is all that there is. A text that nearly repeats itself must not be compared without end.
    constexpr std::size_t most_places = 4096;
    std::size_t tries = 0;
    for (std::size_t at = 0; at < unexplained_.size() && tries < most_places; ++at) {
        const bool may_begin = raw.empty() || is_blank(raw.front()) || raw.front() == '\r' ||
                               end_of_character(unexplained_, at, raw.front()) != npos;
        if (!may_begin) {
            continue;
        }
        ++tries;
        std::size_t end = end_of_shown(unexplained_, at, raw);
        if (end != npos && end > at) {
            end = end_of_unknown(unexplained_, end, more);
            unexplained_.erase(at, end - at);
            lost_ = more > 0 ? 0 : lost_;
            return {true, at};
        }
    }
    return {};
}

std::string OutputLedger::take_written(std::uint64_t size) {
    std::string raw;
    for (std::size_t at = 0; at < unexplained_.size(); ++at) {
        const bool newline = unexplained_[at] == '\r' && at + 1 < unexplained_.size() && unexplained_[at + 1] == '\n';
        raw += newline ? unexplained_[++at] : unexplained_[at];
    }
    if (size == 0 || (raw.size() != size && unexplained_.size() != size)) {
        return {};
    }
    raw = raw.size() == size ? raw : unexplained_;
    unexplained_.clear();
    return raw;
}

std::string OutputLedger::take(std::size_t size) {
    const std::string bytes = unexplained_.substr(0, size);
    unexplained_.erase(0, size);
    std::string rest;
    for (std::size_t at = 0; at < bytes.size();) {
        std::size_t end = npos;
        for (std::size_t i = 0; i < echo_.size() && end == npos; ++i) {
            end = end_of_echo(bytes, at, echo_[i]);
            if (end != npos) {
                echo_.erase(0, i + 1);
            } else if (!is_control(echo_[i])) {
                break;  // only those are ever taken without an echo
            }
        }
        if (end == npos) {
            rest += bytes[at++];
        } else {
            at = end;
        }
    }
    return rest;
}

std::uint64_t OutputLedger::take_lost() {
    return std::exchange(lost_, 0);
}

}  // namespace procatlas
