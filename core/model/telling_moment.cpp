#include "core/model/telling_moment.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <variant>
#include <vector>

#include "core/model/inside.h"

namespace procatlas {
namespace {

// Frames of the program itself on the stack that was read at the event.
std::size_t depth_of(const Event& event) {
    const Stack* stack = event.inside ? event.inside->stack.get() : nullptr;
    return stack == nullptr ? 0 : static_cast<std::size_t>(std::ranges::count_if(stack->frames, &StackFrame::own));
}

// How many processes of the program, and threads in them, are alive.
class Living {
public:
    explicit Living(const Recording& recording) : recording_(recording), threads_(recording.last_world().processes.size()) {}

    void take(std::size_t moment) {
        if (const auto born = recording_.born_at(moment)) {
            set_threads(*born, 1);
        }
        const auto process = recording_.process_of(moment);
        const EventDetail& detail = recording_.events()[moment].detail;
        if (!process || threads_[*process] == 0) {
            return;
        }
        if (std::holds_alternative<ExitEvent>(detail) || std::holds_alternative<GoneEvent>(detail)) {
            set_threads(*process, 0);
        } else if (std::holds_alternative<ThreadEvent>(detail)) {
            set_threads(*process, threads_[*process] + 1);
        } else if (std::holds_alternative<ThreadExitEvent>(detail) && threads_[*process] > 1) {
            set_threads(*process, threads_[*process] - 1);
        } else if (std::holds_alternative<ExecEvent>(detail)) {
            set_threads(*process, 1);
        }
    }
    [[nodiscard]] std::size_t processes() const { return alive_; }
    [[nodiscard]] std::size_t threads() const { return all_threads_; }

private:
    void set_threads(std::size_t process, std::size_t count) {
        if (!recording_.last_world().is_of_launcher(process)) {
            alive_ += (count > 0 ? 1 : 0);
            alive_ -= (threads_[process] > 0 ? 1 : 0);
            all_threads_ += count;
            all_threads_ -= threads_[process];
            threads_[process] = count;
        }
    }

    const Recording& recording_;
    std::vector<std::size_t> threads_;  // alive, of each process; 0: it is not
    std::size_t alive_ = 0;
    std::size_t all_threads_ = 0;
};

}  // namespace

std::size_t telling_moment(const Recording& recording) {
    Living living(recording);
    std::tuple<std::size_t, std::size_t, std::size_t> most{1, 0, 0};
    std::size_t telling = recording.last_moment();
    for (std::size_t moment = 0; moment < recording.events().size(); ++moment) {
        living.take(moment);
        const std::tuple now{living.processes(), living.threads(), depth_of(recording.events()[moment])};
        if (moment >= recording.last_world().program_moment && now >= most) {
            most = now;
            telling = moment;
        }
    }
    return telling;
}

}  // namespace procatlas
