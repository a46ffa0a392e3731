// Starting ssh(1) so that it connects us with the relay on another machine, and what it says meanwhile.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/child_program.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace procatlas {

struct FarOptions {
    std::string machine;         // [USER@]MACHINE, as ssh takes it
    std::string procatlas = {};  // its path there; empty: it is in the PATH there
};

// The words that start the relay there. The program of PROCATLAS_SSH takes the place of ssh(1): it gets a machine and a
// command, and connects the command's standard input and output with its own. The command is one word, for the shell there.
[[nodiscard]] std::vector<std::string> relay_command(const FarOptions& options);

// ssh's own words.
class SshWords {
public:
    void add(std::string_view bytes);
    // The last of them, safe to show, in one line.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool have(std::string_view words) const { return words_.find(words) != words_.npos; }

private:
    std::string words_;
};

// ssh, and the two descriptors that lead to it.
struct Ssh {
    ChildProgram program;
    UniqueFd connection;  // its standard input and output
    UniqueFd complaints;  // its standard error
};

// Error: there is no such program, or it cannot be started. Neither descriptor makes a reader or writer wait.
[[nodiscard]] Result<Ssh> start_ssh(const FarOptions& options);
// Lets it restore the terminal first: it does not echo while ssh asks for a password. Waits some seconds at most.
void end_ssh(ChildProgram& program);
// Appends what is there to read. False: nothing more will come.
[[nodiscard]] bool read_some(int descriptor, std::string& text);

}  // namespace procatlas
