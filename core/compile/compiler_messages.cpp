#include "core/compile/compiler_messages.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace procatlas {
namespace {

constexpr std::size_t text_max = 2000;  // bytes of one message
constexpr std::size_t source_max = 300;

std::string_view without_blanks(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    const auto last = text.find_last_not_of(" \t\r");
    return first == std::string_view::npos ? std::string_view() : text.substr(first, last - first + 1);
}

// Takes "12" and the colon behind it from the front of `rest`; 0: there is no number.
int take_number(std::string_view& rest) {
    int number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc() || end == rest.data() + rest.size() || *end != ':' || number <= 0) {
        return 0;
    }
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()) + 1);
    return number;
}

MessageKind take_kind(std::string_view& text) {
    constexpr std::array<std::pair<std::string_view, MessageKind>, 4> words{{{"error:", MessageKind::error},
                                                                             {"fatal error:", MessageKind::error},
                                                                             {"warning:", MessageKind::warning},
                                                                             {"note:", MessageKind::note}}};
    for (const auto& [word, kind] : words) {
        if (text.starts_with(word)) {
            text = without_blanks(text.substr(word.size()));
            return kind;
        }
    }
    return MessageKind::other;
}

// A file's name may contain colons itself: the first ":NUMBER:" ends it.
CompilerMessage message_of(std::string_view line) {
    CompilerMessage message;
    std::string_view text = line;
    for (std::size_t colon = line.find(':'); colon != std::string_view::npos; colon = line.find(':', colon + 1)) {
        std::string_view rest = line.substr(colon + 1);
        if (const int number = take_number(rest); number > 0 && colon > 0) {
            take_number(rest);  // the column
            message.file = line.substr(0, colon);
            message.line = number;
            text = rest;
            break;
        }
    }
    text = without_blanks(text);
    message.kind = take_kind(text);
    for (const std::string_view program : {"cc1: ", "cc1plus: ", "collect2: ", "clang: ", "gcc: ", "cc: ", "c++: "}) {
        if (message.line == 0 && text.starts_with(program)) {
            text.remove_prefix(program.size());
            message.kind = take_kind(text);
        }
    }
    message.text = text.substr(0, text_max);
    return message;
}

}  // namespace

std::vector<CompilerMessage> parse_compiler_messages(std::string_view output) {
    std::vector<CompilerMessage> messages;
    while (!output.empty() && messages.size() < compiler_messages_max) {
        const std::string_view line = output.substr(0, output.find('\n'));
        output.remove_prefix(std::min(output.size(), line.size() + 1));
        const bool repeats_source = line.starts_with(' ') || line.starts_with('\t');
        if (!repeats_source && !without_blanks(line).empty()) {
            messages.push_back(message_of(line));
        }
    }
    return messages;
}

void add_source_lines(std::vector<CompilerMessage>& messages, std::string_view file, std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        lines.push_back(text.substr(0, text.find('\n')));
        text.remove_prefix(std::min(text.size(), lines.back().size() + 1));
    }
    for (CompilerMessage& message : messages) {
        const auto place = static_cast<std::size_t>(message.line);
        if (message.file == file && place > 0 && place <= lines.size()) {
            message.source = without_blanks(lines[place - 1]).substr(0, source_max);
        }
    }
}

}  // namespace procatlas
