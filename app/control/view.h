// What a person looks at, and what the pointer does. Nothing of it is in the recording, and nothing here draws.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/control/settings.h"
#include "core/live/bytes_asker.h"
#include "core/model/world.h"
#include "core/scene/scene.h"

namespace procatlas {

enum class Dialog { none, command, help, open, save, figure };

// What the memory columns mark.
enum class Compare {
    event,      // what the last event of each process changed
    since,      // what became of it since a moment
    processes,  // what differs from the first column
};

// What stands in the middle: memory columns, the pages of the processes one by one, how much neighbours share of them, or the
// stack, globals and heap of the selected process.
enum class Middle { memory, pages, side_by_side, inside };

// What of the inside of a process is shown.
enum class InsideTab { stack, source, code, bytes };

// Which panel is shown where the window is too small for all.
enum class Tab { tree, memory, output, details, timeline };

struct Message {
    std::string text;   // to show until dismissed; empty: none
    bool good = false;  // something was done; else an error
};

// How often each was asked for. A panel that has seen fewer does it: so it happens once, whichever panel is drawn when.
struct Cues {
    std::size_t show_selected = 0;  // scroll to the selected process
    std::size_t focus_where = 0;    // the field "What is this address?" takes the keyboard
    std::size_t focus_input = 0;    // so does the field for the program's input
    std::size_t examples = 0;       // the menu of sample programs opens
};

// A panel's own count of one of them.
class CueWatch {
public:
    // True once after each time that it was asked for.
    [[nodiscard]] bool is_new(std::size_t count) { return std::exchange(seen_, count) != count; }

private:
    std::size_t seen_ = 0;
};

struct View {
    Settings settings;
    std::optional<std::size_t> moment;  // looked at; none: the present
    std::size_t selected = 0;           // process; the moment may be one before its birth
    std::vector<std::size_t> columns;   // processes whose memory is shown, in order of birth
    bool columns_chosen = false;        // by hand; else they follow what happens
    Hit region;                         // clicked
    Middle middle = Middle::memory;
    InsideTab inside_tab = InsideTab::stack;
    std::optional<BytesWanted> bytes_of;  // a region whose bytes are asked for, in place of the recorded ones
    std::optional<Address> where;         // an address that a person asked about, in the memory of the selected process
    bool all_regions = false;             // in the memory columns; else libraries and the like are folded
    Compare compare = Compare::event;
    std::size_t compare_since = 0;  // moment
    Dialog dialog = Dialog::none;
    Tab tab = Tab::memory;
    bool hold_at_start = false;  // the next program is held at its first event
    Message message;
    Cues cues;
};

// An address in the memory of a process.
struct ProcessAddress {
    std::size_t process = 0;
    Address address = 0;

    bool operator==(const ProcessAddress&) const = default;
};

// What the pointer rests on, as the panels told it in the draw before.
struct Pointer {
    std::optional<ProcessAddress> address;  // that a program printed

    bool operator==(const Pointer&) const = default;
};

[[nodiscard]] inline bool shows_pages(const View& view) {
    return view.middle == Middle::pages || view.middle == Middle::side_by_side;
}

// What is marked in the memory columns: what the pointer rests on comes before what was asked about.
[[nodiscard]] inline std::optional<ProcessAddress> marked_address(const View& view, const Pointer& pointer) {
    if (pointer.address || !view.where) {
        return pointer.address;
    }
    return ProcessAddress{view.selected, *view.where};
}

// The process that the details tell of: that of the clicked region, else the selected one; nullopt: it is not born yet.
[[nodiscard]] inline std::optional<std::size_t> process_in_details(const View& view, const World& world) {
    const bool region = view.region.kind == HitKind::region && view.region.process < world.processes.size();
    const std::size_t process = region ? view.region.process : view.selected;
    return process < world.processes.size() ? std::optional(process) : std::nullopt;
}

}  // namespace procatlas
