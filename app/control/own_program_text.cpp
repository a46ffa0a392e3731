#include "app/control/own_program_text.h"

#include <algorithm>

#include "core/base/text.h"

namespace procatlas {

namespace {

std::string_view why_key(NotReady::Why why) {
    switch (why) {
        case NotReady::Why::unreadable:
            return "program.unreadable";
        case NotReady::Why::no_program:
            return "program.no_program";
        case NotReady::Why::no_compiler:
            return "program.no_compiler";
        case NotReady::Why::no_python:
            return "program.no_python";
        case NotReady::Why::no_place:
            return "program.no_place";
        case NotReady::Why::refused:
            return "program.refused";
        case NotReady::Why::too_slow:
            return "program.too_slow";
        case NotReady::Why::cancelled:
            return "program.cancelled";
        case NotReady::Why::failed:
            break;
    }
    return "program.failed";
}

std::string_view kind_key(MessageKind kind) {
    switch (kind) {
        case MessageKind::error:
            return "program.error";
        case MessageKind::warning:
            return "program.warning";
        case MessageKind::note:
            return "program.note";
        case MessageKind::other:
            break;
    }
    return {};
}

}  // namespace

std::string why_not_text(const SourceProgram& program, const NotReady& why, const Messages& words) {
    return words.format(why_key(why.why), display_text(program.file.filename().string()), display_text(why.detail));
}

std::string message_text(const CompilerMessage& message, const Messages& words) {
    std::string text;
    if (message.line > 0) {
        text = words.format("program.place", display_text(base_name(message.file)), message.line) + ": ";
    }
    if (const std::string_view kind = kind_key(message.kind); !kind.empty()) {
        text += std::string(words.text(kind)) + ": ";
    }
    return text + display_text(message.text);
}

std::string warnings_text(std::span<const CompilerMessage> messages, const Messages& words) {
    const auto first = std::ranges::find(messages, MessageKind::warning, &CompilerMessage::kind);
    const std::string text = message_text(first == messages.end() ? messages.front() : *first, words);
    const auto all = std::ranges::count(messages, MessageKind::warning, &CompilerMessage::kind);
    return all > 1 ? words.format("program.warned_more", text, all - 1) : words.format("program.warned", text);
}

}  // namespace procatlas
