// Everything that the user can ask for in the window. Panels and keys produce actions, and `Controller` carries them out. It
// visits them without a default, so an action that nothing handles does not compile. One table gives each action its key, its
// words and its place in toolbar and menus. Toolbar, keys, menus and help read that table.
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

#include "app/control/examples.h"
#include "app/control/view.h"
#include "core/export/picture/figure.h"
#include "core/lesson/lesson_places.h"
#include "core/lesson/walk.h"
#include "core/live/live_run.h"
#include "core/scene/palette.h"

namespace procatlas {

struct FigureRequest {
    FigureFormat format = FigureFormat::svg;
    FigureView view = FigureView::all;
    Theme theme = Theme::light;
    float scale = 2;     // of a PNG
    bool carry = true;   // include the recording in the figure
    bool steps = false;  // a figure of every step: numbered files, or the pages of one PDF
    std::string file;    // empty: copy to the clipboard
};

enum class HoldClass { lifecycle, memory, output, calls, lines, instructions };
// The member of HoldClasses that it switches.
[[nodiscard]] bool HoldClasses::* member_of(HoldClass at);
enum class TravelTo { back, forward, first, now };
enum class ZoomTo { larger, smaller, normal };
enum class Neighbour { above, below };
enum class Turn { back, forward };

namespace action {

// Actions on the program.
struct RunOrHold {};
// Steps the selected process. In the past: goes to the next event. After the end: restarts the program, held at its first
// event.
struct Step {};
struct StepAll {};
struct StopAll {};
struct Restart {};
struct Launch {
    LaunchCommand launch;
    std::string title;
    // How a sample program is shown: then it is held where its own code begins, whatever the command says.
    std::optional<Teaching> teaching = std::nullopt;
};
struct RunProgram {  // a person's own: compiles it first, if it is C or C++
    OwnRun run;
};
struct CancelProgram {};  // while it is compiled
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
struct ToggleLineStop {
    LineStop stop;
};
struct ToggleVariableStop {
    VariableStop stop;
};
struct ClearStops {};
struct ToggleElsewhere {};  // whether what goes into pipes and files is told
struct ToggleLibraries {};  // whether the calls and lines of libraries inside the program are told

// Actions on files and the clipboard.
struct OpenFile {
    std::string path;
};
struct OpenParted {  // a recording, at the moment where it parts from another one
    std::string path;
    std::string other;
};
struct CompareFiles {   // two recordings beside each other
    std::string first;  // empty: that of the window
    std::string second;
};
struct LookBeside {  // at a step of Beside::steps
    std::size_t step = 0;
};
struct LeaveBeside {};
struct TakeDropped {  // a source is run, anything else is opened as a recording
    std::string path;
};
struct ListFolder {
    std::string path;
};
struct SaveRecording {
    std::string path;
    std::string who = {};  // whose answers it keeps
};
struct ExportFigure {
    FigureRequest request;
};

struct StopExport {};  // of figures of every step

// Actions on the shown moment.
struct GoTo {
    std::size_t moment = 0;
};
struct Travel {
    TravelTo to = TravelTo::now;
};
struct CompareWith {
    Compare what = Compare::event;
};

// Actions on processes and their memory.
struct SelectProcess {  // and scrolls to it
    std::size_t process = 0;
};
struct SelectNeighbour {
    Neighbour which = Neighbour::below;
};
struct ClickProcess {  // in the tree: selects the process and shows its memory
    std::size_t process = 0;
};
struct TurnColumns {  // to the processes before or after those whose memory is shown
    Turn which = Turn::forward;
};
struct ToggleColumn {};  // of the selected process
struct ClickRegion {     // chooses the region; a second click chooses none
    Hit region;
};
struct LeaveRegion {};
struct ShowRegion {  // selects the region's process too, and adds its column
    std::size_t process = 0;
    Hit region;  // of kind none: keeps the chosen region
};
struct ToggleAllRegions {};
struct ToggleLauncher {};  // in tree and timeline: what ran before the program that the person named
struct ToggleHelpers {};   // what Python's multiprocessing runs for itself
struct ToggleSubtree {     // folds all that came of a process, or unfolds it
    std::size_t process = 0;
};
struct ToggleSelectedSubtree {};
struct FilterProcesses {
    std::string program;
    StateFilter state = StateFilter::any;
};
struct ShowAllProcesses {};
struct FocusFilter {};
struct ShowAllRegions {
    bool all = false;
};

// Actions on the view in the middle.
struct StartLesson {
    std::string name;  // number, name or folder
};
struct LeaveLesson {};
struct NextStep {};  // of the lesson
struct LastStep {};  // the one before
struct GiveAnswer {
    AnswerWords words;  // empty: looks without answering
};
struct ToggleNote {};  // the teacher's, of the step
struct ChooseItem {    // the next one of an order, or no longer
    std::size_t item = 0;
};
struct TypeAnswer {};  // gives the keyboard to the field for it
struct LeaveField {};  // takes it away: ImGui does so by itself
struct ClickPlace {    // answers a question that asks for one
    LessonPlace place;
};
struct OpenSearch {};
struct OpenMenu {  // of what was clicked with the right button
    Thing thing;
};
struct OpenMenuOfSelection {};  // of the chosen region or the selected process, for the keyboard
struct TogglePresent {};
struct ShowFace {
    Middle face = Middle::textbook;
};
struct ToggleAddresses {};
struct ToggleInside {};
struct TogglePages {};
struct ToggleSideBySide {};
struct ShowPages {
    Middle how = Middle::pages;
};
struct ShowInside {
    InsideTab tab = InsideTab::stack;
};
struct MoveSplit {  // by a share of the window
    float Shares::* share = nullptr;
    float by = 0;
};
struct ShowAside {
    Aside aside = Aside::details;
};
struct ToggleInterpreter {};  // of a Python program: the C frames below its own
struct FocusWhere {};
struct AskAddress {  // in the memory of the selected process
    std::optional<Address> address;
};
struct LookAtBytes {
    BytesWanted wanted;
    std::size_t process = 0;
};
struct LookAtRecordedBytes {};

// Actions on dialogs, panels and settings.
struct OpenExamples {};
struct OpenDialog {
    Dialog dialog = Dialog::none;
};
struct Share {  // the run, with browsers
    ShareWith with = ShareWith::this_machine;
    bool asks_names = false;
};
struct EndSharing {};
struct CloseDialog {};
struct ToggleHelp {};
struct Escape {};
struct ShowTab {
    Tab tab = Tab::memory;
};
struct ToggleWhole {};  // makes the panel under the pointer the whole window, or takes that back
struct ShowWhole {
    Tab tab = Tab::memory;
};
struct FocusInput {};
struct CopyText {};
struct TextCopied {  // empty: none was selected
    std::string text;
};
struct HoldAtStart {
    bool hold = false;
};
struct RememberCommand {
    RecentCommand command;
};
struct DismissMessage {};
struct ToggleLanguage {};
struct ToggleTheme {};
struct ToggleTransitions {};
struct Zoom {
    ZoomTo to = ZoomTo::normal;
};

}  // namespace action

using Action = std::variant<
    action::RunOrHold, action::Step, action::StepAll, action::StopAll, action::Restart, action::Launch, action::RunProgram,
    action::CancelProgram, action::TakeDropped, action::ListFolder, action::RememberCommand, action::TypeInput,
    action::GiveCapAnswer, action::SetDelay, action::ChangeDelay, action::ToggleHold, action::ToggleElsewhere,
    action::ToggleLibraries, action::ToggleLineStop, action::ToggleVariableStop, action::ClearStops, action::OpenMenu,
    action::OpenMenuOfSelection, action::OpenFile, action::OpenParted, action::CompareFiles, action::LookBeside,
    action::LeaveBeside, action::SaveRecording, action::ExportFigure, action::StopExport, action::GoTo, action::Travel,
    action::CompareWith, action::SelectProcess, action::SelectNeighbour, action::ClickProcess, action::ToggleColumn,
    action::TurnColumns, action::ClickRegion, action::LeaveRegion, action::ShowRegion, action::ToggleAllRegions,
    action::ToggleLauncher, action::ToggleHelpers, action::ToggleSubtree, action::ToggleSelectedSubtree,
    action::FilterProcesses, action::ShowAllProcesses, action::FocusFilter, action::ShowAllRegions, action::StartLesson,
    action::LeaveLesson, action::NextStep, action::LastStep, action::GiveAnswer, action::ToggleNote, action::ChooseItem,
    action::TypeAnswer, action::LeaveField, action::ClickPlace, action::OpenSearch, action::TogglePresent, action::ShowFace,
    action::ToggleAddresses, action::ShowAside, action::MoveSplit, action::ToggleInside, action::TogglePages,
    action::ToggleSideBySide, action::ShowPages, action::ShowInside, action::ToggleInterpreter, action::FocusWhere,
    action::AskAddress, action::LookAtBytes, action::LookAtRecordedBytes, action::OpenExamples, action::OpenDialog,
    action::Share, action::EndSharing, action::CloseDialog, action::ToggleHelp, action::Escape, action::ShowTab,
    action::ToggleWhole, action::ShowWhole, action::FocusInput, action::CopyText, action::TextCopied, action::HoldAtStart,
    action::DismissMessage, action::ToggleLanguage, action::ToggleTheme, action::ToggleTransitions, action::Zoom>;

// Launches a program with the window's environment. The view says whether to hold it at its first event.
[[nodiscard]] inline action::Launch launch_action(std::vector<std::string> arguments, std::string title, const View& view) {
    const AtFirstEvent at_first = view.hold_at_start ? AtFirstEvent::holds : AtFirstEvent::runs;
    return {launch_of(std::move(arguments), at_first), std::move(title)};
}

// A sample program, held where its own code begins.
[[nodiscard]] inline action::Launch example_action(const Example& example) {
    return {launch_of(example.arguments, AtFirstEvent::holds), example.name, example.teaching};
}

// Collects the user's actions from the panels, to be carried out after the draw.
class Actions {
public:
    void put(Action action) { actions_.push_back(std::move(action)); }
    // The pointer is over this address in the current draw.
    void point_at(ProcessAddress address) { pointer_.address = address; }

    // Something moves: another draw is wanted soon, whatever happens.
    void draw_again() { again_ = true; }

    [[nodiscard]] bool take_again() { return std::exchange(again_, false); }
    [[nodiscard]] std::vector<Action> take() { return std::exchange(actions_, {}); }
    [[nodiscard]] Pointer take_pointer() { return std::exchange(pointer_, {}); }

private:
    std::vector<Action> actions_;
    Pointer pointer_;
    bool again_ = false;
};

// The toolbar or menu that contains an action.
enum class Bar {
    none,
    programs,
    recording_menu,
    run,
    hold_at,
    appearance,
    more,  // rarely needed
    timeline,
    middle,
    aside,
    inside_tabs,
    compare_menu,
};

struct Key {
    int key = 0;                // GLFW_KEY_*; 0: none
    bool control = false;       // needs Ctrl; false: must not have Ctrl, Alt or Super
    bool while_typing = false;  // works while a text field has the keyboard
    std::string_view shown;     // text in tips and help; empty: an alternative key that these do not mention
};

// How an action appears. Texts are keys of Messages; empty: none.
struct ActionRow {
    std::string_view name;  // unique name of the row, for buttons and tests
    Action action;
    std::vector<Key> keys;
    std::string_view help;  // neighbouring rows with the same help share one line of it
    Bar bar = Bar::none;
    int position = 0;            // in the bar
    std::string_view icon = {};  // before the label
    std::string_view label = {};
    std::string_view tip = {};
};

// In the order of the help.
[[nodiscard]] std::span<const ActionRow> action_table();

// The buttons or entries of a bar, from left to right.
[[nodiscard]] std::vector<const ActionRow*> rows_in(Bar bar);

// The text of its first key: "Ctrl O". Empty: it has none.
[[nodiscard]] std::string_view shortcut_of(const ActionRow& row);

// `key` and `mods` are those of a GLFW key callback. `typing`: a text field has the keyboard. nullptr: the key has no action.
[[nodiscard]] const ActionRow* row_of_key(int key, int mods, bool typing);

// One line of the help: the keys and what they do.
struct HelpLine {
    std::string keys;
    std::string_view word;  // a key of Messages
};
[[nodiscard]] std::vector<HelpLine> help_lines();

// The current look of an action's button.
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
