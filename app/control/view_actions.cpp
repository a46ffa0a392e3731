#include "app/control/view_actions.h"

namespace procatlas {

void change(View& view, const action::SelectProcess& a) {
    view.selected = a.process;
    view.pinned = true;
    ++view.cues.show_selected;
}

void change(View& view, const action::ClickRegion& a) {
    view.region = a.region == view.region ? Hit{} : a.region;
    view.aside = Aside::details;
    view.tab = view.tab == Tab::memory ? Tab::details : view.tab;
}

void change(View& view, const action::LeaveRegion&) {
    view.region = {};
}

void change(View& view, const action::ToggleAllRegions&) {
    view.all_regions = !view.all_regions;
    view.middle = Middle::memory;
}

void change(View& view, const action::ToggleLauncher&) {
    view.choice.launcher_open = !view.choice.launcher_open;
}

void change(View& view, const action::ToggleHelpers&) {
    view.choice.helpers_open = !view.choice.helpers_open;
}

void change(View& view, const action::ToggleSubtree& a) {
    toggle_fold(view.choice, a.process);
}

void change(View& view, const action::ToggleSelectedSubtree&) {
    toggle_fold(view.choice, view.selected);
}

void change(View& view, const action::FilterProcesses& a) {
    view.choice.program = a.program;
    view.choice.state = a.state;
}

void change(View& view, const action::ShowAllProcesses&) {
    view.choice = {.launcher_open = true, .helpers_open = true};
}

void change(View& view, const action::FocusFilter&) {
    ++view.cues.filter;
    view.tab = view.tab == Tab::timeline ? view.tab : Tab::tree;
}

void change(View& view, const action::ShowAllRegions& a) {
    view.all_regions = a.all;
}

void change(View& view, const action::OpenSearch&) {
    view.dialog = view.dialog == Dialog::none ? Dialog::search : view.dialog;
}

void change(View& view, const action::OpenMenu& a) {
    view.menu = a.thing;
    ++view.cues.menu;
}

void change(View& view, const action::OpenMenuOfSelection&) {
    const bool region = view.region.kind == HitKind::region;
    change(view, action::OpenMenu{{.kind = region ? ThingKind::region : ThingKind::process,
                                   .process = region ? view.region.process : view.selected,
                                   .address = region ? view.region.address : 0}});
}

void change(View& view, const action::TogglePresent&) {
    view.presents = !view.presents;
}

void change(View& view, const action::ShowFace& a) {
    view.middle = a.face;
    view.tab = Tab::memory;
}

void change(View& view, const action::ToggleAddresses&) {
    view.middle = view.middle == Middle::memory ? Middle::textbook : Middle::memory;
}

void change(View& view, const action::ShowAside& a) {
    view.aside = a.aside;
    view.tab = Tab::details;
}

void change(View& view, const action::ToggleInside&) {
    view.middle = view.middle == Middle::inside ? Middle::textbook : Middle::inside;
}

void change(View& view, const action::TogglePages&) {
    view.middle = shows_pages(view) ? Middle::textbook : Middle::pages;
}

void change(View& view, const action::ToggleSideBySide&) {
    view.middle = view.middle == Middle::side_by_side ? Middle::pages : Middle::side_by_side;
}

void change(View& view, const action::ShowPages& a) {
    view.middle = a.how;
}

void change(View& view, const action::ShowInside& a) {
    view.middle = Middle::inside;
    view.inside_tab = a.tab;
    view.tab = Tab::memory;
}

void change(View& view, const action::ToggleInterpreter&) {
    view.interpreter = !view.interpreter;
}

void change(View& view, const action::FocusWhere&) {
    ++view.cues.focus_where;
    view.aside = Aside::details;
    view.tab = Tab::details;
}

void change(View& view, const action::LookAtBytes& a) {
    view.bytes_of = a.wanted;
    view.selected = a.process;
    view.pinned = true;
    change(view, action::ShowInside{InsideTab::bytes});
}

void change(View& view, const action::LookAtRecordedBytes&) {
    view.bytes_of.reset();
}

void change(View& view, const action::CloseDialog&) {
    view.dialog = Dialog::none;
}

void change(View& view, const action::ToggleHelp&) {
    view.dialog = view.dialog == Dialog::help ? Dialog::none : Dialog::help;
}

void change(View& view, const action::Escape&) {
    if (view.whole && view.dialog == Dialog::none && !view.presents) {
        view.whole.reset();
        return;
    }
    view.presents = view.presents && view.dialog != Dialog::none;
    view.dialog = Dialog::none;
    view.region = {};
    view.pinned = false;
    view.where.reset();
    view.bytes_of.reset();
}

void change(View& view, const action::ShowTab& a) {
    view.tab = a.tab;
}

void change(View& view, const action::ToggleWhole&) {
    if (view.whole) {
        view.whole.reset();
    } else {
        ++view.cues.whole;  // the window knows which panel is meant
    }
}

void change(View& view, const action::ShowWhole& a) {
    view.whole = view.whole == a.tab ? std::nullopt : std::optional(a.tab);
}

void change(View& view, const action::TypeAnswer&) {
    ++view.cues.answer;
}

void change(View& view, const action::ToggleNote&) {
    view.notes = !view.notes;
}

void change(View&, const action::LeaveField&) {}

void change(View& view, const action::FocusInput&) {
    ++view.cues.focus_input;
    view.tab = Tab::output;
}

void change(View& view, const action::CopyText&) {
    ++view.cues.copy_text;
}

void change(View& view, const action::HoldAtStart& a) {
    view.hold_at_start = a.hold;
}

void change(View& view, const action::DismissMessage&) {
    view.message = {};
}

}  // namespace procatlas
