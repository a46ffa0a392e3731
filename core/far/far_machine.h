// Another machine, reached by the system's own ssh: procatlas-relay there starts the observer and the readers of a run, and
// their bytes come over one connection (relay_message.h).
#pragma once

#include <memory>
#include <string>

#include "core/base/companion.h"
#include "core/base/result.h"
#include "core/far/ssh.h"

namespace procatlas {

class FarMachine : public Companions {
public:
    // Blocks until the relay there has greeted; ssh may ask a person on the terminal for a password. A signal that ends
    // programs ends ssh first, and then this process. Error: why there is no connection, in a sentence; ssh's own words are in
    // it.
    [[nodiscard]] static Result<std::shared_ptr<FarMachine>> connect(const FarOptions& options);

    // Why the connection is no more; empty: it stands. Starting an observer then connects anew, without waiting: where no
    // connection can be had, the observer ends and says why. Any thread.
    [[nodiscard]] virtual std::string lost() const = 0;
};

}  // namespace procatlas
