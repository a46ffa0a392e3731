// What the user looks at, and what the pointer does. None of it is in the recording, and nothing here draws.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/control/beside.h"
#include "app/control/exploration.h"
#include "app/control/own_programs.h"
#include "app/control/series_export.h"
#include "app/control/settings.h"
#include "core/layout/processes/shown_processes.h"
#include "core/live/bytes_asker.h"
#include "core/model/recording.h"
#include "core/model/world.h"
#include "core/narrate/news.h"
#include "core/scene/scene.h"
#include "core/serve/qr_code.h"

namespace procatlas {

enum class Dialog { none, command, program, help, open, save, figure, search, share, explore, beside };

// Who may reach a shared run.
enum class ShareWith : std::uint8_t { this_machine, network };

// A run that is shared, as the window tells of it.
struct Sharing {
    std::string page{};   // the address at which the class code is asked for
    std::string look{};   // the link for the class …
    std::string drive{};  // … and the one to drive
    std::string code{};   // six digits
    QrCode qr{};          // of `look`
    std::size_t people = 0;
    std::map<std::string, std::size_t> votes{};  // how many gave each answer to the lesson's question
    bool asks_names = false;
};

// What the memory columns mark as changed.
enum class Compare {
    event,      // what the last event of each process changed
    since,      // what changed since a moment
    processes,  // what differs from the first column
};

// The face of the stage in the middle: the textbook's areas, memory columns by true addresses, the pages of each process, how
// many pages neighbours share, or the stack, globals and heap of the selected process.
// story: the moments that tell the run's story, side by side.
enum class Middle { textbook, memory, pages, side_by_side, inside, story };

// The part of the inside of a process that is shown.
enum class InsideTab { stack, source, code, bytes };

// What stands below the tree: what was clicked, or the events as sentences.
enum class Aside { details, history };

// The panel that is shown if the window is too small for all.
enum class Tab { tree, memory, source, output, details, timeline };

struct Message {
    std::string text;   // to show until dismissed; empty: none
    bool good = false;  // a success message; false: an error
};

// How often each cue was given. A panel acts when the count has changed, so it acts once, in whatever order panels are drawn.
struct Cues {
    std::size_t show_selected = 0;  // scroll to the selected process
    std::size_t focus_where = 0;    // give the keyboard to the field "What is this address?"
    std::size_t focus_input = 0;    // give it to the field for the program's input
    std::size_t examples = 0;       // open the menu of sample programs
    std::size_t filter = 0;         // open the choice of which processes are shown
    std::size_t whole = 0;          // make the panel under the pointer the whole window
    std::size_t menu = 0;           // open the menu of `View::menu`
    std::size_t copy_text = 0;      // copy the text that is selected
    std::size_t answer = 0;         // give the keyboard to the field for an answer
};

// A panel's own count of a cue.
class CueWatch {
public:
    // True once after each cue.
    [[nodiscard]] bool is_new(std::size_t count) { return std::exchange(seen_, count) != count; }

private:
    std::size_t seen_ = 0;
};

struct View {
    Settings settings;
    std::optional<std::size_t> moment;  // the shown moment; nullopt: the present
    std::size_t selected = 0;           // process; may be born after the shown moment
    bool pinned = false;                // a person chose it; false: source and inside follow the acting process
    std::vector<std::size_t> columns;   // processes whose memory is shown, in order of birth
    bool columns_chosen = false;        // by the user, one by one; false: a page of them
    bool columns_turned = false;        // a person has turned to a page behind the first
    std::size_t columns_room = 2;       // how many fit side by side
    std::size_t columns_selected = 0;   // the selected process as of the last draw
    ProcessChoice columns_follow;       // the choice of processes as of the last draw
    Hit region;                         // clicked
    Middle middle = Middle::textbook;
    Aside aside = Aside::details;
    InsideTab inside_tab = InsideTab::stack;
    bool interpreter = false;             // the C frames below those of a Python program are shown
    std::optional<BytesWanted> bytes_of;  // shows the live bytes of this region instead of the recorded ones
    std::optional<Address> where;         // an address in the selected process that the user asked about
    Thing menu;                           // what was clicked with the right button
    bool presents = false;                // headline, source and stage alone, in large text
    bool all_regions = false;             // in the memory columns; false: libraries and the like are folded
    ProcessChoice choice;                 // which processes tree, timeline and columns show
    Compare compare = Compare::event;
    std::size_t compare_since = 0;  // moment
    Dialog dialog = Dialog::none;
    Tab tab = Tab::memory;
    std::optional<Tab> whole;        // the panel that alone is shown; nullopt: all are
    std::optional<Sharing> sharing;  // nullopt: the run is not shared
    OwnProgramView own;              // of the dialog that runs a person's own program
    bool hold_at_start = false;      // hold the next program at its first event
    std::size_t answers = 0;         // to questions of a lesson, which the shown recording keeps
    bool notes = false;              // of a lesson, for its teacher, are shown
    Message message;
    std::optional<SeriesProgress> series;  // figures of every step are being made
    ExplorationView exploration;
    BesideView beside;  // two recordings instead of the run
    Cues cues;
};

// An address in the memory of a process.
struct ProcessAddress {
    std::size_t process = 0;
    Address address = 0;

    bool operator==(const ProcessAddress&) const = default;
};

// What the pointer is over, as the panels reported it in the previous draw.
struct Pointer {
    std::optional<ProcessAddress> address;  // an address in the output

    bool operator==(const Pointer&) const = default;
};

[[nodiscard]] inline bool shows_pages(const View& view) {
    return view.middle == Middle::pages || view.middle == Middle::side_by_side;
}

// The address to mark in the memory columns: the one that the pointer is over, or else the one that the user asked about.
[[nodiscard]] inline std::optional<ProcessAddress> marked_address(const View& view, const Pointer& pointer) {
    if (pointer.address || !view.where) {
        return pointer.address;
    }
    return ProcessAddress{view.selected, *view.where};
}

// The process whose source and inside are shown: the one that a person chose, or else the one that acts at the shown moment.
[[nodiscard]] inline std::size_t process_in_focus(const View& view, const Recording& recording, const World& world) {
    const auto acting = recording.process_of(news_moment(recording, view.moment.value_or(recording.last_moment())));
    return view.pinned || !acting || *acting >= world.processes.size() || !world.processes[*acting].alive() ? view.selected
                                                                                                            : *acting;
}

// The process in the details: that of the clicked region, or else the selected one. nullopt: it is not born yet.
[[nodiscard]] inline std::optional<std::size_t> process_in_details(const View& view, const World& world) {
    const bool region = view.region.kind == HitKind::region && view.region.process < world.processes.size();
    const std::size_t process = region ? view.region.process : view.selected;
    return process < world.processes.size() ? std::optional(process) : std::nullopt;
}

}  // namespace procatlas
