// Standard output for what `procatlas trace` tells. Nobody may ever read it, so writing never waits without watching the signals.
#pragma once

#include <string>
#include <string_view>

#include "app/cli/end_signals.h"

namespace procatlas {

class ResultOutput {
public:
    explicit ResultOutput(const EndSignals& signals);

    // Text to be written by `write_some` or `finish`.
    void put(std::string_view text);
    // Whether some text waits.
    [[nodiscard]] bool waiting() const { return !failed_ && at_ < text_.size(); }
    // So much waits that no more should be made.
    [[nodiscard]] bool full() const { return waiting() && text_.size() - at_ > limit; }
    // Call it when standard output can be written to (poll(2)).
    void write_some();
    // Writes all that waits. Gives up after two more Ctrl-C or one more other signal than had come by the first call.
    void finish();
    // Some of the text was not written.
    [[nodiscard]] bool failed() const { return failed_; }

private:
    static constexpr std::size_t limit = 1u << 20;

    [[nodiscard]] bool asked_to_end();

    const EndSignals& signals_;
    std::size_t piece_;  // bytes that are written without waiting if poll says that some can be
    std::string text_;
    std::size_t at_ = 0;
    int interrupts_ = -1;  // when `finish` was called first
    int requests_ = 0;
    bool failed_ = false;
};

}  // namespace procatlas
