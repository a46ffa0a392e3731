// The panels of the window, one source file each. `place` in pixels; each reads the frame, and changes only view and actions.
#pragma once

#include <array>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "app/frame.h"
#include "core/layout/listing/layout_listing.h"
#include "core/layout/memory/layout_memory.h"
#include "core/layout/pages/layout_pages.h"
#include "core/layout/timeline/layout_timeline.h"
#include "core/layout/tree/layout_tree.h"

namespace procatlas {

// Returns its height in pixels: its buttons go on in a second row where they do not fit.
float draw_toolbar_panel(Frame& frame, const Box& place);

// What just happened, in plain language, in one line. Returns its height in pixels.
float draw_happening_panel(Frame& frame, const Box& place);

class TreePanel {
public:
    void draw(Frame& frame, const Box& place);
    // From top to bottom, as drawn last.
    [[nodiscard]] const std::vector<std::size_t>& order() const { return tree_.order; }

private:
    using Key = std::tuple<std::array<std::size_t, 4>, float, std::size_t, std::vector<std::size_t>>;

    TreeScene tree_;
    Key key_;                    // what tree_ was made of
    std::size_t processes_ = 0;  // when drawn last
    std::size_t generation_ = 0;
};

class MemoryPanel {
public:
    void draw(Frame& frame, const Box& place);

private:
    struct Kept {  // a column made before, and of what
        std::shared_ptr<const AddressSpace> memory;
        std::size_t images = 0;
        MemoryColumn column;
    };
    void gather(Frame& frame);
    static void draw_head(Frame& frame);
    static void draw_compare_menu(Frame& frame);

    using Key = std::tuple<std::array<std::size_t, 4>, float, float, std::vector<std::size_t>, Hit, std::optional<Address>,
                           std::size_t, bool, std::pair<int, std::size_t>>;

    std::vector<Kept> kept_;  // by process
    std::vector<MemoryColumn> columns_;
    MemoryScene scene_;
    Key key_;                         // what scene_ was made of
    std::optional<Address> pointed_;  // in the frame before
    std::size_t generation_ = 0;
};

// Stack, globals and heap of the selected process, or its source, code and bytes, as far as somebody looked inside.
class InsidePanel {
public:
    void draw(Frame& frame, const Box& place);

private:
    using Key = std::tuple<std::array<std::size_t, 4>, float, std::size_t, InsideTab, std::size_t, std::vector<std::size_t>>;

    static ListingScene layout(const Frame& frame, std::size_t process, float room);

    Scene scene_;
    Box current_;       // the row where the process is
    Key key_;           // what scene_ was made of
    int settling_ = 0;  // frames in which that row is brought into view
};

// The pages of the processes in the memory columns; of the region that was clicked, or of those that fork shares.
class PagesPanel {
public:
    void draw(Frame& frame, const Box& place);

private:
    using Key = std::tuple<std::array<std::size_t, 4>, float, std::vector<std::size_t>, Hit, bool>;

    static void draw_kind_switch(Frame& frame, float left);
    static PagesScene cells(const Frame& frame, const std::vector<std::size_t>& columns, float room);
    static PagesScene side_by_side(const Frame& frame, const std::vector<std::size_t>& columns, float room);

    PagesScene pages_;
    Key key_;  // what pages_ was made of
};

// At the right of a panel's title: memory columns, their pages, or what lies inside one process.
void draw_inside_switch(Frame& frame, float right, float top);
[[nodiscard]] float inside_switch_width(const Frame& frame);

class OutputPanel {
public:
    void draw(Frame& frame, const Box& place);

private:
    struct Row {  // of a line that was wrapped: bytes [first, last)
        std::size_t line = 0;
        std::size_t first = 0;
        std::size_t last = 0;
    };
    void wrap(const OutputLog& log, std::size_t characters, std::size_t generation);
    void draw_rows(Frame& frame);
    void draw_input(Frame& frame);

    std::vector<Row> rows_;
    std::size_t wrapped_ = 0;     // lines
    std::size_t characters_ = 0;  // in a row
    std::size_t rewrites_ = 0;
    std::size_t generation_ = 0;
    std::array<char, 1024> typed_{};
};

class DetailsPanel {
public:
    void draw(Frame& frame, const Box& place);

private:
    const MapChanges& changes(const Frame& frame, std::size_t first);
    void draw_where(Frame& frame);
    void ask_where(Frame& frame);

    using Key = std::tuple<std::array<std::size_t, 4>, std::size_t, std::size_t, Compare, std::size_t>;
    using WhereKey = std::tuple<std::array<std::size_t, 4>, Address, std::size_t>;

    MapChanges changes_;  // of the selected process …
    Key key_{};           // … and what they were made of
    std::array<char, 64> address_{};
    std::string no_address_;  // what was typed and is none
    std::string where_;       // the answer, and to what
    WhereKey where_key_;
};

class HistoryPanel {
public:
    void draw(Frame& frame, const Box& place);

private:
    struct Row {
        std::int32_t pid = 0;
        std::size_t process = 0;
        std::size_t moment = 0;
        bool known = false;  // `process` is one
        std::string time;
        std::string sentence;
    };
    void follow(const Frame& frame);

    std::deque<Row> rows_;   // of the newest events
    std::size_t taken_ = 0;  // events
    std::size_t counted_ = 0;
    std::size_t news_ = 0;  // of those counted
    std::size_t generation_ = 0;
    std::size_t images_ = 0;
    bool korean_ = false;
};

class TimelinePanel {
public:
    void draw(Frame& frame, const Box& place);
    // In pixels, with room for all lanes.
    [[nodiscard]] float wanted_height(const Frame& frame) const;

private:
    void follow(const Frame& frame);
    void draw_head(Frame& frame) const;
    void take_pointer(Frame& frame, float x, float y);
    void tell(Frame& frame, std::size_t process, float x) const;
    void zoom(float x, float steps, double all);
    void keep_in_range(double all);
    static void go_to(Frame& frame, std::size_t moment);

    ProcessLanes lanes_;
    TimelineView view_;
    TimelineScene scene_;
    bool zoomed_ = false;           // else all of it is shown
    bool dragging_ = false;         // the moment
    std::size_t shown_moment_ = 0;  // in the frame before
    float scroll_ = 0;              // pixels
    std::size_t generation_ = 0;
};

void draw_welcome_panel(Frame& frame, const Box& place);

// Those about files: open and save a recording, export a figure.
class FileDialogs {
public:
    void draw(Frame& frame);

private:
    bool draw_path(Frame& frame, const char* title, const char* hint);
    bool draw_buttons(Frame& frame, const char* what);
    void draw_open(Frame& frame);
    void draw_save(Frame& frame);
    void draw_export(Frame& frame);
    void set_ending();
    static std::string suggested(const Frame& frame, const std::string& ending);

    std::array<char, 4096> path_{};
    FigureRequest figure_;
    bool focus_ = false;
    Dialog shown_ = Dialog::none;
};

// The newest recordings, a row each; the one that was clicked.
[[nodiscard]] std::optional<std::filesystem::path> draw_recent_rows(Frame& frame, std::size_t most);

// The dialog that is open, if any: run a command, the keys, the cap on processes, files.
class Dialogs {
public:
    void draw(Frame& frame);

private:
    void draw_command(Frame& frame);
    void draw_help(Frame& frame);
    void draw_cap(Frame& frame);
    void run_command(Frame& frame);

    std::array<char, 4096> command_{};
    bool through_shell_ = false;
    bool focus_ = false;
    std::string problem_;
    Dialog shown_ = Dialog::none;
    FileDialogs files_;
};

// What is to be marked in the map of `process`, while the first column shows that of `first`.
[[nodiscard]] MapChanges changes_of(const Frame& frame, std::size_t process, std::size_t first);

// The regions of the process that a hit is about, as they are now.
[[nodiscard]] std::vector<Region> regions_now(const Frame& frame, std::size_t process);

}  // namespace procatlas
