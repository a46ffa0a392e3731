// The look of an action's button: the state of run and view that it shows, and whether it is enabled.
#include <algorithm>

#include "app/control/actions.h"

namespace procatlas {
namespace {

using Emphasis = ActionLook::Emphasis;

struct Looker {
    const LiveRun& run;
    const View& view;
    ActionLook look;

    [[nodiscard]] bool any_held() const {
        return std::ranges::any_of(run.world().processes, [](const Process& p) { return p.state == ProcessState::held; });
    }
    void show_on(bool on) { look.emphasis = on ? Emphasis::on : Emphasis::plain; }

    void operator()(const action::RunOrHold&) {
        const bool from_outside = run.launched() && run.launched()->approach == Approach::watch;  // there nobody can be held
        look.enabled = run.live() && !from_outside;
        look.emphasis = look.enabled ? Emphasis::primary : Emphasis::plain;
        if (run.holding() || !run.live()) {
            look.icon = "▶";
            look.label = "toolbar.run";
            look.tip = "tip.run";
        }
    }
    void operator()(const action::Step&) {
        const bool again = run.started() && !run.opened() && !run.live();
        look.enabled = (run.live() && any_held()) || again || view.moment.has_value();
        look.tip = again ? "tip.step_again" : "tip.step";
    }
    void operator()(const action::StepAll&) { look.enabled = run.live() && any_held(); }
    void operator()(const action::StopAll&) {
        look.enabled = run.live();
        if (run.ran_before()) {  // it is not ended, but left as it is
            look.label = "toolbar.leave";
            look.tip = "tip.leave";
        }
    }
    void operator()(const action::Restart&) { look.enabled = run.started() && !run.opened(); }
    void operator()(const action::ToggleHold& a) { show_on(run.hold_classes().*member_of(a.at)); }
    void operator()(const action::ToggleElsewhere&) { show_on(run.elsewhere()); }
    void operator()(const action::ToggleLibraries&) { show_on(run.followed() == FollowedCode::with_libraries); }
    void operator()(const action::OpenDialog& a) {
        look.enabled =
            a.dialog == Dialog::explore
                ? run.launched() || !view.exploration.title.empty()
                : (a.dialog != Dialog::save && a.dialog != Dialog::figure && a.dialog != Dialog::beside) || run.started();
        if (a.dialog == Dialog::share) {
            show_on(view.sharing.has_value());
        }
    }
    void operator()(const action::Travel& a) {
        const bool past = view.moment.has_value();
        const bool backwards = a.to == TravelTo::back || a.to == TravelTo::first;
        look.enabled = backwards ? view.moment.value_or(run.recording().last_moment()) > 0 : past;
        if (a.to == TravelTo::now) {
            // Where the program goes on behind a person's back, the way to it stands out.
            look.emphasis = past && run.live() && !run.holding() ? Emphasis::primary : Emphasis::plain;
            if (run.opened()) {  // what was recorded then has an end, but no present
                look.label = "timeline.end";
                look.tip = "tip.end";
            }
        }
    }
    void operator()(const action::CompareWith& a) { show_on(view.compare == a.what); }
    void operator()(const action::TogglePresent&) { look.enabled = run.started(); }
    void operator()(const action::ShowFace& a) { show_on(view.middle == a.face); }
    void operator()(const action::ToggleAddresses&) { show_on(view.middle == Middle::memory); }
    void operator()(const action::ShowAside& a) { show_on(view.aside == a.aside); }
    void operator()(const action::ToggleInside&) { show_on(view.middle == Middle::inside); }
    void operator()(const action::TogglePages&) { show_on(shows_pages(view)); }
    void operator()(const action::ShowInside& a) { show_on(view.inside_tab == a.tab); }
    void operator()(const action::ToggleInterpreter&) { show_on(view.interpreter); }
    void operator()(const action::ToggleTransitions&) { show_on(view.settings.transitions); }
    void operator()(const action::ToggleTheme&) { look.label = view.settings.dark ? "toolbar.light" : "toolbar.dark"; }
    // All other actions always look the same.
    template <typename Other>
    void operator()(const Other&) {}
};

}  // namespace

ActionLook look_of(const ActionRow& row, const LiveRun& run, const View& view) {
    Looker looker{run, view, {.icon = row.icon, .label = row.label, .tip = row.tip}};
    std::visit(looker, row.action);
    return looker.look;
}

}  // namespace procatlas
