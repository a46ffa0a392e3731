// An observer whose questions of turns are answered by a chooser. Whoever receives its events sees the turns that were taken,
// and no questions. One thread only.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/explore/chooser.h"
#include "core/explore/outcome.h"
#include "core/observe/observer.h"

namespace procatlas {

// Why a run that took turns was ended before its processes had, and what its end is worth.
struct TurnsTaken {
    bool given_up = false;             // the chooser expects nothing new of it
    bool stuck = false;                // all waited for one another
    bool busy = false;                 // one computed for long, or there were too many turns
    std::vector<std::string> limits;   // what was not explored: of turns_limit
    std::vector<std::string> choices;  // the names of those who were chosen, where several might have gone
    std::vector<std::string> threads;  // the names of further threads
};

class ChoosingObserver final : public Observer {
public:
    // `chooser` and `taken` outlive it.
    ChoosingObserver(std::unique_ptr<Observer> observer, Chooser& chooser, TurnsTaken& taken, std::size_t launcher_execs)
        : observer_(std::move(observer)), chooser_(chooser), taken_(taken), launcher_execs_(launcher_execs) {}

    [[nodiscard]] int descriptor() const override { return observer_->descriptor(); }
    [[nodiscard]] std::vector<ObservedEvent> receive() override;
    [[nodiscard]] bool ended() const override { return observer_->ended(); }
    Result<void> send(const Command& command) override { return observer_->send(command); }
    void end(const std::string& why) override { observer_->end(why); }

private:
    // False: the event is not for whoever receives.
    bool take(const ObservedEvent& event);
    void answer(const Turns& turns);
    [[nodiscard]] Contender contender(const Standing& standing);
    void name_threads(const Turns& turns);
    void give_up();

    std::unique_ptr<Observer> observer_;
    Chooser& chooser_;
    TurnsTaken& taken_;
    std::size_t launcher_execs_;
    RunNames names_;
    std::map<std::int32_t, std::string> thread_names_;  // of further threads
    std::map<std::int32_t, std::size_t> threads_of_;    // how many of them a process has
    std::size_t turns_ = 0;
    bool chosen_ = false;  // the next turn is that of one who was chosen
};

}  // namespace procatlas
