// Carries out what the user asks for in the window: on the program, the recording, files and the view. Draws nothing and knows
// no panels. Window thread only.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/control/actions.h"
#include "app/control/asked_steps.h"
#include "app/control/exploration.h"
#include "app/control/lesson_session.h"
#include "app/control/own_code_seeker.h"
#include "app/control/own_programs.h"
#include "app/control/series_export.h"
#include "app/control/view.h"
#include "app/control/window_share.h"
#include "core/base/companion.h"
#include "core/live/live_run.h"
#include "core/narrate/messages.h"
#include "core/store/recordings_folder.h"
#include "core/store/temporary_folder.h"

namespace procatlas {

class Controller {
public:
    // The messages must outlive the controller. `where`: the machine on which the starter starts programs; null: this one.
    Controller(ObserverStarter starter, Settings settings, const Messages& english, const Messages& korean,
               std::shared_ptr<Companions> where = nullptr);
    Controller(const Controller&) = delete;  // a shared run refers to it
    Controller& operator=(const Controller&) = delete;

    // Takes in what has arrived. True: there is something new to show.
    bool pump();
    // Carries out the user's actions in order. `tree_order`: the processes from top to bottom, as the tree shows them.
    void act(const std::vector<Action>& actions, std::span<const std::size_t> tree_order);
    // Chooses the memory columns, at most `room`, unless the user has chosen them.
    void follow_columns(std::size_t room);
    // Asks the live process for what the view needs. `details_shown`: the panel that shows resident pages is visible. True:
    // what is already read must be drawn again.
    bool attend(bool details_shown);
    // Completes the recording file and saves the settings.
    void finish();
    void complain(std::string message);
    // To be saved in the settings.
    void window_has_size(std::pair<int, int> size);

    // To be watched with poll(2) beside those of the run; skip negative ones.
    [[nodiscard]] std::array<int, 7> descriptors() const {
        const auto own = own_.descriptors();
        return {own[0],
                own[1],
                share_ ? share_->descriptor() : -1,
                exploration_.descriptor(),
                lesson_ ? lesson_->descriptor() : -1,
                beside_.descriptor(),
                series_.descriptor()};
    }

    [[nodiscard]] const LiveRun& run() const { return run_; }
    [[nodiscard]] const View& view() const { return view_; }
    [[nodiscard]] const Messages& english() const { return english_; }
    [[nodiscard]] const Messages& korean() const { return korean_; }
    [[nodiscard]] const Messages& words() const { return view_.settings.language == "ko" ? korean_ : english_; }
    [[nodiscard]] std::span<const RecentRecording> recent() const { return recent_; }
    // nullptr: none is walked.
    [[nodiscard]] const LessonSession* lesson() const { return lesson_.get(); }
    // When to pump even if nothing happens; nullopt: no need.
    [[nodiscard]] std::optional<LiveRun::Clock::time_point> due() const;
    // A live program has not yet taken the step that a person asked for last.
    [[nodiscard]] bool is_stepping() const {
        return asked_steps_.under_way(run_.recording().events().size(), AskedSteps::Clock::now());
    }
    // The world at the shown moment.
    [[nodiscard]] const World& shown() {
        keep_moment();
        return run_.world_at(view_.moment);
    }

private:
    class Doer;    // carries out one action
    class Driver;  // carries out what a person in a browser asks for

    void share(ShareWith with, bool asks_names);
    void teach_lesson();
    void end_sharing();
    Result<void> keep_class_answers();
    bool pump_share(bool images);

    void toggle_hold(HoldClass at);
    void toggle_libraries();
    void toggle_elsewhere();
    void toggle_line_stop(LineStop stop);
    void toggle_variable_stop(VariableStop stop);
    void set_stop_points(StopPoints points, const std::string& said);
    void run_or_hold();
    void step();
    void step_held();
    void step_now();
    void restart(AtFirstEvent at_first);
    void start_lesson(const std::string& name);
    void go_on_with_course();
    void leave_lesson();
    void show_lesson_moment();
    void keep_progress();
    void go_on_with_lesson(const std::function<void(LessonSession&)>& change);
    void keep_moment();
    // Complains where programs run on another machine, and what `word` says of this one is not there.
    bool refuses_far(const char* word);
    void launch(LaunchCommand launch, const std::string& title);
    void launch_ready(OwnPrograms::Ready ready);
    void run_program(OwnRun run);
    void travel(TravelTo to);
    void travel(std::size_t moment);
    void look_at(std::size_t moment);
    void set_delay(int milliseconds);
    void open_dialog(Dialog dialog);
    void ask_address(std::optional<Address> address);
    void open(const std::string& file);
    void export_steps(const FigureRequest& request);
    void stop_export();
    bool pump_export();
    void compare_files(const std::string& first, const std::string& second);
    bool pump_beside();
    void leave_beside();
    void open_parted(const std::string& file, const std::string& other);
    // `who`: the student's name, if the recording keeps answers; may be empty.
    [[nodiscard]] Result<void> save(const std::string& file, const std::string& who);
    void begin(const std::function<Result<void>()>& start);
    void look_from_the_start();
    void remember();
    void list_recent();
    [[nodiscard]] std::filesystem::path recording_file() const;
    void told(const Result<void>& sent);
    void report(const Result<void>& done, const char* good, const std::string& what);

    LiveRun run_;
    ObserverStarter starter_;                // of programs that no lesson starts …
    std::shared_ptr<Companions> where_;      // … and their machine; null: this one
    std::unique_ptr<LessonSession> lesson_;  // refers to the recording of `run_`
    const Messages& english_;
    const Messages& korean_;
    View view_;
    std::shared_ptr<const TemporaryFolder> lesson_files_;  // of a lesson that was left: its last run is still shown
    std::filesystem::path lesson_file_;
    std::string warned_lesson_;  // whose answers are not saved, which a person was told
    OwnCodeSeeker seeker_;
    AskedSteps asked_steps_;
    OwnPrograms own_;
    Exploration exploration_;
    BesideReader beside_;
    SeriesExport series_;
    std::size_t explored_generation_ = 0;                   // of `run_`, whose program was explored last
    std::pair<std::filesystem::path, std::string> signed_;  // a file with answers, and the name that they were given
    std::filesystem::path saved_file_;                      // where a recording was saved last
    std::filesystem::path opened_file_;                     // the opened recording …
    std::shared_ptr<const TemporaryFolder> opened_folder_;  // … and its folder, if it was extracted from a figure
    std::vector<RecentRecording> recent_;
    std::size_t shared_images_ = 0;       // counts what was learnt of programs
    std::unique_ptr<WindowShare> share_;  // null: the run is not shared
};

}  // namespace procatlas
