#include "app/view_actions.h"

#include <algorithm>

namespace procatlas {
namespace {

void show_inside(ViewState& view, InsideTab tab) {
    view.middle = Middle::inside;
    view.inside_tab = tab;
    view.tab = Tab::memory;
}

}  // namespace

bool change_view(ViewState& view, Action action) {
    switch (action) {
        case Action::all_regions:
            view.all_regions = !view.all_regions;
            return true;
        case Action::compare_event:
            view.compare = Compare::event;
            return true;
        case Action::compare_processes:
            view.compare = Compare::processes;
            return true;
        case Action::slower:
            view.settings.delay_ms = std::min(view.settings.delay_ms + 100, delay_max_ms);
            return true;
        case Action::faster:
            view.settings.delay_ms = std::max(view.settings.delay_ms - 100, 0);
            return true;
        case Action::inside:
            view.middle = view.middle == Middle::inside ? Middle::memory : Middle::inside;
            return true;
        case Action::pages:
            view.middle = shows_pages(view) ? Middle::memory : Middle::pages;
            return true;
        case Action::pages_side_by_side:
            view.middle = view.middle == Middle::side_by_side ? Middle::pages : Middle::side_by_side;
            return true;
        case Action::inside_stack:
            show_inside(view, InsideTab::stack);
            return true;
        case Action::inside_source:
            show_inside(view, InsideTab::source);
            return true;
        case Action::inside_code:
            show_inside(view, InsideTab::code);
            return true;
        case Action::inside_bytes:
            show_inside(view, InsideTab::bytes);
            return true;
        case Action::where:
            view.focus_where = true;
            view.tab = Tab::details;
            return true;
        case Action::input:
            view.focus_input = true;
            view.tab = Tab::output;
            return true;
        case Action::help:
            view.dialog = view.dialog == Dialog::help ? Dialog::none : Dialog::help;
            return true;
        case Action::close:
            view.dialog = Dialog::none;
            view.region = {};
            view.where.reset();
            view.pointed.reset();
            view.bytes_of.reset();
            return true;
        default:
            return false;
    }
}

}  // namespace procatlas
