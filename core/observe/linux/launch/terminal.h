// The terminal that the traced programs run on: a pty whose controlling process is the observer, so that the first program is
// an ordinary job of a session, as it would be under a shell, and its end hangs nobody up.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace procatlas {

class Terminal {
public:
    // Becomes the leader of a new session, if it is not yet, and takes the terminal as its own. For a single-threaded process.
    [[nodiscard]] static Result<Terminal> open(std::uint16_t rows, std::uint16_t columns);

    [[nodiscard]] int master() const { return master_.get(); }  // non-blocking
    [[nodiscard]] int slave() const { return slave_.get(); }
    [[nodiscard]] const std::string& slave_path() const { return slave_path_; }  // as /proc/PID/fd tells it

    // Reads away what the programs wrote, for the kernel stops them while its buffer is full, and appends it to `out`. All that
    // was written before the call is there.
    void drain(std::string& out);
    // Whether it shows what is typed (termios(3), ECHO).
    [[nodiscard]] bool echoes() const;
    // Whether it makes two bytes of a newline (OPOST, ONLCR).
    [[nodiscard]] bool expands_newlines() const;

    // Types `bytes`; what the terminal cannot take yet is kept for the next call.
    void type(std::string_view bytes);
    [[nodiscard]] bool wants_to_write() const { return !pending_input_.empty(); }

private:
    UniqueFd master_;
    UniqueFd slave_;
    std::string slave_path_;
    std::string pending_input_;
};

}  // namespace procatlas
