// What a person asks for in the window, carried out: of the program, of the recording, of the disk, of the view. Draws nothing,
// and knows nothing of panels. Window thread only.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/control/actions.h"
#include "app/control/view.h"
#include "core/live/live_run.h"
#include "core/narrate/messages.h"
#include "core/store/recordings_folder.h"
#include "core/store/temporary_folder.h"

namespace procatlas {

class Controller {
public:
    // Words outlive the controller.
    Controller(ObserverStarter starter, Settings settings, const Messages& english, const Messages& korean);

    // Takes what has arrived; true where there is something new to show.
    bool pump();
    // Carries out what a person did, in order. `tree_order`: the processes as the tree shows them, from top to bottom.
    void act(const std::vector<Action>& actions, std::span<const std::size_t> tree_order);
    // The memory columns, where they are not chosen by hand: as many as there is `room` for.
    void follow_columns(std::size_t room);
    // What is read of the live process for the view; `details_shown`: the panel that tells resident pages is. True: what was
    // read so far looks otherwise now.
    bool attend(bool details_shown);
    // The recording's file is whole after it, and the settings are kept.
    void finish();
    void complain(std::string message);
    // For the settings.
    void window_has_size(std::pair<int, int> size);

    [[nodiscard]] const LiveRun& run() const { return run_; }
    [[nodiscard]] const View& view() const { return view_; }
    [[nodiscard]] const Messages& words() const { return view_.settings.language == "ko" ? korean_ : english_; }
    [[nodiscard]] std::span<const RecentRecording> recent() const { return recent_; }
    // The world at the moment looked at.
    [[nodiscard]] const World& shown() { return run_.world_at(view_.moment); }

private:
    class Doer;  // carries out one action

    void toggle_hold(HoldClass at);
    void run_or_hold();
    void step();
    void step_held();
    void travel(TravelTo to);
    void travel(std::size_t moment);
    void look_at(std::size_t moment);
    void set_delay(int milliseconds);
    void open_dialog(Dialog dialog);
    void ask_address(std::optional<Address> address);
    void open(const std::string& file);
    [[nodiscard]] Result<void> save(const std::string& file) const;
    template <typename Start>
    void begin(Start start);
    void look_from_the_start();
    void remember();
    void list_recent();
    [[nodiscard]] std::filesystem::path recording_file() const;
    void told(const Result<void>& sent);
    void report(const Result<void>& done, const char* good, const std::string& what);

    LiveRun run_;
    const Messages& english_;
    const Messages& korean_;
    View view_;
    std::filesystem::path opened_file_;                     // of a recording that was opened …
    std::shared_ptr<const TemporaryFolder> opened_folder_;  // … and its folder, where it came out of a figure
    std::vector<RecentRecording> recent_;
};

}  // namespace procatlas
