// All that a small program of several processes can print, by trying every order of its acts: independent of procatlas, to
// compare its exploration with.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace procatlas::live {

// All that the acts of a model read and change.
struct ModelState {
    std::string output;
    std::map<std::string, int> numbers;        // files, and what a process has read; "ended C1": it has
    std::map<std::string, std::string> texts;  // pipes
    std::map<std::string, std::size_t> next;   // of each living process, its next act

    auto operator<=>(const ModelState&) const = default;
};

enum class Did { went_on, waits, ends };
// One act of a process: it does all of it or waits.
using ModelAct = std::function<Did(ModelState&)>;
// The acts of each process, by name; P runs from the start.
using Model = std::map<std::string, std::vector<ModelAct>>;

inline ModelAct print(const std::string& text) {
    return [text](ModelState& state) {
        state.output += text + "\n";
        return Did::went_on;
    };
}
inline ModelAct make(const std::string& child) {
    return [child](ModelState& state) {
        state.next[child] = 0;
        return Did::went_on;
    };
}
inline ModelAct wait_for(const std::string& child) {
    return [child](ModelState& state) { return state.numbers.contains("ended " + child) ? Did::went_on : Did::waits; };
}

// The outputs of all orders; "(stuck)" behind one after which nobody can go on.
inline std::set<std::string> outputs_of(const Model& model) {
    std::set<std::string> outputs;
    std::set<ModelState> seen;
    std::vector<ModelState> todo(1);
    todo.front().next["P"] = 0;
    while (!todo.empty()) {
        const ModelState state = std::move(todo.back());
        todo.pop_back();
        if (!seen.insert(state).second) {
            continue;
        }
        bool somebody_goes = false;
        for (const auto& [who, at] : state.next) {
            ModelState after = state;
            const auto& acts = model.at(who);
            const Did did = at < acts.size() ? acts[at](after) : Did::ends;
            if (did == Did::waits) {
                continue;
            }
            somebody_goes = true;
            if (did == Did::ends) {
                after.next.erase(who);
                after.numbers["ended " + who] = 1;
            } else {
                ++after.next[who];
            }
            todo.push_back(std::move(after));
        }
        if (!somebody_goes) {
            outputs.insert(state.output + (state.next.empty() ? "" : "(stuck)"));
        }
    }
    return outputs;
}

}  // namespace procatlas::live
