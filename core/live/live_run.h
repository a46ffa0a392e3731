// A program under observation and the recording that grows of it: the observer, what procatlas-reader finds in files and
// memory, and the file that keeps it, behind one pump. Whoever shows it (a window, `procatlas trace`, a server) sleeps until
// one of `descriptors` is readable or `due` has come, calls `pump`, and shows what changed. Draws nothing. One thread only.
//
//     poll(run.descriptors(), run.due()) -> run.pump() -> run.recording(), run.world() -> ...
//                                           run.run(), run.step(pid), ... <- what a person asks for
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/live/bytes_asker.h"
#include "core/live/image_collector.h"
#include "core/live/moment_world.h"
#include "core/live/recording_keeper.h"
#include "core/live/resident_asker.h"
#include "core/model/command.h"
#include "core/model/recording.h"
#include "core/observe/observer.h"

namespace procatlas {

using ObserverStarter = std::function<Result<std::unique_ptr<Observer>>(LaunchCommand)>;

// What a person looks at beyond the recording: it is read from the live process for as long.
struct Attention {
    std::optional<std::size_t> resident_of;  // the process, an index in World::processes, whose resident pages are shown
    std::optional<BytesWanted> bytes;        // whose bytes are shown
    bool at_present = true;                  // at the last moment; of a moment gone by nothing more can be read
};

// What to do while the file cannot keep up with the program.
enum class WhenFileLags {
    take_events,   // the window stays at the present; the rest of the recording is in memory
    leave_events,  // the observer holds the program back until the file has caught up
};

// What a program does at its first event.
enum class AtFirstEvent { runs, holds };

// The answer where the cap on live processes was reached and all are held.
enum class CapAnswer {
    go_on,  // with twice the cap
    stop,   // all of them
};

class LiveRun {
public:
    using Clock = std::chrono::steady_clock;

    struct Changes {
        bool events = false;     // the recording has new ones
        bool images = false;     // programs and libraries are known better
        bool bytes = false;      // `bytes` are others
        bool file_lost = false;  // the file has just fallen behind: the last event says why
        [[nodiscard]] bool any() const { return events || images || bytes || file_lost; }
    };

    explicit LiveRun(ObserverStarter starter, WhenFileLags when_file_lags = WhenFileLags::take_events)
        : starter_(std::move(starter)), when_file_lags_(when_file_lags) {}

    // Closes the recording before, ends what runs, and starts anew with an empty recording. The hold classes and the delay are
    // those of `launch`. `file`: where the recording is kept from its first event on; empty: nowhere yet. Error: the file
    // cannot be made, or the program cannot be started.
    Result<void> start(LaunchCommand launch, std::string title, const std::filesystem::path& file = {});
    // The same program again, at the pace that was set meanwhile.
    Result<void> restart(AtFirstEvent at_first);
    // A recording of the past instead: nothing runs.
    void open(Recording recording, std::string title);
    // `launch` at the pace set so far: hold classes, the grain that they need, delay.
    [[nodiscard]] LaunchCommand paced(LaunchCommand launch) const;

    // From now on the recording is kept in the user's folder, under a name of its own. Error: it cannot be, and is not.
    [[nodiscard]] Result<void> keep_in_users_folder() { return keeper_.begin_in_users_folder(title_); }
    // Where it is kept; empty: nowhere.
    [[nodiscard]] std::filesystem::path file() const { return keeper_.file(); }
    // Writes the rest and closes the file. Error: it is not whole; the last event says why.
    [[nodiscard]] Result<void> close_file() { return keeper_.finish(recording_); }

    // To be watched with poll(2); negative ones are to be left out.
    [[nodiscard]] std::vector<int> descriptors() const;
    // When to pump though none of them is readable; nullopt: no need.
    [[nodiscard]] std::optional<Clock::time_point> due() const;
    // Takes what has arrived, and asks for what is due; never blocks.
    Changes pump();
    // Sends the questions that this raises, at once. True: `bytes` are others now.
    bool look_at(const Attention& attention);
    // Waits for what the reader still knows of programs and libraries (at most its deadline for each), once all has ended.
    void finish_images() { images_.finish(recording_); }

    Result<void> send(const Command& command);
    Result<void> run();
    Result<void> hold();
    // The process goes on to its next event; 0: all that are held.
    Result<void> step(std::int32_t pid) { return send(StepCommand{pid}); }
    Result<void> stop() { return send(StopAllCommand{}); }
    Result<void> set_delay(std::chrono::milliseconds delay);
    Result<void> set_hold_classes(HoldClasses classes);
    // Does nothing where there is no question.
    Result<void> answer_cap(CapAnswer answer);

    [[nodiscard]] bool started() const { return launch_.has_value() || opened_; }
    // The recording came from a file.
    [[nodiscard]] bool opened() const { return opened_; }
    // Events may still come.
    [[nodiscard]] bool watching() const { return observer_ != nullptr && !observer_->ended(); }
    // Commands still reach a process.
    [[nodiscard]] bool live() const { return watching() && !world().ended; }
    [[nodiscard]] bool holding() const { return holding_; }
    [[nodiscard]] HoldClasses hold_classes() const { return hold_classes_; }
    // The program was started at a grain at which its inside is read.
    [[nodiscard]] bool looks_inside() const { return launch_ && launch_->grain != Grain::none; }
    // The cap on live processes that was reached and not yet answered.
    [[nodiscard]] std::optional<std::uint32_t> cap_question() const { return cap_question_; }
    [[nodiscard]] const std::string& title() const { return title_; }
    [[nodiscard]] const Recording& recording() const { return recording_; }
    // After the last event.
    [[nodiscard]] const World& world() const { return recording_.last_world(); }
    // At `moment`; nullopt: after the last event. Valid until the next call, and while the recording does not grow.
    [[nodiscard]] const World& world_at(std::optional<std::size_t> moment) {
        return moment_world_.at(recording_, generation_, moment);
    }
    // The bytes that `look_at` asked for.
    [[nodiscard]] const LiveBytes& bytes() const { return bytes_.bytes(); }
    // Counts the recordings begun.
    [[nodiscard]] std::size_t generation() const { return generation_; }

private:
    void begin(std::string title);
    bool receive();
    bool ask_for_bytes();
    void ask_for_resident();
    [[nodiscard]] bool leaves_events() const { return when_file_lags_ == WhenFileLags::leave_events && keeper_.is_behind(); }

    ObserverStarter starter_;
    WhenFileLags when_file_lags_;
    std::optional<LaunchCommand> launch_;
    bool opened_ = false;
    std::string title_;
    std::unique_ptr<Observer> observer_;
    Recording recording_;
    std::size_t generation_ = 0;
    MomentWorld moment_world_;
    RecordingKeeper keeper_;
    ImageCollector images_;
    ResidentAsker resident_;
    BytesAsker bytes_;
    Attention attention_;
    bool holding_ = false;
    std::chrono::milliseconds delay_{0};
    HoldClasses hold_classes_;
    std::optional<std::uint32_t> cap_question_;
};

// The finest of what is to be held at.
[[nodiscard]] Grain grain_of(HoldClasses classes);

// A command with this process's environment.
[[nodiscard]] LaunchCommand launch_of(std::vector<std::string> arguments, AtFirstEvent at_first = AtFirstEvent::runs);

}  // namespace procatlas
