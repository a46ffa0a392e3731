#include "core/narrate/process_state.h"

#include <csignal>
#include <cstring>
#include <string>

namespace procatlas {

std::string signal_text(int signal, const Messages& words) {
    if (const char* name = ::sigabbrev_np(signal)) {
        return std::string("SIG") + name;
    }
    return words.format("state.signal", signal);
}

std::string waiting_text(const WaitsEvent& waits, const Messages& words) {
    if (waits.what == WaitingFor::nothing) {
        return std::string(words.text("state.running"));
    }
    return waits.child != 0 ? words.format("state.waits_for", waits.child)
                            : std::string(words.text("state.waits_" + std::string(waiting_for_name(waits.what))));
}

std::string state_text(const Process& process, const Messages& words) {
    if (process.state == ProcessState::zombie) {
        return std::string(words.text("state.zombie"));
    }
    if (process.exit && process.state == ProcessState::held) {
        return std::string(words.text("state.held_at_exit"));
    }
    if (process.exit) {
        return process.exit->signal ? signal_text(*process.exit->signal, words)
                                    : words.format("state.exited", process.exit->code.value_or(0));
    }
    switch (process.state) {
        case ProcessState::held:
            return std::string(words.text("state.held"));
        case ProcessState::stopped:
            return std::string(words.text("state.stopped"));
        case ProcessState::running:
        case ProcessState::zombie:
        case ProcessState::gone:
            break;
    }
    return process.waits_for != 0 ? words.format("state.waits_for", process.waits_for) : waiting_text(process.waits, words);
}

}  // namespace procatlas
