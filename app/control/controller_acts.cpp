// What the controller does at each action of the user.
#include <algorithm>
#include <utility>
#include <variant>

#include "app/control/command_split.h"
#include "app/control/controller.h"
#include "app/control/own_program_text.h"
#include "app/control/view_actions.h"
#include "app/control/view_moves.h"
#include "app/control/write_figure.h"

namespace procatlas {

// One function per action: a missing one does not compile. view_actions.h handles those that only change the view.
class Controller::Doer {
public:
    Doer(Controller& controller, std::span<const std::size_t> tree_order) : c_(controller), tree_order_(tree_order) {}

    void operator()(const action::RunOrHold&) { c_.run_or_hold(); }
    void operator()(const action::Step&) { c_.step(); }
    void operator()(const action::StepAll&) { c_.told(c_.run_.step(0)); }
    void operator()(const action::StopAll&) { c_.told(c_.run_.stop()); }
    void operator()(const action::Restart&) {
        if (c_.run_.started() && !c_.run_.opened()) {
            c_.restart(c_.view_.hold_at_start || c_.run_.holding() ? AtFirstEvent::holds : AtFirstEvent::runs);
        }
    }
    void operator()(const action::Escape& a) {
        if ((c_.view_.beside.runs || c_.view_.beside.reading) && c_.view_.dialog == Dialog::none) {
            return c_.leave_beside();
        }
        if (c_.lesson_ && c_.view_.dialog == Dialog::none && !c_.view_.presents && !c_.view_.whole) {
            c_.leave_lesson();
        }
        change(c_.view_, a);
    }
    void operator()(const action::StartLesson& a) { c_.start_lesson(a.name); }
    void operator()(const action::LeaveLesson&) { c_.leave_lesson(); }
    void operator()(const action::NextStep&) {
        if (!c_.lesson_ || c_.lesson_->walk().at_last()) {
            return c_.go_on_with_course();
        }
        c_.go_on_with_lesson([](LessonSession& lesson) { lesson.next(); });
    }
    void operator()(const action::LastStep&) {
        c_.go_on_with_lesson([](LessonSession& lesson) { lesson.back(); });
    }
    void operator()(const action::GiveAnswer& a) {
        c_.go_on_with_lesson([&](LessonSession& lesson) { lesson.answer(a.words); });
    }
    void operator()(const action::ChooseItem& a) {
        if (!c_.lesson_) {
            return;
        }
        c_.lesson_->choose(a.item);
        if (auto order = c_.lesson_->walk().chosen_order()) {  // a whole order is an answer, as a choice is
            c_.go_on_with_lesson([&](LessonSession& lesson) { lesson.answer(std::move(*order)); });
        }
    }
    void operator()(const action::ClickPlace& a) {
        if (auto words = c_.lesson_ && c_.lesson_->asks_place() == a.place.of
                             ? place_words(c_.run_.recording(), c_.shown(), a.place)
                             : std::nullopt) {
            c_.go_on_with_lesson([&](LessonSession& lesson) { lesson.answer(std::move(*words)); });
        }
    }
    void operator()(const action::Launch& a) {
        if (a.teaching && c_.refuses_far("far.no_example")) {
            return;
        }
        c_.leave_lesson();
        if (a.teaching) {
            c_.told(c_.run_.set_hold_classes(a.teaching->stop_at));
            c_.view_.middle = a.teaching->face;
        }
        LaunchCommand launch = a.launch;
        launch.hold = launch.hold || a.teaching.has_value();
        c_.own_.forget();
        c_.launch(std::move(launch), a.title);
        c_.seeker_.begin(a.teaching      ? OwnCodeSeeker::Seeks::own_code
                         : a.launch.hold ? OwnCodeSeeker::Seeks::its_program
                                         : OwnCodeSeeker::Seeks::no);
    }
    void operator()(const action::RunProgram& a) { c_.run_program(a.run); }
    void operator()(const action::CancelProgram&) { c_.own_.cancel(c_.view_.own); }
    void operator()(const action::ListFolder& a) { c_.own_.list(without_tilde(a.path)); }
    void operator()(const action::RememberCommand& a) {
        remember_command(c_.view_.settings, a.command);
        c_.remember();
    }
    void operator()(const action::TypeInput& a) { c_.told(c_.run_.send(InputCommand{a.bytes})); }
    void operator()(const action::GiveCapAnswer& a) { c_.told(c_.run_.answer_cap(a.answer)); }
    void operator()(const action::SetDelay& a) { c_.set_delay(a.milliseconds); }
    void operator()(const action::ChangeDelay& a) { c_.set_delay(c_.view_.settings.delay_ms + a.by_milliseconds); }
    void operator()(const action::ToggleHold& a) { c_.toggle_hold(a.at); }
    void operator()(const action::ToggleElsewhere&) { c_.toggle_elsewhere(); }
    void operator()(const action::ToggleLibraries&) { c_.toggle_libraries(); }
    void operator()(const action::ToggleLineStop& a) { c_.toggle_line_stop(a.stop); }
    void operator()(const action::ToggleVariableStop& a) { c_.toggle_variable_stop(a.stop); }
    void operator()(const action::ClearStops&) {
        c_.view_.message = {};  // it may tell of a stop
        c_.told(c_.run_.set_stop_points({}));
    }
    void operator()(const action::TextCopied& a) {
        std::string shown = a.text;
        std::ranges::replace(shown, '\n', ' ');
        c_.view_.message = shown.empty() ? Message{std::string(c_.words().text("message.nothing_selected")), false}
                                         : Message{c_.words().format("message.copied", shown), true};
    }
    // A lesson's panels are chosen by its steps.
    void operator()(const action::ToggleWhole& a) { c_.lesson_ ? void() : change(c_.view_, a); }
    void operator()(const action::ShowWhole& a) { c_.lesson_ ? void() : change(c_.view_, a); }

    void operator()(const action::OpenFile& a) { c_.open(a.path); }
    void operator()(const action::OpenParted& a) { c_.open_parted(a.path, a.other); }
    void operator()(const action::CompareFiles& a) { c_.compare_files(a.first, a.second); }
    void operator()(const action::LookBeside& a) { c_.view_.beside.step = a.step; }
    void operator()(const action::LeaveBeside&) { c_.leave_beside(); }
    void operator()(const action::TakeDropped& a) {
        if (source_language_of(a.path)) {
            c_.run_program({{a.path, {}}, "", c_.view_.hold_at_start ? AtFirstEvent::holds : AtFirstEvent::runs});
        } else {
            c_.open(a.path);
        }
    }
    void operator()(const action::SaveRecording& a) { c_.report(c_.save(a.path, a.who), "save.done", a.path); }
    void operator()(const action::ExportFigure& a) {
        if (a.request.steps && !a.request.file.empty()) {
            return c_.export_steps(a.request);
        }
        c_.report(write_figure(a.request, c_.run_, c_.view_, c_.shown(), c_.recording_file(), c_.words()),
                  a.request.file.empty() ? "export.copied" : "export.done", a.request.file);
    }

    void operator()(const action::StopExport&) { c_.stop_export(); }

    void operator()(const action::GoTo& a) { c_.look_at(a.moment); }
    void operator()(const action::Travel& a) { c_.view_.beside.runs ? travel_beside(c_.view_.beside, a.to) : c_.travel(a.to); }
    void operator()(const action::CompareWith& a) {
        c_.view_.compare = a.what;
        if (a.what == Compare::since) {
            c_.view_.compare_since = c_.view_.moment.value_or(c_.run_.recording().last_moment());
        }
    }

    void operator()(const action::SelectNeighbour& a) { select_neighbour(c_.view_, tree_order_, a.which); }
    void operator()(const action::ClickProcess& a) {
        c_.view_.selected = a.process;
        c_.view_.pinned = true;
        c_.view_.region = {};
        add_column(c_.view_, c_.run_.world());
    }
    void operator()(const action::TurnColumns& a) { turn_columns(c_.view_, c_.shown(), a.which); }
    void operator()(const action::ToggleColumn&) { toggle_column(c_.view_, c_.run_.world()); }
    void operator()(const action::ShowRegion& a) {
        c_.view_.selected = a.process;
        add_column(c_.view_, c_.run_.world());
        if (a.region.kind == HitKind::region) {
            c_.view_.region = a.region;
        }
    }
    void operator()(const action::MoveSplit& a) {
        float& share = c_.view_.settings.shares.*a.share;
        share = std::clamp(share + a.by, share_min, share_max);
    }
    void operator()(const action::AskAddress& a) { c_.ask_address(a.address); }

    void operator()(const action::OpenExamples&) { c_.view_.cues.examples += c_.view_.dialog == Dialog::none ? 1 : 0; }
    void operator()(const action::OpenDialog& a) { c_.open_dialog(a.dialog); }
    void operator()(const action::Share& a) { c_.share(a.with, a.asks_names); }
    void operator()(const action::EndSharing&) { c_.end_sharing(); }
    void operator()(const action::ToggleLanguage&) {
        c_.view_.settings.language = c_.view_.settings.language == "ko" ? "en" : "ko";
        c_.remember();
    }
    void operator()(const action::ToggleTheme&) {
        c_.view_.settings.dark = !c_.view_.settings.dark;
        c_.remember();
    }
    void operator()(const action::ToggleTransitions&) {
        c_.view_.settings.transitions = !c_.view_.settings.transitions;
        c_.remember();
    }
    void operator()(const action::Zoom& a) {
        c_.view_.settings.zoom = next_zoom(c_.view_.settings.zoom, a.to);
        c_.remember();
    }

    template <typename ViewAction>
        requires requires(View& view, const ViewAction& a) { change(view, a); }
    void operator()(const ViewAction& a) {
        change(c_.view_, a);
    }

private:
    Controller& c_;
    std::span<const std::size_t> tree_order_;
};

namespace {

// Whether an action lets processes run. While the window asks about the process cap, only an answer may.
bool lets_run(const Action& action) {
    const auto* travel = std::get_if<action::Travel>(&action);
    return std::holds_alternative<action::RunOrHold>(action) || std::holds_alternative<action::Step>(action) ||
           std::holds_alternative<action::StepAll>(action) || (travel && travel->to == TravelTo::forward);
}

// Whether an action changes what runs; in a lesson its steps do that.
bool is_of_the_run(const Action& action) {
    return std::holds_alternative<action::RunOrHold>(action) || std::holds_alternative<action::Step>(action) ||
           std::holds_alternative<action::StepAll>(action) || std::holds_alternative<action::StopAll>(action) ||
           std::holds_alternative<action::Restart>(action) || std::holds_alternative<action::ToggleHold>(action) ||
           std::holds_alternative<action::ToggleLibraries>(action) || std::holds_alternative<action::ToggleElsewhere>(action) ||
           std::holds_alternative<action::ToggleLineStop>(action) ||
           std::holds_alternative<action::ToggleVariableStop>(action) || std::holds_alternative<action::ClearStops>(action);
}

// Whether steps that were asked for before it are still wanted.
bool steps_on(const Action& action) {
    const auto* travel = std::get_if<action::Travel>(&action);
    return std::holds_alternative<action::Step>(action) || (travel && travel->to == TravelTo::forward) ||
           !(travel || is_of_the_run(action) || std::holds_alternative<action::GoTo>(action) ||
             std::holds_alternative<action::Launch>(action));
}

// Whether an action shows what a question has veiled.
bool gives_away(const Action& action) {
    return std::holds_alternative<action::AskAddress>(action) || std::holds_alternative<action::ShowFace>(action) ||
           std::holds_alternative<action::ToggleAddresses>(action) || std::holds_alternative<action::ToggleInside>(action) ||
           std::holds_alternative<action::TogglePages>(action) || std::holds_alternative<action::ToggleSideBySide>(action) ||
           std::holds_alternative<action::ShowPages>(action) || std::holds_alternative<action::ShowInside>(action) ||
           std::holds_alternative<action::ToggleAllRegions>(action) || std::holds_alternative<action::ShowAllRegions>(action) ||
           std::holds_alternative<action::Travel>(action) || std::holds_alternative<action::GoTo>(action) ||
           std::holds_alternative<action::OpenMenu>(action) || std::holds_alternative<action::OpenMenuOfSelection>(action) ||
           std::holds_alternative<action::OpenSearch>(action) || std::holds_alternative<action::LookAtBytes>(action);
}

}  // namespace

void Controller::act(const std::vector<Action>& actions, std::span<const std::size_t> tree_order) {
    for (const Action& action : actions) {
        const bool answered_first = lesson_ && lesson_->walk().open();
        if (lesson_ && (is_of_the_run(action) || (answered_first && gives_away(action)))) {
            continue;  // a lesson decides what runs, and what is seen before an answer
        }
        if (lesson_ && std::holds_alternative<action::ToggleColumn>(action)) {
            continue;  // Enter is for the answer, and its steps say whose memory is shown
        }
        if (view_.beside.runs && is_of_the_run(action)) {
            continue;  // it is not to be seen
        }
        if (!steps_on(action)) {
            asked_steps_.forget();
        }
        if (view_.message.good && (lets_run(action) || std::holds_alternative<action::Restart>(action))) {
            view_.message = {};  // it was about what comes next, and lies above the timeline
        }
        if (!run_.cap_question() || !lets_run(action)) {
            std::visit(Doer(*this, tree_order), action);
        }
    }
    if (view_.own.preparing && view_.dialog != Dialog::program) {  // the person has closed the dialog
        own_.cancel(view_.own);
    }
}

}  // namespace procatlas
