// What a compiler or linker says of a program, taken apart: GCC's and clang's form "file:line:column: error: text". Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace procatlas {

enum class MessageKind {
    error,
    warning,
    note,   // belongs to the message before it
    other,  // said without such a word: a linker's line, "In function 'main':", a message in another language
};

struct CompilerMessage {
    MessageKind kind = MessageKind::other;
    std::string file;  // as the compiler names it; empty: it names none
    int line = 0;      // from 1; 0: none
    std::string text;
    std::string source;  // the line itself, without the blanks before it; empty: not read

    bool operator==(const CompilerMessage&) const = default;
};

inline constexpr std::size_t compiler_messages_max = 200;

// At most `compiler_messages_max`. Lines that only repeat the source (with a caret below) are left out. The text is as it came:
// make it safe before it is shown.
[[nodiscard]] std::vector<CompilerMessage> parse_compiler_messages(std::string_view output);

// Gives each message of `file` its line, out of the file's `text`.
void add_source_lines(std::vector<CompilerMessage>& messages, std::string_view file, std::string_view text);

}  // namespace procatlas
