// What the stage shows of one process: its areas, and in each the frames, variables, blocks and objects that lie there now.
// Each piece has a rank: where there is no room for all, those of a higher number are left out. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/layout/layout_context.h"
#include "core/layout/stage/stage_areas.h"
#include "core/scene/scene.h"
#include "core/scene/thing.h"

namespace procatlas {

// From what must be seen to what may be left out.
enum class Rank : std::uint8_t { now, changed, innermost, globals, frames, blocks, details, rest };

struct StageRow {
    std::string name;
    std::string value;  // empty: `note` says why
    std::string was;    // the value before this event; empty: it did not change
    std::string note;   // "0x5586 8b79 b010"
    Rank rank = Rank::rest;
    bool changed = false;
    bool no_value_yet = false;   // `value` is what lies at its place before its declaration
    bool page_copied = false;    // at this event: the value is what it was
    bool name_in_words = false;  // of the interface, not of the program
    std::string short_name;      // in place of the name where there is no room for it
    bool value_in_words = false;
    Thing thing{};

    // As a pointer's value does.
    [[nodiscard]] bool tells_address() const { return name_in_words || value.find("0x") != std::string::npos; }
};

// What the rows of a card are. Details are said of its title, and not missed where there is no room.
enum class StageRows : std::uint8_t { variables, blocks, objects, details };

struct StageCard {
    std::string title;        // "square()"; empty: rows only
    std::string short_title;  // in place of the title where there is no room for it
    std::string hint;         // "push_pop.c:12"
    std::vector<StageRow> rows;
    StageRows rows_are = StageRows::variables;
    std::size_t rows_left_out = 0;  // there are so many more
    Rank rank = Rank::rest;
    bool fresh = false;    // it came with this event
    bool ghost = false;    // it went with this event
    bool leaving = false;  // it goes with this event (a return of Python, which is told before)
    bool only_with_rows = false;
    bool is_reason = false;                // its title says why nothing else is known
    Hit frame;                             // which frame it is; kind none: it is no frame
    std::optional<Address> stack_pointer;  // is at its lower edge
    std::size_t frames_left_out = 0;       // it stands for this many frames
    Thing thing{};
};

struct StageColumn {
    std::size_t process = 0;
    std::vector<StageArea> areas;               // from the top; empty: the map was not read, or the process is gone
    std::vector<std::vector<StageCard>> cards;  // for each area, from the top
    std::vector<StageCard> python;              // frames and names of a Python program, which the interpreter keeps
    std::vector<std::string> missing;           // sentences that say what cannot be shown, and why
    std::optional<std::size_t> as_of;           // frames and values are of this earlier moment; nullopt: of this one, or none
    bool alive = true;
    bool acts = false;  // the event is of this process, which was looked into at it
    std::optional<std::size_t>
        acting_stack;  // of several threads: the area, index in `areas`, where the event's thread has its stack
};

[[nodiscard]] StageColumn stage_column(const LayoutContext& context, std::size_t process);

}  // namespace procatlas
