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
    if (process.vanished) {
        return std::string(words.text("state.vanished"));
    }
    if (process.kernel_thread) {
        return std::string(words.text("state.kernel"));
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

std::string state_in_family(const World& world, const Process& process, std::span<const std::string> names,
                            const Messages& words) {
    const bool waits = process.state == ProcessState::running && !process.exit;
    const std::int32_t child = process.waits_for != 0 ? process.waits_for : process.waits.child;
    const Process* found = waits && child != 0 ? world.find_pid(child) : nullptr;
    const auto index = static_cast<std::size_t>(found ? found - world.processes.data() : 0);
    return found && index < names.size() ? words.format("state.waits_for_name", names[index]) : state_text(process, words);
}

Living count_living(const World& world) {
    Living counted;
    for (const Process& process : world.processes) {
        const bool exits = process.exit && process.state == ProcessState::held;
        ++(process.alive() || exits ? counted.alive : process.state == ProcessState::zombie ? counted.zombies : counted.gone);
    }
    return counted;
}

std::string living_text(const World& world, const Messages& words) {
    const Living counted = count_living(world);
    std::string text = words.format("tree.alive", counted.alive);
    if (counted.zombies > 0) {
        text += " · " +
                (counted.zombies == 1 ? std::string(words.text("tree.zombie")) : words.format("tree.zombies", counted.zombies));
    }
    if (counted.gone > 0 || counted.zombies == 0) {
        text += " · " + words.format("tree.gone", counted.gone);
    }
    return text;
}

}  // namespace procatlas
