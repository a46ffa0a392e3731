// Lets a program that is held from its start go on until it is at its own code: its first events are the loader's, and where a
// launcher begins it (env, a python that is a script of pyenv), that one's and its helpers'.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "core/live/live_run.h"

namespace procatlas {

class OwnCodeSeeker {
public:
    // its_program: of a command, the program that the person named, behind its launcher; own_code: and there the first call or
    // line
    enum class Seeks { no, its_program, own_code };

    // A program has just been started, or is about to be.
    void begin(Seeks seeks);
    [[nodiscard]] bool seeks() const { return seeks_ != Seeks::no; }
    // When there are new events. It has found it at the first call or line that is told, or, where none is sought or can be
    // told, when the program has been started. Error: the program could not be let go on.
    Result<void> follow(LiveRun& run);

private:
    [[nodiscard]] bool is_found(const World& world, std::size_t moment, const EventDetail& detail, bool no_finer) const;
    Result<void> let_go_on(LiveRun& run, const Process& process);

    Seeks seeks_ = Seeks::no;
    std::size_t sought_ = 0;                          // events looked at for it
    std::map<std::int32_t, std::size_t> stepped_at_;  // of each process, the event after which it was let go on
};

}  // namespace procatlas
