// Text that is given in pieces while it is made, so that a long one need not be in memory as a whole.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace procatlas {

// Returns false if it wants no more.
using TakeText = std::function<bool(std::string_view)>;

// Gathers lines, and gives them when there are many: each piece ends with a line. Whoever uses it calls `finish` at the end,
// for what is left: giving may need memory that there is not.
class TextPieces {
public:
    explicit TextPieces(const TakeText& take) : take_(take) {}
    explicit TextPieces(TakeText&&) = delete;  // it would be gone
    TextPieces(const TextPieces&) = delete;
    TextPieces& operator=(const TextPieces&) = delete;

    TextPieces& operator+=(std::string_view text) {
        text_ += text;
        if (text_.size() >= piece && text_.ends_with('\n')) {
            give();
        }
        return *this;
    }
    TextPieces& operator+=(char c) { return *this += std::string_view(&c, 1); }
    void finish() { give(); }
    // Whether there is anybody who wants more. What is added afterwards is dropped.
    [[nodiscard]] bool wanted() const { return wanted_; }

private:
    static constexpr std::size_t piece = 1u << 16;  // bytes

    void give() {
        wanted_ = wanted_ && (text_.empty() || take_(text_));
        text_.clear();
    }

    const TakeText& take_;
    std::string text_;
    bool wanted_ = true;
};

// All pieces as one text.
template <typename Give>
std::string gathered(Give give) {
    std::string text;
    give([&](std::string_view piece) {
        text += piece;
        return true;
    });
    return text;
}

}  // namespace procatlas
