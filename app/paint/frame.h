// The input of one draw of the window. Panels read it and put the user's actions into `Actions`.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "app/control/actions.h"
#include "app/control/examples.h"
#include "app/control/lesson_session.h"
#include "app/control/view.h"
#include "app/paint/fonts.h"
#include "core/layout/layout_context.h"
#include "core/live/live_run.h"
#include "core/narrate/messages.h"
#include "core/narrate/news.h"
#include "core/narrate/output_log.h"
#include "core/scene/palette.h"
#include "core/scene/scene.h"
#include "core/store/recordings_folder.h"

namespace procatlas {

struct Frame {
    const LiveRun& run;
    const View& view;
    const Pointer& pointer;  // of the previous draw
    const World& shown;      // the world at the shown moment
    const Messages& words;
    const Messages& english;
    const Messages& korean;
    const Fonts& fonts;
    const Palette& palette;
    const OutputLog& output;
    std::span<const Example> examples;
    std::span<const RecentRecording> recent;  // newest first
    std::span<const LessonTitle> lessons;     // that can be started
    const LessonSession* lesson = nullptr;    // that is walked; nullptr: none

    [[nodiscard]] float px(float logical) const { return logical * fonts.scale(); }
    // Changes whenever the drawing of the recording may change.
    [[nodiscard]] std::array<std::size_t, 4> revision() const {
        const Recording& recording = run.recording();
        return {run.generation(), view.moment ? *view.moment : recording.events().size(), recording.images().size(),
                fonts.builds() * 2 + (view.settings.language == "ko" ? 1 : 0)};
    }
    [[nodiscard]] const World& world() const { return shown; }
    // The number of events up to the shown moment.
    [[nodiscard]] std::size_t event_count() const { return view.moment ? *view.moment + 1 : run.recording().events().size(); }
    [[nodiscard]] std::size_t moment() const { return view.moment.value_or(run.recording().last_moment()); }
    // Of the last news: what a view marks as changed stays marked when the window has only measured something since.
    [[nodiscard]] LayoutContext layout_context() const {
        return {run.recording(), shown, news_moment(run.recording(), moment()), words, fonts};
    }
    [[nodiscard]] const char* text(std::string_view key) const { return words.text(key).data(); }
};

}  // namespace procatlas
