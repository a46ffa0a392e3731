#include "core/export/picture/blanks.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "core/base/text.h"
#include "core/model/inside.h"

namespace procatlas {
namespace {

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

// A word of Korean may be followed by a particle; one of English, or a number, ends where its letters do.
bool stands_alone(std::string_view text, std::size_t at, std::size_t size) {
    const bool before = at > 0 && is_word(text[at - 1]) && is_word(text[at]);
    const bool after = at + size < text.size() && is_word(text[at + size]) && is_word(text[at + size - 1]);
    return !before && !after;
}

// "458 GiB", "458.5 MiB", "0.458 s", "458개": a number that says how much is none of a process.
bool is_measure(std::string_view text, std::size_t at, std::size_t size) {
    constexpr std::array<std::string_view, 15> units{"B",  "KiB", "MiB", "GiB",   "TiB",   "PiB",    "EiB",   "s",
                                                     "ms", "%",   "개",  "bytes", "pages", "페이지", "바이트"};
    const auto is_digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
    const std::size_t end = at + size;
    const bool begins_inside = at >= 2 && text[at - 1] == '.' && is_digit(at - 2);
    const bool goes_on = end < text.size() && text[end] == '.' && is_digit(end + 1);
    const std::size_t unit = end + (end < text.size() && text[end] == ' ' ? 1 : 0);
    return begins_inside || goes_on || std::ranges::any_of(units, [&](std::string_view one) {
               return text.substr(unit).starts_with(one) && stands_alone(text, unit, one.size());
           });
}

// How long the address is that begins here: "0x7ffd…", "7ffd0e9c1000" or "7ffd 0e9c 1000"; 0: none does.
std::size_t address_size(std::string_view text, std::size_t at) {
    const auto digits = [&](std::size_t from) {
        std::size_t end = from;
        while (end < text.size() && is_hex(text[end])) {
            ++end;
        }
        return end - from;
    };
    constexpr std::size_t least = 12;  // digits, as address_text writes
    constexpr std::size_t group = 4;
    const std::size_t prefix = text.substr(at).starts_with("0x") ? 2 : 0;
    std::size_t size = digits(at + prefix);
    if (prefix != 0 && size > group) {
        return prefix + size;
    }
    if (size >= 1 && size <= group) {
        std::size_t groups = 1;
        while (at + prefix + size < text.size() && text[at + prefix + size] == ' ' && digits(at + prefix + size + 1) == group) {
            size += 1 + group;
            ++groups;
        }
        return groups >= 3 ? prefix + size : 0;
    }
    return size >= least ? size : 0;
}

// How long the beginning of `text` is that fits the pattern; 0: none does.
std::size_t pattern_size(std::string_view text, std::string_view pattern) {
    const std::size_t hole = pattern.find("{}");
    if (hole == std::string_view::npos) {
        return text.starts_with(pattern) ? pattern.size() : 0;
    }
    if (!text.starts_with(pattern.substr(0, hole))) {
        return 0;
    }
    const std::string_view rest = pattern.substr(hole + 2);
    const std::size_t end = std::min(text.find(' ', hole), text.size());
    const std::size_t filled = rest.empty() ? end : text.find(rest, hole);
    return filled == std::string_view::npos || filled > end ? 0 : filled + rest.size();
}

// Numbers have a line of about their length. The length of a word would tell it.
std::string line_to_write_on(std::string_view what) {
    const bool number = !what.empty() && (is_hex(what.front()) || what.front() == '-');
    return std::string(number ? std::clamp<std::size_t>(what.size(), 6, 16) : 7, '_');
}

void add_words(const Messages& words, std::initializer_list<std::string_view> beginnings, std::vector<std::string>& found) {
    for (const auto& [key, text] : words.all()) {
        const bool wanted = std::ranges::any_of(beginnings, [&](std::string_view begin) { return key.starts_with(begin); });
        if (wanted && !text.starts_with("{}") && !text.starts_with("▸")) {
            found.push_back(text);
        }
    }
}

// Whether a label of this width ends at the right edge of the smallest box around it.
bool is_at_right(const Scene& scene, const SceneLabel& label, float width) {
    const SceneBox* around = nullptr;
    for (const SceneBox& box : scene.boxes) {
        if (box.box.contains(label.at) && (!around || box.box.width < around->box.width)) {
            around = &box;
        }
    }
    return around && around->box.right() - (label.at.x + width) < label.at.x - around->box.x;
}

void add_values(const std::vector<Variable>& variables, std::vector<std::string>& values) {
    for (const Variable& variable : variables) {
        values.push_back(display_text(variable.value));
    }
}

void add_values_of(const Process& process, std::vector<std::string>& values) {
    for (const ThreadState& thread : process.threads) {
        for (std::size_t i = 0; thread.stack && i < thread.stack->frames.size(); ++i) {
            add_values(thread.stack->frames[i]->variables, values);
        }
    }
    if (process.globals) {
        add_values(*process.globals, values);
    }
    for (std::size_t i = 0; process.objects && i < process.objects->size(); ++i) {
        values.push_back(display_text((*process.objects)[i].value));
    }
}

// The numbers of processes and threads, as the kernel gives them from one counter.
void add_numbers(const World& world, std::vector<std::string>& numbers) {
    constexpr std::int32_t of_the_system = 10;  // below it, a number in a text is more often a count than a PID
    for (const Process& process : world.processes) {
        numbers.push_back(std::to_string(process.key.pid));
        if (process.parent_pid >= of_the_system) {
            numbers.push_back(std::to_string(process.parent_pid));
        }
        for (const ThreadState& thread : process.threads) {
            numbers.push_back(std::to_string(thread.thread));
        }
        for (const EndedThread& thread : process.ended_threads) {
            numbers.push_back(std::to_string(thread.thread));
        }
    }
    for (const Ancestor& ancestor : world.ancestors) {
        if (ancestor.pid >= of_the_system) {
            numbers.push_back(std::to_string(ancestor.pid));
        }
    }
}

// "shared libr…", where there was no room for the whole of one of them.
bool begins_one_of(std::string_view text, const std::vector<std::string>& all) {
    constexpr std::string_view cut = "…";
    if (!text.ends_with(cut) || text.size() == cut.size()) {
        return false;
    }
    const std::string_view beginning = text.substr(0, text.size() - cut.size());
    return std::ranges::any_of(all, [&](const std::string& one) { return std::string_view(one).starts_with(beginning); });
}

}  // namespace

Blanks::Blanks(const Veils& veils, const MomentContext& context) : veils_(veils) {
    if (veils.kinds) {
        add_words(context.words, {"region.", "part."}, words_);
    }
    if (veils.kinds || veils.addresses) {  // which end is the higher one, and which way an area grows
        add_words(context.words,
                  {"stack.high", "stack.low", "memory.high", "memory.low", "memory.grows", "heap.low", "heap.grows"}, words_);
    }
    if (veils.states) {
        add_words(context.words, {"state.", "memory.zombie", "tree.orphan"}, words_);
    }
    if (veils.pids) {  // of those that are not born yet too: a timeline shows them
        add_numbers(context.recording.last_world(), numbers_);
        add_numbers(context.world, numbers_);
    }
    for (const Process& process : veils.values ? context.world.processes : std::vector<Process>()) {
        add_values_of(process, values_);
    }
    if (veils.values && context.moment > 0) {
        std::vector<std::string> before;
        for (const Process& process : context.recording.world_at(context.moment - 1).processes) {
            add_values_of(process, before);
        }
        for (std::string& value : before) {  // "was 5"
            words_.push_back(context.words.format("stack.was", value));
            values_.push_back(std::move(value));
        }
    }
    const auto longest_first = [](std::vector<std::string>& list) {
        std::erase_if(list, [](const std::string& word) { return word.empty(); });
        std::ranges::sort(list, [](const std::string& a, const std::string& b) {
            return std::pair(b.size(), std::string_view(a)) < std::pair(a.size(), std::string_view(b));
        });
        list.erase(std::ranges::unique(list).begin(), list.end());
    };
    longest_first(words_);
    longest_first(values_);
    longest_first(numbers_);
}

// The size of what is to be left out at `at`; 0: nothing.
std::size_t Blanks::match(std::string_view text, std::size_t at, bool whole_value) const {
    // What a program printed tells its values.
    constexpr std::string_view quote = "“";
    constexpr std::string_view unquote = "”";
    if (veils_.values && at >= quote.size() && text.substr(at - quote.size(), quote.size()) == quote) {
        if (const std::size_t end = text.find(unquote, at); end != std::string_view::npos && end > at) {
            return end - at;
        }
    }
    for (const std::string& word : words_) {
        if (const std::size_t size = pattern_size(text.substr(at), word); size != 0 && stands_alone(text, at, size)) {
            return size;
        }
    }
    for (const std::string& value : values_) {
        // A short value, as 5, is also a part of other texts.
        const bool all = at == 0 && value.size() == text.size();
        const bool is_value = all || text.substr(0, at).ends_with("= ") || text.substr(0, at).ends_with("→ ");
        if (text.substr(at).starts_with(value) && stands_alone(text, at, value.size()) &&
            (is_value || (whole_value && value.size() > 1))) {
            return value.size();
        }
    }
    return 0;
}

std::size_t Blanks::number_size(std::string_view text, std::size_t at) const {
    const auto is = [&](const std::string& number) {
        return text.substr(at).starts_with(number) && stands_alone(text, at, number.size()) &&
               !is_measure(text, at, number.size());
    };
    const auto found = std::ranges::find_if(numbers_, is);
    return found == numbers_.end() ? 0 : found->size();
}

std::string Blanks::blanked(std::string_view text, bool whole_value) const {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        // The value of a pointer to a string is an address and the string: values come first.
        std::size_t size = match(text, at, whole_value);
        const std::size_t address = size == 0 && (at == 0 || !is_word(text[at - 1])) ? address_size(text, at) : 0;
        if (address != 0 && !veils_.addresses) {  // no part of it is the number of a process
            out += text.substr(at, address);
            at += address;
            continue;
        }
        size = size != 0 ? size : address != 0 ? address : number_size(text, at);
        if (size != 0) {
            out += line_to_write_on(text.substr(at, size));
            at += size;
        } else {
            out += text[at++];
        }
    }
    return out;
}

std::string Blanks::text(std::string_view text) const {
    return blanked(text, true);
}

void Blanks::apply(Scene& scene, const TextMeasure& measure) const {
    const auto tells_kind = [](Role role) { return role >= Role::code; };
    for (SceneLabel& label : scene.labels) {
        // Where a layout of its own accord leaves something out, it says "?".
        const bool left_out = label.text == "?" || begins_one_of(label.text, words_) || begins_one_of(label.text, values_) ||
                              begins_one_of(label.text, numbers_);
        std::string text = label.quoted ? label.text : left_out ? line_to_write_on({}) : blanked(label.text, false);
        if (text != label.text) {
            const float before = measure.width(label.text, label.style);
            label.at.x -= is_at_right(scene, label, before) ? measure.width(text, label.style) - before : 0;
            label.text = std::move(text);
        }
        if (veils_.kinds && tells_kind(label.role)) {
            label.role = Role::text;
            label.on_fill = false;
        }
    }
    for (SceneBox& box : scene.boxes) {
        if (veils_.kinds && tells_kind(box.role)) {
            box.role = Role::card;
            box.outline = Role::frame;
            box.outlined = true;
        }
    }
}

}  // namespace procatlas
