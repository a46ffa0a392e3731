// Who may look at a shared run, and who may drive it. A person shows a secret (in the fragment of a link, which browsers do not
// send) or the class code, and gets a token of their own for the requests that follow. Tokens travel in a header and not in a
// cookie: no other page and no other port of the same machine can have a browser send it. One thread only.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <unordered_map>

namespace procatlas {

enum class Rights : std::uint8_t {
    look,   // see all, change nothing
    drive,  // and run, hold, step, type, choose what is shown
};

// 128 random bits of the kernel's, as 32 hex digits.
[[nodiscard]] std::string random_secret();
// Six random digits.
[[nodiscard]] std::string random_code();
// Takes the same time wherever the texts differ.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b);

// A person who came in.
struct Visitor {
    Rights rights = Rights::look;
    std::string secret;        // the token is "NUMBER.SECRET"
    std::uint64_t stream = 0;  // the connection that the person follows the run on; 0: none, so not here at present
    bool came = false;         // followed the run once
    std::string name{};        // as they call themselves, where they are asked; empty: they gave none
};

class Access {
public:
    using Clock = std::chrono::steady_clock;
    using Number = std::uint64_t;

    static constexpr std::size_t most_visitors = 2000;
    // Wrong codes a minute: of one address, and of all.
    static constexpr int most_wrong_of_one = 10;
    static constexpr int most_wrong_of_all = 60;
    // After so many wrong codes there is a new one, so a guess succeeds once in ten thousand codes.
    static constexpr int most_wrong_of_code = 100;

    [[nodiscard]] const std::string& look_secret() const { return look_; }
    [[nodiscard]] const std::string& drive_secret() const { return drive_; }
    // Leads to `look`.
    [[nodiscard]] const std::string& class_code() const { return code_; }

    // The token of a new visitor. Error: the status of the answer: 403 (wrong), 429 (too many were wrong: later), 503 (no
    // room).
    [[nodiscard]] std::expected<std::string, int> enter_by_secret(std::string_view secret);
    [[nodiscard]] std::expected<std::string, int> enter_by_code(std::string_view code, const std::string& address,
                                                                Clock::time_point now);

    // 0: nobody has this token.
    [[nodiscard]] Number number_of(std::string_view token) const;
    // Null: has been forgotten to make room.
    [[nodiscard]] Visitor* find(Number number);
    [[nodiscard]] const Visitor* find(Number number) const;
    // Those who follow the run now.
    [[nodiscard]] std::size_t present() const;
    [[nodiscard]] const std::unordered_map<Number, Visitor>& visitors() const { return visitors_; }

private:
    [[nodiscard]] std::expected<std::string, int> admit(Rights rights);
    void count_wrong(const std::string& address);

    std::string look_ = random_secret();
    std::string drive_ = random_secret();
    std::string code_ = random_code();
    int wrong_of_code_ = 0;
    Clock::time_point minute_;  // when counting began
    int wrong_of_all_ = 0;
    std::unordered_map<std::string, int> wrong_of_;
    std::unordered_map<Number, Visitor> visitors_;
    Number next_ = 1;
};

}  // namespace procatlas
