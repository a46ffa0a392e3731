// The run that `procatlas serve` shares, or the lesson: carries out what those who drive ask for. One thread only.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "app/cli/end_signals.h"
#include "app/cli/serve.h"
#include "app/cli/served_lesson.h"
#include "app/control/own_code_seeker.h"
#include "app/control/window_share.h"
#include "core/base/companion.h"
#include "core/base/result.h"
#include "core/export/page/html_export.h"
#include "core/live/live_run.h"
#include "core/model/command.h"
#include "core/narrate/messages.h"
#include "core/serve/run_share.h"

namespace procatlas {

// A message to whoever sits at the terminal.
void say_at_terminal(std::string_view message);

class ServedRun final : public ShareControl {
public:
    ServedRun(const ServeOptions& options, const Messages& words, EndSignals& signals);
    Result<void> start(const ServeOptions& options, std::vector<PageLanguage> languages);
    // Whether it is known by now if the program can be executed; `could_not_start` then says so. One that is held where its
    // exec fails goes on, to its end.
    [[nodiscard]] bool began();
    // The exit status; nullopt: it could.
    [[nodiscard]] std::optional<int> could_not_start() const { return could_not_start_; }
    void pump();
    [[nodiscard]] SharedRun now() const;
    // null: there is none.
    [[nodiscard]] ServedLesson* lesson() { return lesson_.get(); }
    // A line at the terminal: empty, or "b"; anything else is told what may be typed.
    void type(std::string_view line);
    // The observer of a run was lost.
    [[nodiscard]] bool lost() const { return lost_; }
    [[nodiscard]] const LiveRun& run() const { return run_; }
    // Closes what is open. False: what was to be kept is not.
    bool end();
    Result<void> act(const ShareCommand& command) override;
    [[nodiscard]] std::vector<SharedExample> examples(std::string_view language) const override;

private:
    Result<void> carry_out(const share::Run&);
    Result<void> carry_out(const share::Hold&);
    Result<void> carry_out(const share::Step& step);
    Result<void> carry_out(const share::Stop&);
    Result<void> carry_out(const share::TypeText& typed);
    Result<void> carry_out(const share::Again&);
    Result<void> carry_out(const share::Show& show);
    Result<void> carry_out(const share::StartExample& start);
    Result<void> carry_out(const share::StartCommand& start);
    Result<void> carry_out(const share::NextStep&);
    Result<void> carry_out(const share::LastStep&);
    Result<void> carry_out(const share::Reveal&);
    // A lesson decides itself what runs.
    static bool goes_with_lesson(const ShareCommand& command);
    template <typename Act>
    Result<void> in_lesson(Act act) {
        if (!lesson_) {
            return fail(std::string(words_.text("live.no_lesson")));
        }
        moment_.reset();
        auto done = act();
        complain(done);
        return done;
    }
    // As the window starts programs.
    Result<void> launch(LaunchCommand launch, const std::string& title, std::optional<HoldClasses> stop_at);
    template <typename Act>
    Result<void> where_live(Act act) {
        return run_.live() ? act() : fail(std::string(words_.text("live.not_running")));
    }
    static void complain(const Result<void>& done);
    void tell(const Result<void>& done);

    const Messages& words_;
    EndSignals& signals_;
    bool takes_commands_;
    std::shared_ptr<Companions> where_;
    LiveRun run_;
    std::unique_ptr<ServedLesson> lesson_;
    OwnCodeSeeker seeker_;
    std::optional<std::size_t> moment_;  // that all are shown; nullopt: the last
    std::size_t images_ = 0;
    std::size_t looked_at_ = 0;  // events
    bool lost_ = false;
    std::optional<int> could_not_start_;
};

}  // namespace procatlas
