// The other programs of procatlas that a run needs, as whoever uses one sees it: a socket to it, and its end. It runs here, or
// on another machine (core/far).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/identity.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace procatlas {

enum class CompanionKind : std::uint8_t { observer, reader };

struct CompanionStart {
    CompanionKind kind = CompanionKind::observer;
    int input = -1;                     // our descriptor that becomes its standard input, of the observer alone; -1: none
    std::vector<int> descriptors = {};  // ours above 2 that it has under the same number, of the observer alone
    std::string program = {};           // its path, where it runs here; empty: beside this program or in its libexec folder
    std::optional<Identity> identity = std::nullopt;  // whom a reader that runs here becomes first
};

// Its end ends the program. One thread at a time.
class Companion {
public:
    Companion() = default;
    Companion(const Companion&) = delete;
    Companion& operator=(const Companion&) = delete;
    virtual ~Companion() = default;

    // A stream socket whose other end the program has; readable to its end also after `kill`. It never changes.
    [[nodiscard]] virtual int socket() const = 0;
    // Its number here; nullopt: it runs on another machine. 0: it is gone.
    [[nodiscard]] virtual std::optional<pid_t> pid() const = 0;
    // Kills it and waits a moment for its end. False: the kernel does not let it go yet. On another machine it is done there,
    // and not waited for.
    virtual bool kill() = 0;
    // Whether it is gone; never waits.
    virtual bool gone() = 0;
    // How it ended, in words, once its socket has; waits at most a second for that. Empty: not known.
    [[nodiscard]] virtual std::string how_it_ended() = 0;
};

// What a program that is started on another machine finds there.
struct Surroundings {
    std::string machine = {};                   // as a person calls it
    std::vector<std::string> environment = {};  // NAME=value
    std::string python_hook_folder = {};        // python_hook.h; empty: there is none
    bool root = false;
    bool processor_watches = false;  // processor_watch.h
};

// Starts such programs.
class Companions {
public:
    Companions() = default;
    Companions(const Companions&) = delete;
    Companions& operator=(const Companions&) = delete;
    virtual ~Companions() = default;

    [[nodiscard]] virtual Result<std::unique_ptr<Companion>> start(const CompanionStart& start) = 0;
    [[nodiscard]] virtual const Surroundings& surroundings() const = 0;
};

// Starts one on this machine. Call it from a thread that lasts: the program ends with it (PR_SET_PDEATHSIG). Error: it is
// missing, or cannot be started.
[[nodiscard]] Result<std::unique_ptr<Companion>> start_companion_here(const CompanionStart& start);

}  // namespace procatlas
