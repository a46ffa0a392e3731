// All that a person can ask for in the window. Panels put actions, keys are actions, `Controller` carries them out: it visits
// them without a default, so that one which nobody carries out does not compile. One table says which key, words and place in
// toolbar and menus an action has; toolbar, keys, menus and help read it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "app/control/view.h"
#include "core/export/picture/figure.h"
#include "core/live/live_run.h"
#include "core/scene/palette.h"

namespace procatlas {

struct FigureRequest {
    FigureFormat format = FigureFormat::svg;
    FigureView view = FigureView::all;
    Theme theme = Theme::light;
    float scale = 2;    // of a PNG
    bool carry = true;  // the recording, inside the figure
    std::string file;   // empty: to the clipboard
};

enum class HoldClass { lifecycle, memory, output, calls, lines, instructions };
enum class TravelTo { back, forward, first, now };
enum class ZoomTo { larger, smaller, normal };
enum class Neighbour { above, below };

namespace action {

// Of the program.
struct RunOrHold {};
struct Step {};  // the selected process; in the past one event on; after the end the program again, held at its first event
struct StepAll {};
struct StopAll {};
struct Restart {};
struct Launch {
    LaunchCommand launch;
    std::string title;
};
struct TypeInput {
    std::string bytes;
};
struct GiveCapAnswer {
    CapAnswer answer = CapAnswer::stop;
};
struct SetDelay {
    int milliseconds = 0;
};
struct ChangeDelay {
    int by_milliseconds = 0;
};
struct ToggleHold {
    HoldClass at = HoldClass::lifecycle;
};

// Of the disk and the clipboard.
struct OpenFile {
    std::string path;
};
struct SaveRecording {
    std::string path;
};
struct ExportFigure {
    FigureRequest request;
};

// Of the moment looked at.
struct GoTo {
    std::size_t moment = 0;
};
struct Travel {
    TravelTo to = TravelTo::now;
};
struct CompareWith {
    Compare what = Compare::event;
};

// Of processes and their memory.
struct SelectProcess {  // and scroll to it
    std::size_t process = 0;
};
struct SelectNeighbour {
    Neighbour which = Neighbour::below;
};
struct ClickProcess {  // in the tree: selects it; one that is selected is shown or hidden as a column
    std::size_t process = 0;
};
struct ToggleColumn {};  // of the selected process
struct ClickRegion {     // once more: nothing is chosen
    Hit region;
};
struct LeaveRegion {};
struct ShowRegion {  // of a process that is selected with it, and has a column from then on
    std::size_t process = 0;
    Hit region;  // of no kind: the one that was chosen stays
};
struct ToggleAllRegions {};
struct ShowAllRegions {
    bool all = false;
};

// Of what stands in the middle.
struct ToggleInside {};
struct TogglePages {};
struct ToggleSideBySide {};
struct ShowPages {
    Middle how = Middle::pages;
};
struct ShowInside {
    InsideTab tab = InsideTab::stack;
};
struct FocusWhere {};
struct AskAddress {  // in the memory of the selected process
    std::optional<Address> address;
};
struct LookAtBytes {
    BytesWanted wanted;
    std::size_t process = 0;
};
struct LookAtRecordedBytes {};

// Of dialogs, panels and settings.
struct OpenExamples {};
struct OpenDialog {
    Dialog dialog = Dialog::none;
};
struct CloseDialog {};
struct ToggleHelp {};
struct Escape {};
struct ShowTab {
    Tab tab = Tab::memory;
};
struct FocusInput {};
struct HoldAtStart {
    bool hold = false;
};
struct DismissMessage {};
struct ToggleLanguage {};
struct ToggleTheme {};
struct Zoom {
    ZoomTo to = ZoomTo::normal;
};

}  // namespace action

using Action =
    std::variant<action::RunOrHold, action::Step, action::StepAll, action::StopAll, action::Restart, action::Launch,
                 action::TypeInput, action::GiveCapAnswer, action::SetDelay, action::ChangeDelay, action::ToggleHold,
                 action::OpenFile, action::SaveRecording, action::ExportFigure, action::GoTo, action::Travel,
                 action::CompareWith, action::SelectProcess, action::SelectNeighbour, action::ClickProcess,
                 action::ToggleColumn, action::ClickRegion, action::LeaveRegion, action::ShowRegion, action::ToggleAllRegions,
                 action::ShowAllRegions, action::ToggleInside, action::TogglePages, action::ToggleSideBySide, action::ShowPages,
                 action::ShowInside, action::FocusWhere, action::AskAddress, action::LookAtBytes, action::LookAtRecordedBytes,
                 action::OpenExamples, action::OpenDialog, action::CloseDialog, action::ToggleHelp, action::Escape,
                 action::ShowTab, action::FocusInput, action::HoldAtStart, action::DismissMessage, action::ToggleLanguage,
                 action::ToggleTheme, action::Zoom>;

// A program with the window's environment, held at its first event where the view says so.
[[nodiscard]] inline action::Launch launch_action(std::vector<std::string> arguments, std::string title, const View& view) {
    const AtFirstEvent at_first = view.hold_at_start ? AtFirstEvent::holds : AtFirstEvent::runs;
    return {launch_of(std::move(arguments), at_first), std::move(title)};
}

// Where panels put what a person did; it is carried out after the draw.
class Actions {
public:
    void put(Action action) { actions_.push_back(std::move(action)); }
    // The pointer rests on it in this draw.
    void point_at(ProcessAddress address) { pointer_.address = address; }

    [[nodiscard]] std::vector<Action> take() { return std::exchange(actions_, {}); }
    [[nodiscard]] Pointer take_pointer() { return std::exchange(pointer_, {}); }

private:
    std::vector<Action> actions_;
    Pointer pointer_;
};

// Where a button or a menu entry for an action stands.
enum class Bar {
    none,
    programs,
    recording_menu,
    run,
    hold_at,
    appearance,
    timeline,
    middle,
    inside_tabs,
    compare_menu,
};

struct Key {
    int key = 0;                // GLFW_KEY_*; 0: none
    bool control = false;       // with Ctrl; else without Ctrl, Alt and Super
    bool while_typing = false;  // also where a text field has the keyboard
    std::string_view shown;     // in tips and in the help; empty: a second key for the same, which these do not tell
};

// What an action is called where; each word is a key of Messages, empty: none.
struct ActionRow {
    std::string_view name;  // of the row, for buttons and tests; no two are the same
    Action action;
    std::vector<Key> keys;
    std::string_view help;  // rows next to each other with the same one are one line of the help
    Bar bar = Bar::none;
    int position = 0;            // in the bar
    std::string_view icon = {};  // in front of the label
    std::string_view label = {};
    std::string_view tip = {};
};

// In the order of the help.
[[nodiscard]] std::span<const ActionRow> action_table();

// The buttons or entries of a bar, from left to right.
[[nodiscard]] std::vector<const ActionRow*> rows_in(Bar bar);

// Its first key as it is shown: "Ctrl O"; empty: none.
[[nodiscard]] std::string_view shortcut_of(const ActionRow& row);

// `key` and `mods` as in a GLFW key callback. `typing`: a text field has the keyboard. nullptr: it is no key of ours.
[[nodiscard]] const ActionRow* row_of_key(int key, int mods, bool typing);

// One line of the help: the keys, and what they do.
struct HelpLine {
    std::string keys;
    std::string_view word;  // a key of Messages
};
[[nodiscard]] std::vector<HelpLine> help_lines();

// How the button of an action looks at the moment.
struct ActionLook {
    enum class Emphasis { plain, primary, on };
    bool enabled = true;
    Emphasis emphasis = Emphasis::plain;
    std::string_view icon;
    std::string_view label;
    std::string_view tip;
};
[[nodiscard]] ActionLook look_of(const ActionRow& row, const LiveRun& run, const View& view);

}  // namespace procatlas
