// The window's own run, shared with a class (core/serve): begins and ends it, and says what the window shows of it. Window
// thread only.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/control/class_step.h"
#include "app/control/view.h"
#include "core/live/live_run.h"
#include "core/narrate/messages.h"
#include "core/serve/run_share.h"

namespace procatlas {

// To the question of that key.
[[nodiscard]] std::vector<ClassVote> class_votes(const RunShare& share, const std::string& question);

class WindowShare final : private ShareControl {
public:
    // Carries out what a person asks for who drives from a browser. Error: why it is not done.
    using CarryOut = std::function<Result<void>(const ShareCommand&)>;

    // Where browsers may come from.
    static constexpr const char* address_of(ShareWith with) { return with == ShareWith::network ? "0.0.0.0:0" : "127.0.0.1:0"; }

    // The messages must outlive it. Error: no address could be listened on.
    // `asks_names`: in a lesson.
    [[nodiscard]] static Result<std::unique_ptr<WindowShare>> begin(ShareWith with, bool asks_names, const Messages& english,
                                                                    const Messages& korean, CarryOut carry_out);

    // Tells all pages.
    ~WindowShare() override { share_.say_goodbye(); }
    WindowShare(const WindowShare&) = delete;
    WindowShare& operator=(const WindowShare&) = delete;

    // `images`: counts what was learnt of programs. `lesson`: null where there is none. True: the window has something new to
    // show.
    bool pump(const LiveRun& run, std::optional<std::size_t> moment, std::size_t images, LessonSession* lesson);
    // To the question of that key.
    [[nodiscard]] std::vector<ClassVote> votes(const std::string& question) const { return class_votes(share_, question); }
    [[nodiscard]] int descriptor() const { return share_.descriptor(); }
    [[nodiscard]] std::optional<RunShare::Clock::time_point> due() const { return share_.due(); }
    [[nodiscard]] const Sharing& shown() const { return shown_; }

private:
    WindowShare(HttpServer server, bool asks_names, const Messages& english, const Messages& korean, CarryOut carry_out);
    Result<void> act(const ShareCommand& command) override { return carry_out_(command); }
    [[nodiscard]] std::vector<SharedExample> examples(std::string_view language) const override;

    CarryOut carry_out_;
    ClassStep step_;
    RunShare share_;
    Sharing shown_;
};

// The sample programs, as browsers list them.
[[nodiscard]] std::vector<SharedExample> shared_examples(std::string_view language);

}  // namespace procatlas
