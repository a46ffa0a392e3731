// An observer that plays events it was given instead of watching a program: for tests, benchmarks and pictures.
#pragma once

#include <memory>
#include <vector>

#include "core/base/unique_fd.h"
#include "core/observe/observer.h"

namespace procatlas {

class ScriptedObserver final : public Observer {
public:
    enum class Afterwards {
        ends,
        stays,  // and takes commands, as where all processes are held
    };
    // `batch`: how many events each `receive` gives; 0: all at once.
    explicit ScriptedObserver(std::vector<ObservedEvent> events, std::size_t batch = 0,
                              Afterwards afterwards = Afterwards::ends);

    [[nodiscard]] int descriptor() const override { return ready_.get(); }
    [[nodiscard]] std::vector<ObservedEvent> receive() override;
    [[nodiscard]] bool ended() const override { return afterwards_ == Afterwards::ends && played(); }
    Result<void> send(const Command& command) override;
    void end(const std::string& why) override;

    // What was sent, in order.
    [[nodiscard]] const std::vector<Command>& commands() const { return commands_; }

private:
    [[nodiscard]] bool played() const { return next_ == events_.size(); }

    std::vector<ObservedEvent> events_;
    std::size_t batch_;
    Afterwards afterwards_;
    std::size_t next_ = 0;
    UniqueFd ready_;  // readable while events are left
    std::vector<Command> commands_;
};

}  // namespace procatlas
