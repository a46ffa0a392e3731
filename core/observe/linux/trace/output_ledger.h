// The bytes that came out of the terminal, against the writes that are told: what no write explains stays, in its place. A terminal
// changes what it shows (termios(3): newlines, tabs, capitals), so a write is found by what the terminal may have made of it, not
// by its length. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace procatlas {

class OutputLedger {
public:
    // They have come out of the terminal.
    void arrived(std::string_view bytes);
    // Somebody types them: the terminal may echo them, which is nobody's output.
    void typed(std::string_view bytes);

    // A write of `raw`, and of `more` bytes after that which are not known, is over. Takes away what the terminal made of it.
    // Returns what came before it: it explains nothing else that is told yet. False in `found`: no such bytes have come.
    struct Explained {
        bool found = false;
        std::size_t before = 0;  // unexplained bytes in front of it, still here
    };
    Explained explain(std::string_view raw, std::uint64_t more = 0);
    // The `size` bytes that were written, where they and nothing else have come; empty: they have not. Takes them away.
    [[nodiscard]] std::string take_written(std::uint64_t size);
    // Takes the first `size` unexplained bytes, without echo. At most as many as there are.
    [[nodiscard]] std::string take(std::size_t size);

    [[nodiscard]] std::size_t size() const { return unexplained_.size(); }
    // Bytes that there was no room for since the last call.
    [[nodiscard]] std::uint64_t take_lost();

private:
    std::string unexplained_;
    std::string echo_;  // typed, and its echo was not seen yet
    std::uint64_t lost_ = 0;
};

// How far the terminal's bytes `shown` from `at` on are what it made of `raw`; npos: they are not.
[[nodiscard]] std::size_t end_of_shown(std::string_view shown, std::size_t at, std::string_view raw);

}  // namespace procatlas
