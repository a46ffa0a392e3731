// What a person asks for in the window, carried out: of the program, of the recording, of the disk. Window thread only.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/frame.h"
#include "app/keys.h"
#include "core/live/live_run.h"
#include "core/store/temporary_folder.h"

namespace procatlas {

class Controller {
public:
    // Messages outlive the controller.
    Controller(ObserverStarter starter, Settings settings, const Messages& english, const Messages& korean);

    // Takes what has arrived; true where there is something new to show.
    bool pump();
    void start(LaunchCommand launch, std::string title);
    // What panels have left to be done in the view. `tree_order`: the processes as the tree shows them.
    void act(std::span<const Action> actions, std::span<const std::size_t> tree_order);
    // The recording's file is whole after it, and the settings are kept.
    void finish();
    void complain(std::string message);

    [[nodiscard]] LiveRun& run() { return run_; }
    [[nodiscard]] ViewState& view() { return view_; }
    [[nodiscard]] const Messages& words() const { return view_.settings.language == "ko" ? korean_ : english_; }
    [[nodiscard]] std::span<const RecentRecording> recent() const { return recent_; }
    // The world at the moment looked at.
    [[nodiscard]] const World& shown() { return run_.world_at(view_.moment); }

private:
    void act(Action action, std::span<const std::size_t> tree_order);
    bool act_on_program(Action action);
    bool act_on_hold(Action action);
    bool act_on_moment(Action action);
    bool act_on_dialogs(Action action);
    bool act_on_settings(Action action);

    void open(const std::string& file);
    [[nodiscard]] Result<void> save(const std::string& file) const;
    template <typename Start>
    void begin(Start start);
    void look_from_the_start();
    void hold_finer(HoldClasses classes);
    void look_at(std::size_t moment);
    void travel(std::size_t moment);
    Result<void> step();
    void remember();
    void list_recent();
    [[nodiscard]] std::filesystem::path recording_file() const;
    void told(const Result<void>& sent);
    void report(const Result<void>& done, const char* good, const std::string& what);

    LiveRun run_;
    const Messages& english_;
    const Messages& korean_;
    ViewState view_;
    std::filesystem::path opened_file_;                     // of a recording that was opened …
    std::shared_ptr<const TemporaryFolder> opened_folder_;  // … and its folder, where it came out of a figure
    std::vector<RecentRecording> recent_;
    int applied_delay_ = 0;
};

}  // namespace procatlas
