#include "app/control/search_items.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <utility>

#include "core/base/text.h"
#include "core/model/inside.h"
#include "core/narrate/family_names.h"
#include "core/narrate/program_name.h"

namespace procatlas {
namespace {

constexpr std::size_t most_events = 200'000;  // looked at for calls
constexpr std::size_t most_lines = 20'000;    // of output
constexpr std::size_t most_of_a_kind = 6;

std::string lower(std::string_view text) {
    std::string small(text);
    std::ranges::transform(small, small.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return small;
}

class Search {
public:
    Search(std::string_view typed, const SearchPlaces& places) : typed_(lower(typed)), p_(places) {}

    std::vector<SearchItem> run() {
        address();
        processes();
        actions();
        lessons();
        examples();
        running();
        calls();
        globals();
        output();
        std::ranges::stable_sort(found_, {}, &Found::rank);
        std::vector<SearchItem> items;
        for (Found& found : found_) {
            if (items.size() < most_found) {
                items.push_back(std::move(found.item));
            }
        }
        return items;
    }

private:
    struct Found {
        int rank = 0;
        SearchItem item;
    };

    // 0: it begins with what was typed; 1: it contains it; nullopt: neither.
    std::optional<int> rank_of(std::string_view text) const {
        const std::size_t at = lower(text).find(typed_);
        return at == std::string::npos ? std::nullopt : std::optional(at == 0 ? 0 : 1);
    }

    bool add(std::optional<int> rank, std::string text, std::string detail, Action action) {
        if (rank) {
            found_.push_back({*rank, {std::move(text), std::move(detail), std::move(action)}});
        }
        return rank.has_value();
    }

    std::string kind(std::string_view key, const std::string& more = {}) const {
        const std::string word(p_.words.text(key));
        return more.empty() ? word : word + " · " + more;
    }

    void address() {
        const std::string_view digits = std::string_view(typed_).starts_with("0x") ? std::string_view(typed_).substr(2) : "";
        Address address = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), address, 16);
        if (!digits.empty() && error == std::errc() && end == digits.data() + digits.size()) {
            add(-1, hex_address(address), kind("search.address"), action::AskAddress{address});
        }
    }

    // A PID of any process of the machine. Whether there is one, and may be followed, the observer says.
    void running() {
        std::int32_t pid = 0;
        const auto [end, error] = std::from_chars(typed_.data(), typed_.data() + typed_.size(), pid);
        if (typed_.empty() || error != std::errc() || end != typed_.data() + typed_.size() || pid <= 0) {
            return;
        }
        for (const auto& [approach, key] :
             {std::pair(Approach::attach, "search.attach"), std::pair(Approach::watch, "search.watch")}) {
            const std::string title = (approach == Approach::attach ? "attach " : "watch ") + typed_;
            add(2, p_.words.format(key, pid), kind("search.running"), action::Launch{launch_of_running(approach, pid), title});
        }
    }

    void actions() {
        for (const ActionRow& row : action_table()) {
            const bool nothing_typed = typed_.empty() && row.bar == Bar::none;
            if (nothing_typed || std::holds_alternative<action::OpenSearch>(row.action)) {
                continue;
            }
            const std::string_view name = row.label.empty() ? row.help : row.label;
            std::optional<int> rank;
            for (const Messages* words : {&p_.words, &p_.english, &p_.korean}) {
                for (const std::string_view key : {name, row.tip, row.help}) {
                    const auto here = key.empty() ? std::nullopt : rank_of(words->text(key));
                    rank = here && (!rank || *here < *rank) ? here : rank;
                }
            }
            add(rank, std::string(p_.words.text(name)), std::string(shortcut_of(row)), row.action);
        }
    }

    void lessons() {
        for (const LessonTitle& lesson : p_.lessons) {
            if (typed_.empty()) {
                return;
            }
            const auto rank = std::max({rank_of(lesson.english), rank_of(lesson.korean), rank_of(lesson.entry.name),
                                        rank_of(fmt::format("lesson {}", lesson.entry.number))});
            const bool korean = &p_.words == &p_.korean;
            add(rank, korean ? lesson.korean : lesson.english, kind("search.lesson", std::to_string(lesson.entry.number)),
                action::StartLesson{lesson.entry.number == 0 ? lesson.entry.folder.string()
                                                             : std::to_string(lesson.entry.number)});
        }
    }

    void examples() {
        for (const Example& example : p_.examples) {
            if (typed_.empty()) {
                return;
            }
            const bool korean = &p_.words == &p_.korean && !example.description_ko.empty();
            add(rank_of(example.name), example.name,
                kind("search.example", first_characters(korean ? example.description_ko : example.description, 60)),
                example_action(example));
        }
    }

    void processes() {
        for (std::size_t i = 0, told = 0; i < p_.world.processes.size() && told < most_of_a_kind; ++i) {
            const Process& process = p_.world.processes[i];
            const std::string name = names_[i] + " " + std::to_string(process.key.pid);
            const std::string program = program_name(process);
            auto rank = rank_of(name);
            rank = rank ? rank : rank_of(std::to_string(process.key.pid));
            rank = rank ? rank : rank_of(program);
            told += add(rank, name, kind("search.process", first_characters(program, 40)), action::SelectProcess{i}) ? 1 : 0;
        }
    }

    void calls() {
        if (typed_.empty()) {
            return;
        }
        std::set<std::string> told;
        const auto events = p_.run.recording().events();
        for (std::size_t i = 0; i < std::min(events.size(), most_events) && told.size() < most_of_a_kind; ++i) {
            const auto* call = std::get_if<CallEvent>(&events[i].detail);
            if (call && !told.contains(call->name) &&
                add(rank_of(call->name), first_characters(display_text(call->name), 60) + "()",
                    kind("search.call", std::to_string(i)), action::GoTo{i})) {
                told.insert(call->name);
            }
        }
    }

    void globals() {
        if (typed_.empty()) {
            return;
        }
        std::size_t told = 0;
        for (std::size_t i = 0; i < p_.world.processes.size() && told < most_of_a_kind; ++i) {
            const Process& process = p_.world.processes[i];
            if (!process.globals || !process.alive()) {
                continue;
            }
            for (const Variable& variable : *process.globals) {
                if (told >= most_of_a_kind) {
                    break;
                }
                const std::string name = first_characters(display_text(variable.name), 40);
                const std::string value = first_characters(display_text(variable.value), 40);
                told += add(rank_of(name), name + " = " + value, kind("search.variable", names_[i]), action::SelectProcess{i})
                            ? 1
                            : 0;
            }
        }
    }

    void output() {
        if (typed_.empty()) {
            return;
        }
        std::size_t told = 0;
        const auto& lines = p_.output.lines();
        for (std::size_t i = 0; i < std::min(lines.size(), most_lines) && told < most_of_a_kind; ++i) {
            if (lines[i].process >= p_.world.processes.size()) {
                continue;
            }
            const auto rank = rank_of(lines[i].text);
            told += add(rank ? std::optional(*rank + 1) : rank, first_characters(lines[i].text, 70),
                        kind("search.output", names_[lines[i].process]), action::SelectProcess{lines[i].process})
                        ? 1
                        : 0;
        }
    }

    std::string typed_;
    const SearchPlaces& p_;
    std::vector<std::string> names_ = family_names(p_.world);
    std::vector<Found> found_;
};

}  // namespace

std::vector<SearchItem> search_items(std::string_view typed, const SearchPlaces& places) {
    return Search(typed, places).run();
}

}  // namespace procatlas
