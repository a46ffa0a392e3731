// Where events come from and commands go to. One thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/companion.h"
#include "core/base/result.h"
#include "core/model/command.h"
#include "core/model/observed_event.h"
#include "core/model/stop_points.h"

namespace procatlas {

class Observer {
public:
    Observer() = default;
    Observer(const Observer&) = delete;
    Observer& operator=(const Observer&) = delete;
    virtual ~Observer() = default;

    // Readable (poll(2)) when `receive` would return something or the observer has ended; -1: there is nothing to wait for.
    [[nodiscard]] virtual int descriptor() const = 0;

    // The events that have arrived, in order; never blocks. If the observer has died, the last event is a gap, and `ended` is
    // true.
    [[nodiscard]] virtual std::vector<ObservedEvent> receive() = 0;

    // No event will come any more.
    [[nodiscard]] virtual bool ended() const = 0;

    // Never blocks: what the observer does not take at once is sent later.
    virtual Result<void> send(const Command& command) = 0;

    // Where to hold processes from now on; nothing happens where no inside is read.
    virtual void set_stop_points(const StopPoints& /*points*/) {}
    // True once after a stop point has held a process, and with it all others.
    [[nodiscard]] virtual bool take_stop() { return false; }
    // The first line of the file from `line` on that has machine code; nullopt: none, or not known.
    [[nodiscard]] virtual std::optional<std::uint32_t> line_with_code(const std::string& /*file*/,
                                                                      std::uint32_t /*line*/) const {
        return std::nullopt;
    }

    // Ends the observer and every process under it, without its help. What it had told is received as ever; a gap event then
    // says `why`.
    virtual void end(const std::string& why) = 0;
};

// Starts `procatlas-observer` (found beside this program or in its libexec folder) and launches the command in it. The observer
// and every process that it has started end when the returned object or this process does, and when the observer stands still
// (watchdog.h).
// `where`: the machine to do that on, whose environment the launch has; null: this one.
[[nodiscard]] Result<std::unique_ptr<Observer>> start_observer(LaunchCommand launch, Companions* where = nullptr);

}  // namespace procatlas
