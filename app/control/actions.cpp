#include "app/control/actions.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>

namespace procatlas {
namespace {

constexpr bool control = true;
constexpr bool always = true;  // even while typing

Key key(int code, std::string_view shown) {
    return {.key = code, .shown = shown};
}

ActionRow hold_row(std::string_view name, HoldClass at, int digit, std::string_view shown, std::string_view label,
                   std::string_view tip) {
    return {name, action::ToggleHold{at}, {key(GLFW_KEY_0 + digit, shown)}, "key.hold_classes", Bar::hold_at, digit, "", label,
            tip};
}

std::vector<ActionRow> make_table() {
    using namespace action;
    return {
        {"run_hold",
         RunOrHold{},
         {key(GLFW_KEY_SPACE, "Space")},
         "key.run_hold",
         Bar::run,
         2,
         "▮▮",
         "toolbar.hold",
         "tip.hold"},
        {"step", Step{}, {key(GLFW_KEY_N, "N")}, "key.step", Bar::run, 1, "→", "toolbar.step", "tip.step"},
        {"step_all", StepAll{}, {key(GLFW_KEY_A, "A")}, "key.step_all", Bar::more, 1, "", "toolbar.step_all", "tip.step_all"},
        {"stop", StopAll{}, {key(GLFW_KEY_S, "S")}, "key.stop", Bar::run, 4, "■", "toolbar.stop", "tip.stop"},
        {"restart", Restart{}, {key(GLFW_KEY_R, "R")}, "key.restart", Bar::run, 3, "↻", "toolbar.restart", "tip.restart"},
        {"examples", OpenExamples{}, {key(GLFW_KEY_E, "E")}, "key.examples"},
        {"command",
         OpenDialog{Dialog::command},
         {key(GLFW_KEY_C, "C")},
         "key.command",
         Bar::programs,
         2,
         "",
         "toolbar.command"},
        {"program",
         OpenDialog{Dialog::program},
         {{GLFW_KEY_R, control, always, "Ctrl R"}},
         "key.program",
         Bar::programs,
         3,
         "",
         "toolbar.program"},
        {"open",
         OpenDialog{Dialog::open},
         {{GLFW_KEY_O, control, always, "Ctrl O"}},
         "key.files",
         Bar::recording_menu,
         1,
         "",
         "menu.open"},
        {"save",
         OpenDialog{Dialog::save},
         {{GLFW_KEY_S, control, always, "Ctrl S"}},
         "key.files",
         Bar::recording_menu,
         2,
         "",
         "menu.save"},
        {"figure",
         OpenDialog{Dialog::figure},
         {{GLFW_KEY_E, control, always, "Ctrl E"}},
         "key.files",
         Bar::recording_menu,
         3,
         "",
         "menu.figure"},
        {"beside",
         OpenDialog{Dialog::beside},
         {{GLFW_KEY_B, control, always, "Ctrl B"}},
         "key.beside",
         Bar::recording_menu,
         4,
         "",
         "menu.beside"},
        {"explore",
         OpenDialog{Dialog::explore},
         {{GLFW_KEY_T, control, always, "Ctrl T"}},
         "key.explore",
         Bar::more,
         5,
         "",
         "toolbar.explore",
         "tip.explore"},
        {"back", Travel{TravelTo::back}, {key(GLFW_KEY_LEFT, "←")}, "key.travel", Bar::timeline, 2, "◀", "", "tip.back"},
        {"forward",
         Travel{TravelTo::forward},
         {key(GLFW_KEY_RIGHT, "→")},
         "key.travel",
         Bar::timeline,
         3,
         "▶",
         "",
         "tip.forward"},
        {"first", Travel{TravelTo::first}, {key(GLFW_KEY_HOME, "Home")}, "key.ends", Bar::timeline, 1, "|◀", "", "tip.first"},
        {"now",
         Travel{TravelTo::now},
         {key(GLFW_KEY_END, "End")},
         "key.ends",
         Bar::timeline,
         4,
         "▶|",
         "timeline.now",
         "tip.now"},
        {"above", SelectNeighbour{Neighbour::above}, {key(GLFW_KEY_UP, "↑")}, "key.select"},
        {"below", SelectNeighbour{Neighbour::below}, {key(GLFW_KEY_DOWN, "↓")}, "key.select"},
        {"column", ToggleColumn{}, {key(GLFW_KEY_ENTER, "Enter"), key(GLFW_KEY_KP_ENTER, "")}, "key.toggle_column"},
        {"columns_back", TurnColumns{Turn::back}, {key(GLFW_KEY_COMMA, ",")}, "key.turn_columns", Bar::none, 0, "◀"},
        {"columns_forward", TurnColumns{Turn::forward}, {key(GLFW_KEY_PERIOD, ".")}, "key.turn_columns", Bar::none, 0, "▶"},
        {"all_regions", ToggleAllRegions{}, {key(GLFW_KEY_M, "M")}, "key.all_regions"},
        {"launcher", ToggleLauncher{}, {key(GLFW_KEY_J, "J")}, "key.launcher"},
        {"search",
         OpenSearch{},
         {{GLFW_KEY_K, control, always, "Ctrl K"}},
         "key.search",
         Bar::appearance,
         -2,
         "",
         "toolbar.search",
         "tip.search"},
        {"present",
         TogglePresent{},
         {{.key = GLFW_KEY_F5, .while_typing = always, .shown = "F5"}},
         "key.present",
         Bar::appearance,
         -1,
         "",
         "toolbar.present",
         "tip.present"},
        {"share",
         OpenDialog{Dialog::share},
         {{GLFW_KEY_L, control, always, "Ctrl L"}},
         "key.share",
         Bar::appearance,
         0,
         "",
         "toolbar.share",
         "tip.share"},
        {"textbook",
         ShowFace{Middle::textbook},
         {key(GLFW_KEY_Q, "Q")},
         "key.faces",
         Bar::middle,
         1,
         "",
         "face.textbook",
         "face.textbook_tip"},
        {"addresses",
         ToggleAddresses{},
         {key(GLFW_KEY_U, "U")},
         "key.faces",
         Bar::middle,
         2,
         "",
         "face.addresses",
         "face.addresses_tip"},
        {"details",
         ShowAside{Aside::details},
         {key(GLFW_KEY_H, "H")},
         "key.aside",
         Bar::aside,
         1,
         "",
         "details.title",
         "details.tip"},
        {"history",
         ShowAside{Aside::history},
         {key(GLFW_KEY_Z, "Z")},
         "key.aside",
         Bar::aside,
         2,
         "",
         "history.title",
         "history.tip"},
        {"fold", ToggleSelectedSubtree{}, {key(GLFW_KEY_MINUS, "−")}, "key.fold"},
        {"filter", FocusFilter{}, {{GLFW_KEY_F, control, always, "Ctrl F"}}, "key.filter"},
        {"inside", ToggleInside{}, {key(GLFW_KEY_D, "D")}, "key.inside", Bar::middle, 4, "", "inside.button", "inside.tip"},
        {"story",
         ShowFace{Middle::story},
         {key(GLFW_KEY_9, "9")},
         "key.story",
         Bar::middle,
         5,
         "",
         "story.button",
         "story.tip"},
        {"stack",
         ShowInside{InsideTab::stack},
         {key(GLFW_KEY_F, "F")},
         "key.inside_tabs",
         Bar::inside_tabs,
         1,
         "",
         "inside.stack",
         "inside.stack_tip"},
        {"source",
         ShowInside{InsideTab::source},
         {key(GLFW_KEY_O, "O")},
         "key.inside_tabs",
         Bar::inside_tabs,
         2,
         "",
         "inside.source",
         "inside.source_tip"},
        {"code",
         ShowInside{InsideTab::code},
         {key(GLFW_KEY_K, "K")},
         "key.inside_tabs",
         Bar::inside_tabs,
         3,
         "",
         "inside.code",
         "inside.code_tip"},
        {"bytes",
         ShowInside{InsideTab::bytes},
         {key(GLFW_KEY_Y, "Y")},
         "key.inside_tabs",
         Bar::inside_tabs,
         4,
         "",
         "inside.bytes",
         "inside.bytes_tip"},
        {"interpreter",
         ToggleInterpreter{},
         {key(GLFW_KEY_8, "8")},
         "key.interpreter",
         Bar::inside_tabs,
         5,
         "",
         "inside.interpreter",
         "inside.interpreter_tip"},
        {"menu", OpenMenuOfSelection{}, {key(GLFW_KEY_MENU, "Menu")}, "key.menu"},
        {"clear_stops", ClearStops{}, {{GLFW_KEY_F9, control, always, "Ctrl F9"}}, "key.clear_stops"},
        {"where", FocusWhere{}, {key(GLFW_KEY_W, "W")}, "key.where"},
        {"pages", TogglePages{}, {key(GLFW_KEY_G, "G")}, "key.pages", Bar::middle, 3, "", "pages.button", "pages.tip"},
        {"side_by_side", ToggleSideBySide{}, {key(GLFW_KEY_X, "X")}, "key.pages_side_by_side"},
        {"compare_event",
         CompareWith{Compare::event},
         {key(GLFW_KEY_V, "V")},
         "key.compare",
         Bar::compare_menu,
         1,
         "",
         "compare.event"},
        {"compare_since",
         CompareWith{Compare::since},
         {key(GLFW_KEY_B, "B")},
         "key.compare",
         Bar::compare_menu,
         2,
         "",
         "compare.since"},
        {"compare_processes",
         CompareWith{Compare::processes},
         {key(GLFW_KEY_P, "P")},
         "key.compare",
         Bar::compare_menu,
         3,
         "",
         "compare.processes"},
        {"slower", ChangeDelay{100}, {key(GLFW_KEY_LEFT_BRACKET, "[")}, "key.slower"},
        {"faster", ChangeDelay{-100}, {key(GLFW_KEY_RIGHT_BRACKET, "]")}, "key.slower"},
        hold_row("hold_lifecycle", HoldClass::lifecycle, 1, "1", "toolbar.lifecycle", "tip.lifecycle"),
        hold_row("hold_memory", HoldClass::memory, 2, "2", "toolbar.memory", "tip.memory"),
        hold_row("hold_output", HoldClass::output, 3, "3", "toolbar.output", "tip.output"),
        hold_row("hold_calls", HoldClass::calls, 4, "4", "toolbar.calls", "tip.calls"),
        hold_row("hold_lines", HoldClass::lines, 5, "5", "toolbar.lines", "tip.lines"),
        hold_row("hold_instructions", HoldClass::instructions, 6, "6", "toolbar.instructions", "tip.instructions"),
        {"elsewhere",
         ToggleElsewhere{},
         {{GLFW_KEY_7, control, always, "Ctrl 7"}},
         "key.elsewhere",
         Bar::hold_at,
         8,
         "",
         "toolbar.elsewhere",
         "tip.elsewhere"},
        {"libraries",
         ToggleLibraries{},
         {key(GLFW_KEY_7, "7")},
         "key.libraries",
         Bar::hold_at,
         7,
         "",
         "toolbar.libraries",
         "tip.libraries"},
        {"input", FocusInput{}, {key(GLFW_KEY_I, "I")}, "key.input"},
        {"copy_text", CopyText{}, {{.key = GLFW_KEY_C, .control = true, .shown = "Ctrl C"}}, "key.copy_text"},
        {"language",
         ToggleLanguage{},
         {key(GLFW_KEY_L, "L")},
         "key.language",
         Bar::appearance,
         1,
         "",
         "toolbar.language",
         "tip.language"},
        {"theme", ToggleTheme{}, {key(GLFW_KEY_T, "T")}, "key.theme", Bar::more, 4, "", "toolbar.dark", "tip.theme"},
        {"transitions",
         ToggleTransitions{},
         {{GLFW_KEY_M, control, always, "Ctrl M"}},
         "key.transitions",
         Bar::more,
         6,
         "",
         "toolbar.transitions",
         "tip.transitions"},
        {"zoom_in",
         Zoom{ZoomTo::larger},
         {{GLFW_KEY_EQUAL, control, always, "Ctrl +"}, {GLFW_KEY_KP_ADD, control, always, ""}},
         "key.zoom",
         Bar::more,
         2,
         "A+",
         "toolbar.larger",
         "tip.zoom_in"},
        {"zoom_out",
         Zoom{ZoomTo::smaller},
         {{GLFW_KEY_MINUS, control, always, "Ctrl −"}, {GLFW_KEY_KP_SUBTRACT, control, always, ""}},
         "key.zoom",
         Bar::more,
         3,
         "A−",
         "toolbar.smaller",
         "tip.zoom_out"},
        {"zoom_reset",
         Zoom{ZoomTo::normal},
         {{GLFW_KEY_0, control, always, "Ctrl 0"}, {GLFW_KEY_KP_0, control, always, ""}},
         "key.zoom"},
        {"whole", ToggleWhole{}, {{.key = GLFW_KEY_F11, .while_typing = always, .shown = "F11"}}, "key.whole"},
        {"help",
         ToggleHelp{},
         {key(GLFW_KEY_SLASH, "?"), {.key = GLFW_KEY_F1, .while_typing = always, .shown = "F1"}},
         "key.help",
         Bar::appearance,
         5,
         "",
         "toolbar.help",
         "tip.help"},
        {"close", Escape{}, {{.key = GLFW_KEY_ESCAPE, .while_typing = always, .shown = "Esc"}}, "key.close"},
    };
}

// "Ctrl O", "Ctrl S", "Ctrl E" become "Ctrl O  S  E". Shows only the first two and the last of many.
std::string joined(const std::vector<std::string>& keys) {
    constexpr std::string_view ctrl = "Ctrl ";
    constexpr std::size_t most = 4;
    std::string line;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const bool repeated = i > 0 && keys[i].starts_with(ctrl) && keys[i - 1].starts_with(ctrl);
        if (keys.size() > most && i >= 2 && i + 1 < keys.size()) {
            line += i == 2 ? "  …" : "";
            continue;
        }
        line += (i == 0 ? "" : "  ") + (repeated ? keys[i].substr(ctrl.size()) : keys[i]);
    }
    return line;
}

// The keys of one row: "?  ·  F1".
std::string shown_keys(const ActionRow& row) {
    std::string shown;
    for (const Key& one : row.keys) {
        shown += one.shown.empty() ? "" : (shown.empty() ? "" : "  ·  ") + std::string(one.shown);
    }
    return shown;
}

}  // namespace

std::span<const ActionRow> action_table() {
    static const std::vector<ActionRow> table = make_table();
    return table;
}

std::vector<const ActionRow*> rows_in(Bar bar) {
    std::vector<const ActionRow*> rows;
    for (const ActionRow& row : action_table()) {
        if (row.bar == bar) {
            rows.push_back(&row);
        }
    }
    std::ranges::sort(rows, {}, [](const ActionRow* row) { return row->position; });
    return rows;
}

std::string_view shortcut_of(const ActionRow& row) {
    return row.keys.empty() ? std::string_view() : row.keys.front().shown;
}

const ActionRow* row_of_key(int key, int mods, bool typing) {
    const bool with_control = (mods & GLFW_MOD_CONTROL) != 0;
    const bool with_others = (mods & (GLFW_MOD_ALT | GLFW_MOD_SUPER)) != 0;
    for (const ActionRow& row : action_table()) {
        for (const Key& one : row.keys) {
            if (one.key == key && one.control == with_control && (one.while_typing || (!typing && !with_others))) {
                return &row;
            }
        }
    }
    return nullptr;
}

std::vector<HelpLine> help_lines() {
    std::vector<HelpLine> lines;
    std::vector<std::string> keys;
    const auto rows = action_table();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        keys.push_back(shown_keys(rows[i]));
        if (i + 1 == rows.size() || rows[i + 1].help != rows[i].help) {
            lines.push_back({joined(keys), rows[i].help});
            keys.clear();
        }
    }
    return lines;
}

bool HoldClasses::* member_of(HoldClass at) {
    switch (at) {
        case HoldClass::lifecycle:
            return &HoldClasses::lifecycle;
        case HoldClass::memory:
            return &HoldClasses::memory;
        case HoldClass::output:
            return &HoldClasses::output;
        case HoldClass::calls:
            return &HoldClasses::calls;
        case HoldClass::lines:
            return &HoldClasses::lines;
        case HoldClass::instructions:
            break;
    }
    return &HoldClasses::instructions;
}

}  // namespace procatlas
