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
struct NextStep {};  // of the lesson
struct LastStep {};  // back to the one before
struct Reveal {};    // ends the vote: the run says what is right

}  // namespace share

using ShareCommand = std::variant<share::Run, share::Hold, share::Step, share::Again, share::Stop, share::TypeText, share::Show,
                                  share::StartExample, share::StartCommand, share::NextStep, share::LastStep, share::Reveal>;

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

// {"name": "..."}: how a person calls themselves, safe to show, without blanks around it; empty: they take it back. nullopt:
// not one, or longer than a name is.
[[nodiscard]] std::optional<std::string> parse_own_name(std::string_view json);

}  // namespace procatlas
