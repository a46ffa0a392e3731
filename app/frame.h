// What one frame is drawn from, and what a person did in it. Panels read all of it and change only `view` and `actions`.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/examples.h"
#include "app/fonts.h"
#include "app/keys.h"
#include "app/settings.h"
#include "core/export/picture/figure.h"
#include "core/layout/layout_context.h"
#include "core/live/bytes_asker.h"
#include "core/live/live_run.h"
#include "core/narrate/messages.h"
#include "core/narrate/output_log.h"
#include "core/scene/palette.h"
#include "core/scene/scene.h"
#include "core/store/recordings_folder.h"

namespace procatlas {

enum class Dialog { none, command, help, open, save, figure };

// What the memory columns mark.
enum class Compare {
    event,      // what the last event of each process changed
    since,      // what became of it since a moment
    processes,  // what differs from the first column
};

struct FigureRequest {
    FigureFormat format = FigureFormat::svg;
    FigureView view = FigureView::all;
    Theme theme = Theme::light;
    float scale = 2;    // of a PNG
    bool carry = true;  // the recording, inside the figure
    std::string file;   // empty: to the clipboard
};
// What stands in the middle: memory columns, the pages of the processes one by one, how much neighbours share of them, or the
// stack, globals and heap of the selected process.
enum class Middle { memory, pages, side_by_side, inside };

// What of the inside of a process is shown.
enum class InsideTab { stack, source, code, bytes };

enum class Tab { tree, memory, output, details, timeline };

// What a person looks at: nothing of it is in the recording.
struct ViewState {
    Settings settings;
    std::optional<std::size_t> moment;  // looked at; none: the present
    std::optional<std::size_t> go_to;   // that a panel asks for: from the next frame on, for all panels of one show one moment
    std::size_t selected = 0;           // process; the moment may be one before its birth
    std::vector<std::size_t> columns;   // processes whose memory is shown, in order of birth
    bool columns_chosen = false;        // by hand; else they follow what happens
    std::size_t columns_room = 2;       // how many fit, told by the memory panel
    Hit region;                         // clicked
    Middle middle = Middle::memory;
    InsideTab inside_tab = InsideTab::stack;
    std::optional<BytesWanted> bytes_of;  // a region whose bytes are asked for, in place of the recorded ones
    std::optional<Address> where;         // an address that a person asked about, in the memory of the selected process
    bool focus_where = false;
    bool all_regions = false;  // in the memory columns; else libraries and the like are folded
    Compare compare = Compare::event;
    std::size_t compare_since = 0;           // moment
    std::optional<std::size_t> resident_of;  // process whose resident pages are shown, told by the details panel
    std::optional<Address> pointed;          // an address in the output under the pointer …
    std::size_t pointed_process = 0;         // … and whose
    bool show_selected = false;              // scroll the tree to it
    Dialog dialog = Dialog::none;
    Tab tab = Tab::memory;       // where the window is too small for all panels
    bool hold_at_start = false;  // the next program is held at its first event
    bool open_examples = false;
    bool focus_input = false;
    std::string message;           // to show until dismissed: an error …
    bool message_is_good = false;  // … or that something was done
    // To be done after the frame:
    std::string open_file;  // empty: nothing
    std::string save_as;
    std::optional<FigureRequest> figure;
};

[[nodiscard]] inline bool shows_pages(const ViewState& view) {
    return view.middle == Middle::pages || view.middle == Middle::side_by_side;
}

struct Frame {
    LiveRun& run;
    ViewState& view;
    const World& shown;  // the world at the moment looked at
    const Messages& words;
    const Fonts& fonts;
    const Palette& palette;
    const OutputLog& output;
    const LiveBytes& live_bytes;
    std::span<const Example> examples;
    std::span<const RecentRecording> recent;  // newest first
    std::vector<Action>& actions;             // done after the frame
    std::optional<LaunchCommand>& launch;     // to be started after the frame …
    std::string& launch_title;                // … and its name

    [[nodiscard]] float px(float logical) const { return logical * fonts.scale(); }
    // Changes whenever something drawn from the recording may look different.
    [[nodiscard]] std::array<std::size_t, 4> revision() const {
        const Recording& recording = run.recording();
        return {run.generation(), view.moment ? *view.moment : recording.events().size(), recording.images().size(),
                fonts.builds() * 2 + (view.settings.language == "ko" ? 1 : 0)};
    }
    [[nodiscard]] const World& world() const { return shown; }
    // Of the recording, up to the moment looked at.
    [[nodiscard]] std::size_t event_count() const { return view.moment ? *view.moment + 1 : run.recording().events().size(); }
    [[nodiscard]] std::size_t moment() const { return view.moment.value_or(run.recording().last_moment()); }
    [[nodiscard]] LayoutContext layout_context() const { return {run.recording(), shown, moment(), words, fonts}; }
    [[nodiscard]] const char* text(std::string_view key) const { return words.text(key).data(); }
};

// Starts `example` after the frame.
void launch_example(Frame& frame, const Example& example);

}  // namespace procatlas
