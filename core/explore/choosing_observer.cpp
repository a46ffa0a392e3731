#include "core/explore/choosing_observer.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace procatlas {
namespace {
constexpr std::size_t most_turns = 2000;  // a program of a lesson takes less than a hundred
}

std::vector<ObservedEvent> ChoosingObserver::receive() {
    std::vector<ObservedEvent> events = observer_->receive();
    std::erase_if(events, [this](const ObservedEvent& event) { return !take(event); });
    return events;
}

bool ChoosingObserver::take(const ObservedEvent& event) {
    if (std::holds_alternative<StartEvent>(event.detail)) {
        names_.begin(event.process.pid, launcher_execs_);
    } else if (std::holds_alternative<ExecEvent>(event.detail)) {
        names_.executes(event.process.pid);
    } else if (const auto* fork = std::get_if<ForkEvent>(&event.detail)) {
        const std::string parent = names_.of(event.process.pid);
        chooser_.born(names_.born(event.process.pid, fork->child.pid), parent);
    } else if (const auto* note = std::get_if<NoteEvent>(&event.detail); note && note->code == NoteCode::turns_limit) {
        taken_.stuck |= note->text == turns_limit::stuck;
        taken_.busy |= note->text == turns_limit::busy;
        taken_.limits.push_back(note->text);
        if (taken_.stuck || taken_.busy) {
            std::ignore = observer_->send(StopAllCommand{});
        }
    } else if (event.turns && event.turns->asks) {
        answer(*event.turns);
        return false;
    } else if (event.turns && !event.turns->standing.empty()) {
        const auto why = std::exchange(chosen_, false) ? Chooser::Why::chosen : Chooser::Why::alone;
        if (!chooser_.goes(contender(event.turns->standing.front()), why)) {
            give_up();
        }
        taken_.busy |= ++turns_ > most_turns;
        if (turns_ == most_turns + 1) {
            std::ignore = observer_->send(StopAllCommand{});
        }
    }
    return true;
}

void ChoosingObserver::give_up() {
    taken_.given_up = true;
    std::ignore = observer_->send(StopAllCommand{});
    std::ignore = observer_->send(StopAllCommand{});  // the second one kills
}

void ChoosingObserver::answer(const Turns& turns) {
    if (taken_.given_up || taken_.busy || taken_.stuck) {
        return;
    }
    name_threads(turns);
    std::vector<Contender> standing;
    for (const Standing& one : turns.standing) {
        standing.push_back(contender(one));
    }
    std::ranges::sort(standing, {}, &Contender::who);
    const auto chosen = chooser_.choose(standing);
    if (!chosen || *chosen >= standing.size()) {
        give_up();
        return;
    }
    taken_.choices.push_back(standing[*chosen].who);
    chosen_ = true;
    std::ignore = observer_->send(TurnCommand{standing[*chosen].standing.thread});
}

// The kernel gives numbers in ascending order, so this is the order in which they were made.
void ChoosingObserver::name_threads(const Turns& turns) {
    std::vector<const Standing*> further;
    for (const Standing& one : turns.standing) {
        if (one.thread != one.process.pid) {
            further.push_back(&one);
        }
    }
    std::ranges::sort(further, {}, &Standing::thread);
    for (const Standing* one : further) {
        std::ignore = contender(*one);
    }
}

Contender ChoosingObserver::contender(const Standing& standing) {
    std::string who = names_.of(standing.process.pid);
    if (standing.thread != standing.process.pid) {
        auto [name, fresh] = thread_names_.try_emplace(standing.thread);
        if (fresh) {
            name->second = fmt::format("{}.T{}", who, ++threads_of_[standing.process.pid]);  // as RunNames calls it
            taken_.threads.push_back(name->second);
        }
        who = name->second;
    }
    Contender one{std::move(who), standing};
    one.standing.object = names_.in_text(standing.object, -1);
    return one;
}

}  // namespace procatlas
