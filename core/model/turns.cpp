#include "core/model/turns.h"

#include <algorithm>

namespace procatlas {
namespace {

bool signals_to(const Standing& one, const Standing& other) {
    return std::ranges::find(one.signalled, other.process.pid) != one.signalled.end();
}

bool meet(const Touch& one, const Touch& other) {
    const bool commute = one.mode == other.mode && one.mode != TouchMode::change;
    return !commute && (one.thing == other.thing || one.thing == anything || other.thing == anything);
}

}  // namespace

std::string_view turn_act_name(TurnAct act) {
    switch (act) {
        case TurnAct::writes:
            return "writes";
        case TurnAct::reads:
            return "reads";
        case TurnAct::opens:
            return "opens";
        case TurnAct::names:
            return "names";
        case TurnAct::closes:
            return "closes";
        case TurnAct::waits:
            return "waits";
        case TurnAct::signals:
            return "signals";
        case TurnAct::takes_signal:
            return "takes_signal";
        case TurnAct::handles:
            return "handles";
        case TurnAct::sleeps:
            return "sleeps";
        case TurnAct::asks_parent:
            return "asks_parent";
        case TurnAct::locks:
            return "locks";
        case TurnAct::communicates:
            return "communicates";
        case TurnAct::exits:
            return "exits";
        case TurnAct::calls:
            return "calls";
    }
    return "";
}

// A signal arrives before the next act of its receiver, whichever that is, so its place among all of them matters.
bool depend(const Standing& one, const Standing& other) {
    return signals_to(one, other) || signals_to(other, one) || std::ranges::any_of(one.touches, [&](const Touch& touch) {
               return std::ranges::any_of(other.touches, [&](const Touch& its) { return meet(touch, its); });
           });
}

}  // namespace procatlas
