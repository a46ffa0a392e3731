// A program under observation and its growing recording. One pump drives the observer, procatlas-reader's answers about files
// and memory, and the file that keeps the recording. Each user (a window, `procatlas trace`, a server) sleeps until one of
// `descriptors` is readable or `due` has come, calls `pump`, and shows what changed. Draws nothing. One thread only.
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

#include "core/base/companion.h"
#include "core/live/bytes_asker.h"
#include "core/live/image_collector.h"
#include "core/live/moment_world.h"
#include "core/live/output_bound.h"
#include "core/live/recording_keeper.h"
#include "core/live/resident_asker.h"
#include "core/model/command.h"
#include "core/model/recording.h"
#include "core/model/stop_points.h"
#include "core/observe/observer.h"

namespace procatlas {

using ObserverStarter = std::function<Result<std::unique_ptr<Observer>>(LaunchCommand)>;

// What a person looks at that is read from the live process, as long as they look.
struct Attention {
    std::optional<std::size_t> resident_of;  // show the resident pages of this process, an index in World::processes
    std::optional<BytesWanted> bytes;        // show these bytes
    bool at_present = true;                  // the person looks at the last moment; only then can memory be read
};

// What to do when the file cannot keep up with the program.
enum class WhenFileLags {
    take_events,   // the window stays at the present, and the rest of the recording waits in memory
    leave_events,  // the observer holds the program back until the file has caught up
};

// What a program does at its first event.
enum class AtFirstEvent { runs, holds };

// The answer when the cap on live processes was reached and all of them are held.
enum class CapAnswer {
    go_on,  // with twice the cap
    stop,   // end all of them
};

class LiveRun {
public:
    using Clock = std::chrono::steady_clock;

    struct Changes {
        bool events = false;         // the recording has new events
        bool images = false;         // more is known about programs and libraries
        bool bytes = false;          // `bytes` changed
        bool file_lost = false;      // the file has just fallen behind; the last event says why
        bool observer_lost = false;  // the program can be seen no more; the last event says why
        [[nodiscard]] bool any() const { return events || images || bytes || file_lost; }
    };

    // `where`: the machine on which the starter starts them, and the readers are; null: this one.
    explicit LiveRun(ObserverStarter starter, WhenFileLags when_file_lags = WhenFileLags::take_events,
                     std::shared_ptr<Companions> where = nullptr)
        : starter_(std::move(starter)), where_(std::move(where)), when_file_lags_(when_file_lags) {}

    // Who starts the observer of the next program.
    void start_by(ObserverStarter starter, std::shared_ptr<Companions> where = nullptr) {
        starter_ = std::move(starter);
        where_ = std::move(where);
    }
    // Ends the last program, closes its recording, and starts the new one with an empty recording. `launch` sets the hold
    // classes and the delay. `file`: where to keep the recording from its first event on; empty: nowhere yet. Error: the file
    // cannot be created, or the program cannot be started.
    Result<void> start(LaunchCommand launch, std::string title, const std::filesystem::path& file = {});
    // Starts the same program again, at the present pace.
    Result<void> restart(AtFirstEvent at_first);
    // Shows a recording of the past instead; no program runs.
    void open(Recording recording, std::string title);
    // `launch` at the present pace: hold classes, the grain that they need, whose code it means, delay.
    [[nodiscard]] LaunchCommand paced(LaunchCommand launch) const;

    // Ends the recording, not the program, with a gap event when its file has this many MiB; 0: never. Call it before `start`.
    void bound_file(std::uint32_t mebibytes) { most_mebibytes_ = mebibytes; }

    // From now on keeps the recording in the user's folder, under its own name. Error: it cannot be kept there, and is
    // not.
    [[nodiscard]] Result<void> keep_in_users_folder() {
        return keeper_.begin_in_users_folder(title_, recording_.how_followed());
    }
    // The file of the recording; empty: none.
    [[nodiscard]] std::filesystem::path file() const { return keeper_.file(); }
    // Ends the program if it runs, takes what was seen of it (for at most a second), writes the rest and closes the file.
    // Error: the file is not whole; the last event says why.
    [[nodiscard]] Result<void> close_file();

    // To be watched with poll(2); skip negative ones.
    [[nodiscard]] std::vector<int> descriptors() const;
    // When to call `pump` even if no descriptor is readable; nullopt: no need.
    [[nodiscard]] std::optional<Clock::time_point> due() const;
    // Takes what has arrived, and asks what is due; never blocks.
    Changes pump();
    // Sends the resulting questions at once. Returns true if `bytes` changed.
    bool look_at(const Attention& attention);
    // Whether the reader still has to answer about programs and libraries; `pump` takes the answers, after the program's end
    // too.
    [[nodiscard]] bool waits_for_images() const { return images_.waits(); }

    Result<void> send(const Command& command);
    Result<void> run();
    Result<void> hold();
    // Lets the process go on to its next event; 0: all that are held.
    Result<void> step(std::int32_t pid) { return send(StepCommand{pid}); }
    Result<void> stop() { return send(StopAllCommand{}); }
    // Ends the observer and all processes without its help, as a last resort; a gap event says `why`.
    void end(const std::string& why);
    Result<void> set_delay(std::chrono::milliseconds delay);
    Result<void> set_hold_classes(HoldClasses classes);
    // Where to hold the program beyond the classes; kept while programs of the same title are started. A program that was
    // started at a coarser grain than lines does not reach any of them (`grain`).
    Result<void> set_stop_points(StopPoints points);
    // Whose calls and lines the next program tells.
    void set_followed(FollowedCode followed) { followed_ = followed; }
    // Does nothing if there is no question.
    Result<void> answer_cap(CapAnswer answer);

    [[nodiscard]] bool started() const { return launch_.has_value() || opened_; }
    // How the program was started; nullopt: none was, or the recording came from a file.
    [[nodiscard]] const std::optional<LaunchCommand>& launched() const { return launch_; }
    // Whether what is shown ran before procatlas came, which only follows or watches it.
    [[nodiscard]] bool ran_before() const { return !world().processes.empty() && world().processes.front().found; }
    // Whether the recording came from a file.
    [[nodiscard]] bool opened() const { return opened_; }
    // Whether more events may come.
    [[nodiscard]] bool watching() const { return observer_ != nullptr && !observer_->ended(); }
    // Whether commands still reach a process.
    [[nodiscard]] bool live() const { return watching() && !world().ended; }
    [[nodiscard]] bool holding() const { return holding_; }
    [[nodiscard]] HoldClasses hold_classes() const { return hold_classes_; }
    [[nodiscard]] const StopPoints& stop_points() const { return stop_points_; }
    // The first line from `line` on that has machine code; nullopt: none, or not known (Python, or not seen yet).
    [[nodiscard]] std::optional<std::uint32_t> line_with_code(const std::string& file, std::uint32_t line) const {
        return observer_ ? observer_->line_with_code(file, line) : std::nullopt;
    }
    // Whether the next program's output into pipes and files is told.
    void set_elsewhere(bool told) { elsewhere_ = told; }
    [[nodiscard]] bool elsewhere() const { return elsewhere_; }
    // The grain of the next program: what the classes and the stop points need.
    [[nodiscard]] Grain wanted_grain() const;
    [[nodiscard]] FollowedCode followed() const { return followed_; }
    // The grain that the program was started with.
    [[nodiscard]] Grain grain() const { return launch_ ? launch_->grain : Grain::none; }
    // Whether the program was started at a grain at which its inside is read.
    [[nodiscard]] bool looks_inside() const { return launch_ && launch_->grain != Grain::none; }
    // How the first process ended, also where the recording had ended before; nullopt: it was not seen to end.
    [[nodiscard]] const std::optional<ExitEvent>& program_exit() const { return program_exit_; }
    // The cap on live processes, if it was reached and not yet answered.
    [[nodiscard]] std::optional<std::uint32_t> cap_question() const { return cap_question_; }
    [[nodiscard]] const std::string& title() const { return title_; }
    [[nodiscard]] const Recording& recording() const { return recording_; }
    // The recording of a run that is over, whose file was closed; this has an empty one then.
    [[nodiscard]] Recording take_recording() { return std::exchange(recording_, Recording()); }
    // The world after the last event.
    [[nodiscard]] const World& world() const { return recording_.last_world(); }
    // The world at `moment`; nullopt: after the last event. Valid until the next call, and while the recording does not grow.
    [[nodiscard]] const World& world_at(std::optional<std::size_t> moment) {
        return moment_world_.at(recording_, generation_, moment);
    }
    // The bytes that `look_at` asked for.
    [[nodiscard]] const LiveBytes& bytes() const { return bytes_.bytes(); }
    // Counts the recordings that were begun.
    [[nodiscard]] std::size_t generation() const { return generation_; }

private:
    void begin(std::string title);
    void receive(Changes& changes);
    void follow_program(const ObservedEvent& event);
    void record(ObservedEvent event);
    void end_program();
    void record_withheld_output();
    void end_recording_where_full();
    bool ask_for_bytes();
    void ask_for_resident();
    [[nodiscard]] bool leaves_events() const { return when_file_lags_ == WhenFileLags::leave_events && keeper_.is_behind(); }

    ObserverStarter starter_;
    std::shared_ptr<Companions> where_;
    WhenFileLags when_file_lags_;
    std::optional<LaunchCommand> launch_;
    bool opened_ = false;
    std::string title_;
    std::unique_ptr<Observer> observer_;
    Recording recording_;
    std::size_t generation_ = 0;
    MomentWorld moment_world_;
    OutputBound output_bound_;
    std::uint32_t most_mebibytes_ = 0;
    bool full_ = false;  // nothing but notes is recorded any more
    ProcessKey program_;
    std::optional<ExitEvent> program_exit_;
    RecordingKeeper keeper_;
    ImageCollector images_;
    ResidentAsker resident_;
    BytesAsker bytes_;
    Attention attention_;
    bool holding_ = false;
    std::chrono::milliseconds delay_{0};
    HoldClasses hold_classes_;
    StopPoints stop_points_;
    FollowedCode followed_ = FollowedCode::own;
    bool elsewhere_ = false;
    std::optional<std::uint32_t> cap_question_;
};

// The finest grain that these classes need.
[[nodiscard]] Grain grain_of(HoldClasses classes);

// Of a process that runs already; `approach`: attach or watch. Nothing of it is held, capped or written to.
[[nodiscard]] LaunchCommand launch_of_running(Approach approach, std::int32_t pid);

// The title of a run on another machine: "lab3: sh".
[[nodiscard]] std::string title_there(const std::string& title, const Companions& where);

// A command with this process's environment.
[[nodiscard]] LaunchCommand launch_of(std::vector<std::string> arguments, AtFirstEvent at_first = AtFirstEvent::runs);

}  // namespace procatlas
