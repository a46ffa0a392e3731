// An observer that adds the inside of the process to each event. It sits between the inner observer and the recording:
// procatlas-reader looks inside while the thread waits. It also sends the breakpoint plan for a program that has just started.
// One thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/base/unique_fd.h"
#include "core/inspect/client/reader_client.h"
#include "core/live/known_functions.h"
#include "core/live/program_learner.h"
#include "core/live/reading_patience.h"
#include "core/live/reading_ration.h"
#include "core/live/stop_watch.h"
#include "core/observe/observer.h"

namespace procatlas {

// Whether Python programs tell of themselves (python_hook.h).
enum class PythonHook : std::uint8_t {
    none,
    installed,
    with_interpreter,  // and the C frames of the interpreter are read below theirs
};

class InspectingObserver final : public Observer {
public:
    // `only` limits calls, lines and instructions to one function (its name) or one process (its number); empty: no limit.
    // `hook_folder`: where the hook is, on the machine of the programs. `where`: that machine; null: this one.
    InspectingObserver(std::unique_ptr<Observer> inner, std::string only, FollowedCode followed = FollowedCode::own,
                       PythonHook hook = PythonHook::none, std::string hook_folder = {},
                       std::shared_ptr<Companions> where = nullptr);

    [[nodiscard]] int descriptor() const override { return events_.get(); }
    [[nodiscard]] std::vector<ObservedEvent> receive() override;
    [[nodiscard]] bool ended() const override { return inner_->ended() && queue_.empty(); }
    Result<void> send(const Command& command) override { return inner_->send(command); }
    void set_stop_points(const StopPoints& points) override;
    [[nodiscard]] bool take_stop() override { return std::exchange(stopped_, false); }
    [[nodiscard]] std::optional<std::uint32_t> line_with_code(const std::string& file, std::uint32_t line) const override {
        return functions_.line_with_code(file, line);
    }
    void end(const std::string& why) override;

private:
    struct Queued {
        ObservedEvent event;
        std::size_t open = 0;  // questions that the reader has not answered yet
        std::uint64_t asked_ns = 0;
        Learnt learnt;
    };

    void take(ObservedEvent event);
    // What a Python program said of itself. False: the event is not to be told.
    bool take_message(ObservedEvent& event);
    void let_go(const ObservedEvent& event);
    void look_inside(Queued& queued);
    void pass_over(Queued& queued, const char* why);
    void ask(std::uint64_t number, ReaderRequest question);
    void answered(ReaderReply reply);
    void release(Queued& queued);
    // Has the processor watch what it can of the stops in this process.
    void watch(std::int32_t pid);
    void plan(ObservedEvent& event, ReaderReply reply);
    void explain_python(ObservedEvent& event, const std::string& python_path);
    void attach(std::uint64_t number, ReaderReply reply);
    void attach_interpreter(ObservedEvent& event, ReaderReply reply);

    std::unique_ptr<Observer> inner_;
    FollowedCode followed_;
    PythonHook hook_;
    std::string hook_folder_;
    bool abandoned_ = false;  // what the reader has not answered is not waited for
    ReaderClient reader_;
    UniqueFd events_;                  // epoll: the inner observer and the reader
    std::deque<Queued> queue_;         // in the order of the events; the first still waits for answers
    std::uint64_t first_ = 0;          // number of the first event in the queue
    std::deque<std::uint64_t> asked_;  // for each question, in order, the number of its event
    ProgramLearner learner_;
    ReadingPatience patience_;
    ReadingRation ration_;
    StopWatch stops_;
    std::map<std::int32_t, std::vector<StopWatch::Watched>> watched_;  // as the observer was told, by process
    bool stopped_ = false;                                             // a stop point has held a process
    KnownFunctions functions_;
    std::unordered_map<std::int32_t, std::shared_ptr<const Inside>> last_;  // by thread
    std::set<std::int32_t> pythons_;                                        // processes that tell of themselves, or will
    std::unordered_map<std::int32_t, std::string> programs_;  // the file that a process executes, where it is Python
    std::set<std::int32_t> misspoken_;                        // those whose message was not understood, and that was told
};

}  // namespace procatlas
