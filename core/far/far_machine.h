// Another machine, reached by the system's own ssh: procatlas-relay there starts the observer and the readers of a run, and
// their bytes come over one connection (relay_message.h).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/companion.h"
#include "core/base/result.h"

namespace procatlas {

struct FarOptions {
    std::string machine;         // [USER@]MACHINE, as ssh takes it
    std::string procatlas = {};  // its path there; empty: it is in the PATH there
};

// The words that start the relay there. The program of PROCATLAS_SSH takes the place of ssh(1): it gets a machine and a
// command, and connects the command's standard input and output with its own. The command is one word, for the shell there.
[[nodiscard]] std::vector<std::string> relay_command(const FarOptions& options);

class FarMachine : public Companions {
public:
    // Blocks until the relay there has greeted; ssh may ask a person on the terminal for a password. A signal that ends
    // programs ends ssh first, and then this process. Error: why there is no connection, in a sentence; ssh's own words are in
    // it.
    [[nodiscard]] static Result<std::shared_ptr<FarMachine>> connect(const FarOptions& options);

    // Why the connection is no more; empty: it stands. Any thread.
    [[nodiscard]] virtual std::string lost() const = 0;
};

}  // namespace procatlas
