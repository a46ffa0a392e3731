// What a person who may drive a shared run can ask for, from their browser. As it arrives it is a stranger's text. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace procatlas {

namespace share {

struct Run {};
struct Hold {};
struct Step {
    std::int32_t pid = 0;  // 0: all that are held
};
struct Again {};  // starts the same program once more
struct Stop {};   // ends all its processes
struct TypeText {
    std::string bytes;  // UTF-8, into the program's terminal
};
struct Show {
    std::optional<std::size_t> moment;  // to everybody who follows; nullopt: always the last
};
struct StartExample {
    std::string name;
};
struct StartCommand {
    std::vector<std::string> words;
};

}  // namespace share

using ShareCommand = std::variant<share::Run, share::Hold, share::Step, share::Again, share::Stop, share::TypeText, share::Show,
                                  share::StartExample, share::StartCommand>;

// {"do": "step", "pid": 0}. nullopt: not one.
[[nodiscard]] std::optional<ShareCommand> parse_share_command(std::string_view json);

// {"secret": "..."} or {"code": "..."}. nullopt: neither.
struct EntryWords {
    std::string secret;
    std::string code;
};
[[nodiscard]] std::optional<EntryWords> parse_entry(std::string_view json);

// {"question": "...", "answer": "..."}. nullopt: not one, or longer than an answer is.
struct Vote {
    std::string question;
    std::string answer;  // not empty
};
[[nodiscard]] std::optional<Vote> parse_vote(std::string_view json);

}  // namespace procatlas
