// What a person asks for, carried out on a program that exists in a list of events only; no window.
#include "app/control/controller.h"

#include <doctest/doctest.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "app/control/command_split.h"
#include "app/control/view_moves.h"
#include "core/model/inside.h"
#include "core/narrate/missing_inside.h"
#include "core/store/read_recording.h"
#include "tests/scratch_folder.h"
#include "tests/support/scripted_run.h"

using namespace procatlas;

namespace {

Messages messages_in(const std::string& language) {
    auto read = read_messages(PROCATLAS_SOURCE_DIR "/assets/locale/" + language + ".json");
    REQUIRE(read);
    return std::move(*read);
}

ObservedEvent held(ObservedEvent event) {
    event.held = true;
    return event;
}

// Two processes, of which the child is held; then events enough to travel among.
std::vector<ObservedEvent> held_child() {
    auto events = two_processes();
    events.push_back(event_of(10, ContinueEvent{}));
    events.push_back(held(event_of(11, SignalEvent{})));
    return events;
}

// A controller with folders of its own for settings and recordings.
class Desk {
public:
    explicit Desk(std::vector<ObservedEvent> events, Settings settings = Settings{.language = "en", .delay_ms = 0},
                  std::size_t batch = 0)
        : program(std::move(events), batch), controller(program.starter(), std::move(settings), english, korean) {}

    void act(Action action) { controller.act({std::move(action)}, tree_order); }
    void launch() {
        act(action::Launch{launch_of({"sh"}), "sh"});
        controller.pump();
        controller.follow_columns(2);
    }
    [[nodiscard]] const View& view() const { return controller.view(); }
    std::string write(const std::string& name, std::string_view text) const {
        std::ofstream(folder / name) << text;
        return folder.path(name);
    }
    // Pumps until it is so, for at most a minute.
    template <typename Condition>
    void pump_until(Condition condition) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
        while (!condition() && std::chrono::steady_clock::now() < deadline) {
            pollfd wait{std::ranges::max(controller.descriptors()), POLLIN, 0};
            ::poll(&wait, 1, 100);
            controller.pump();
        }
        REQUIRE(condition());
    }
    void run_own(const std::string& file, std::vector<std::string> arguments = {}) {
        act(action::RunProgram{{{file, std::move(arguments)}, {}, AtFirstEvent::runs}});
        pump_until([&] { return !view().own.preparing; });
    }
    [[nodiscard]] std::string said(std::string_view key) const { return std::string(english.text(key)); }

    const ScratchFolder folder;
    const int config = ::setenv("XDG_CONFIG_HOME", folder.path("config").c_str(), 1);
    const int cache = ::setenv("XDG_CACHE_HOME", folder.path("cache").c_str(), 1);
    const int state = ::setenv("XDG_STATE_HOME", folder.path("state").c_str(), 1);
    const Messages english = messages_in("en");
    const Messages korean = messages_in("ko");
    const std::vector<std::size_t> tree_order{0, 1};
    ScriptedProgram program;
    Controller controller;
};

}  // namespace

TEST_CASE("Controller starts a program as the settings want it, and looks at it from the start") {
    Desk desk(two_processes(), Settings{.language = "en", .delay_ms = 300});
    desk.launch();
    REQUIRE(desk.program.launches.size() == 1);
    CHECK(desk.program.launches[0].delay == std::chrono::milliseconds(300));
    CHECK(desk.program.launches[0].pages);
    CHECK(desk.controller.run().title() == "sh");
    CHECK(desk.view().columns == std::vector<std::size_t>{0, 1});
    CHECK(!desk.view().moment);
    CHECK(std::filesystem::exists(desk.controller.run().file()));
    CHECK(desk.view().message.text.empty());
}

TEST_CASE("a program that cannot be started is told, in the language of the window") {
    Desk desk({}, Settings{.language = "ko", .delay_ms = 0});
    desk.program.problem = "no such file";
    desk.launch();
    CHECK(desk.view().message.text == desk.korean.format("message.start_failed", "no such file"));
    CHECK(!desk.view().message.good);
    desk.act(action::DismissMessage{});
    CHECK(desk.view().message.text.empty());
}

TEST_CASE("run and hold take turns, and what is typed reaches the program") {
    Desk desk(two_processes());
    desk.launch();
    desk.act(action::RunOrHold{});
    CHECK(desk.program.last_command<HoldCommand>());
    desk.act(action::RunOrHold{});
    CHECK(desk.program.last_command<RunCommand>());
    desk.act(action::TypeInput{"yes\n"});
    REQUIRE(desk.program.last_command<InputCommand>());
    CHECK(desk.program.last_command<InputCommand>()->bytes == "yes\n");
    desk.act(action::StopAll{});
    CHECK(desk.program.last_command<StopAllCommand>());
}

TEST_CASE("a step goes to the held process, which is selected then") {
    Desk desk(held_child());
    desk.launch();
    REQUIRE(desk.view().selected == 0);
    const std::size_t shows = desk.view().cues.show_selected;
    desk.act(action::Step{});
    REQUIRE(desk.program.last_command<StepCommand>());
    CHECK(desk.program.last_command<StepCommand>()->pid == 11);
    CHECK(desk.view().selected == 1);
    CHECK(desk.view().cues.show_selected == shows + 1);
    desk.act(action::StepAll{});
    CHECK(desk.program.last_command<StepCommand>()->pid == 0);
}

TEST_CASE("in the past a step is one of the recording, and the program does not notice") {
    Desk desk(held_child());
    desk.launch();
    const std::size_t commands = desk.program.commands().size();
    desk.act(action::Travel{TravelTo::first});
    CHECK(desk.view().moment == 0u);
    CHECK(desk.controller.shown().processes.size() == 1);
    desk.act(action::Step{});
    CHECK(desk.view().moment == 1u);
    desk.act(action::Travel{TravelTo::forward});
    CHECK(desk.view().moment == 2u);
    CHECK(desk.view().selected == 0);  // whose event it was
    desk.act(action::Travel{TravelTo::back});
    CHECK(desk.view().moment == 1u);
    desk.act(action::GoTo{2});
    CHECK(desk.view().moment == 2u);
    CHECK(desk.program.commands().size() == commands);
    desk.act(action::Travel{TravelTo::forward});
    CHECK(!desk.view().moment);  // the last one is the present
    desk.act(action::Travel{TravelTo::first});
    desk.act(action::RunOrHold{});
    CHECK(!desk.view().moment);
    CHECK(desk.program.commands().size() == commands);
}

TEST_CASE("after the end a step starts the same program again, held at its first event") {
    auto events = two_processes();
    events.push_back(all_ended());
    Desk desk(events);
    desk.launch();
    REQUIRE(!desk.controller.run().live());
    desk.act(action::Step{});
    REQUIRE(desk.program.launches.size() == 2);
    CHECK(desk.program.launches[1].hold);
    desk.act(action::HoldAtStart{false});
    desk.act(action::Restart{});
    REQUIRE(desk.program.launches.size() == 3);
    CHECK(desk.program.launches[2].hold);  // it was held when it was started again
}

TEST_CASE("at the cap nothing goes on but by an answer") {
    auto events = held_child();
    ObservedEvent cap;
    cap.detail = NoteEvent{.code = NoteCode::cap_reached, .text = "", .number = 256};
    events.push_back(cap);
    Desk desk(events);
    desk.launch();
    desk.act(action::Travel{TravelTo::now});
    const std::size_t commands = desk.program.commands().size();
    for (const Action& action :
         std::vector<Action>{action::RunOrHold{}, action::Step{}, action::StepAll{}, action::Travel{TravelTo::forward}}) {
        desk.act(action);
    }
    CHECK(desk.program.commands().size() == commands);
    desk.act(action::GiveCapAnswer{CapAnswer::go_on});
    CHECK(desk.program.last_command<RunCommand>());
    desk.act(action::StepAll{});
    CHECK(desk.program.last_command<StepCommand>());
}

TEST_CASE("slow motion stays within its range, by slider and by key") {
    Desk desk(two_processes());
    desk.launch();
    desk.act(action::ChangeDelay{-100});
    CHECK(desk.view().settings.delay_ms == 0);
    desk.act(action::SetDelay{delay_max_ms});
    desk.act(action::ChangeDelay{100});
    CHECK(desk.view().settings.delay_ms == delay_max_ms);
    REQUIRE(desk.program.last_command<DelayCommand>());
    CHECK(desk.program.last_command<DelayCommand>()->delay == std::chrono::milliseconds(delay_max_ms));
}

TEST_CASE("an example in Python goes on past the start of its interpreter, to its own first line") {
    Inside nothing_yet;
    nothing_yet.error = no_script_yet;
    ExecEvent started;
    started.path = "/usr/bin/python3";
    ObservedEvent exec = held(event_of(10, std::move(started)));
    exec.inside = std::make_shared<const Inside>(std::move(nothing_yet));
    Desk desk({event_of(10, StartEvent{9, {"python3"}, "/"}), std::move(exec)});
    Teaching teaching;
    teaching.stop_at.lines = true;
    desk.act(action::Launch{launch_of({"python3", "x.py"}), "x.py", teaching});
    desk.controller.pump();
    CHECK(desk.program.last_command<StepCommand>());
    CHECK(missing_grains(desk.controller.run().world().processes.front(), desk.english) ==
          std::vector<std::string>{desk.english.format("inside.no_script_yet", "python3")});
}

TEST_CASE("holding at something finer starts the program again, held, and says so") {
    Desk desk(two_processes());
    desk.launch();
    desk.act(action::ToggleHold{HoldClass::memory});
    CHECK(desk.controller.run().hold_classes().memory);
    CHECK(desk.program.launches.size() == 1);
    desk.act(action::ToggleHold{HoldClass::lines});
    REQUIRE(desk.program.launches.size() == 2);
    CHECK(desk.program.launches.back().grain == Grain::lines);
    CHECK(desk.program.launches.back().hold);
    CHECK(desk.view().message.text == desk.said("message.finer_from_start"));
    desk.act(action::ToggleHold{HoldClass::lines});
    CHECK(desk.program.launches.size() == 2);
    CHECK(!desk.controller.run().hold_classes().lines);
}

TEST_CASE("the switch for libraries shows where it stands, and says that a program must be started anew for it") {
    Desk desk(two_processes());
    desk.act(action::ToggleHold{HoldClass::calls});
    desk.launch();
    const auto rows = action_table();
    const auto row = std::ranges::find(rows, std::string_view("libraries"), &ActionRow::name);
    REQUIRE(row != rows.end());
    const auto is_on = [&] { return look_of(*row, desk.controller.run(), desk.view()).emphasis == ActionLook::Emphasis::on; };
    CHECK(!is_on());
    desk.act(action::ToggleLibraries{});
    CHECK(is_on());
    CHECK(desk.view().message.text == desk.said("message.libraries_from_start"));
    desk.act(action::Restart{});
    CHECK(desk.program.launches.back().followed == FollowedCode::with_libraries);
    desk.act(action::ToggleLibraries{});
    CHECK(!is_on());
}

TEST_CASE("a second question about an address marks that one, in every arrangement of the panels") {
    Desk desk(two_processes());
    desk.launch();
    desk.act(action::ShowTab{Tab::memory});  // the output, which the pointer may rest on, is not drawn
    desk.act(action::AskAddress{Address{0x1000}});
    CHECK(marked_address(desk.view(), {}) == ProcessAddress{0, 0x1000});
    desk.act(action::AskAddress{Address{0x2000}});
    CHECK(marked_address(desk.view(), {}) == ProcessAddress{0, 0x2000});
    CHECK(marked_address(desk.view(), Pointer{ProcessAddress{1, 0x3000}}) == ProcessAddress{1, 0x3000});
    desk.act(action::SelectProcess{1});
    CHECK(marked_address(desk.view(), {}) == ProcessAddress{1, 0x2000});
    desk.act(action::AskAddress{std::nullopt});
    CHECK(!marked_address(desk.view(), {}));
    desk.act(action::AskAddress{Address{0x1000}});
    desk.act(action::Escape{});
    CHECK(!marked_address(desk.view(), {}));
}

TEST_CASE("what the pointer rests on is told by each draw anew") {
    Actions actions;
    actions.point_at({1, 0x1000});
    CHECK(actions.take_pointer().address == ProcessAddress{1, 0x1000});
    CHECK(!actions.take_pointer().address);
}

TEST_CASE("an address that is asked about is shown: in the memory columns, with one for its process") {
    Desk desk(two_processes());
    desk.launch();
    desk.controller.act({action::TogglePages{}, action::ClickProcess{1}, action::ClickProcess{1}}, desk.tree_order);
    REQUIRE(desk.view().middle == Middle::pages);
    desk.act(action::AskAddress{Address{0x1000}});
    CHECK(desk.view().middle == Middle::memory);
    CHECK(std::ranges::find(desk.view().columns, desk.view().selected) != desk.view().columns.end());
}

TEST_CASE("in the tree a click selects and shows the memory, and a second one takes nothing away") {
    Desk desk(two_processes());
    desk.launch();
    desk.act(action::ClickRegion{{HitKind::region, 0, 0x1000}});
    desk.act(action::ClickProcess{1});
    CHECK(desk.view().selected == 1);
    CHECK(desk.view().region == Hit{});
    CHECK(desk.view().columns == std::vector<std::size_t>{0, 1});
    desk.act(action::ClickProcess{1});
    CHECK(desk.view().columns == std::vector<std::size_t>{0, 1});
    desk.act(action::ToggleColumn{});
    CHECK(desk.view().columns == std::vector<std::size_t>{0});
    desk.act(action::ClickProcess{0});
    CHECK(desk.view().selected == 0);
    desk.act(action::SelectNeighbour{Neighbour::below});
    CHECK(desk.view().selected == 1);
    desk.act(action::SelectNeighbour{Neighbour::below});
    CHECK(desk.view().selected == 1);  // the last one
    desk.controller.follow_columns(2);
    CHECK(desk.view().columns == std::vector<std::size_t>{0});  // chosen by hand
    desk.act(action::ClickProcess{0});
    desk.act(action::ToggleColumn{});
    CHECK(desk.view().columns == std::vector<std::size_t>{0});  // an empty stage shows nobody anything
}

TEST_CASE("a region is chosen by a click, let go by a second one, and shown from the output") {
    Desk desk(two_processes());
    desk.launch();
    const Hit region{HitKind::region, 1, 0x1000};
    desk.act(action::ClickRegion{region});
    CHECK(desk.view().region == region);
    CHECK(desk.view().tab == Tab::details);
    CHECK(process_in_details(desk.view(), desk.controller.shown()) == 1u);
    desk.act(action::ClickRegion{region});
    CHECK(desk.view().region == Hit{});
    CHECK(process_in_details(desk.view(), desk.controller.shown()) == 0u);
    desk.act(action::ShowRegion{1, region});
    CHECK(desk.view().selected == 1);
    CHECK(desk.view().region == region);
    desk.act(action::ShowRegion{0, {}});
    CHECK(desk.view().region == region);
}

TEST_CASE("the middle shows memory, pages or the inside, whichever was asked for last") {
    Desk desk(two_processes());
    desk.launch();
    desk.act(action::TogglePages{});
    CHECK(desk.view().middle == Middle::pages);
    desk.act(action::ToggleSideBySide{});
    CHECK(desk.view().middle == Middle::side_by_side);
    desk.act(action::TogglePages{});
    CHECK(desk.view().middle == Middle::textbook);
    desk.act(action::LookAtBytes{{{11, 11}, {0x1000, 0x2000}}, 1});
    CHECK(desk.view().middle == Middle::inside);
    CHECK(desk.view().inside_tab == InsideTab::bytes);
    CHECK(desk.view().selected == 1);
    CHECK(desk.view().bytes_of.has_value());
    desk.act(action::LookAtRecordedBytes{});
    CHECK(!desk.view().bytes_of);
    desk.act(action::ToggleInside{});
    CHECK(desk.view().middle == Middle::textbook);
    desk.act(action::GoTo{0});
    desk.act(action::CompareWith{Compare::since});
    CHECK(desk.view().compare_since == 0);
    CHECK(desk.view().compare == Compare::since);
}

TEST_CASE("saving a recording replaces no file that somebody else has made") {
    Desk desk(held_child());
    desk.launch();
    const std::string thesis = desk.folder.path("thesis.procatlas");
    std::ofstream(thesis) << "mine";
    desk.act(action::SaveRecording{thesis});
    CHECK(desk.view().message.text == desk.english.format("save.exists", thesis));
    CHECK(!desk.view().message.good);
    std::string kept;
    std::getline(std::ifstream(thesis), kept);
    CHECK(kept == "mine");
    const std::string free = desk.folder.path("free.procatlas");
    for (int again = 0; again < 2; ++again) {
        desk.act(action::SaveRecording{free});
        CHECK(desk.view().message.text == desk.english.format("save.done", free));
    }
}

TEST_CASE("a recording is saved, opened again, and a figure of it opens its moment") {
    Desk desk(held_child());
    desk.launch();
    const std::string saved = desk.folder.path("saved.procatlas");
    const std::string figure = desk.folder.path("figure.svg");
    const auto events_saved = [&] {
        desk.act(action::SaveRecording{saved});
        const auto read = read_recording(saved);
        REQUIRE(read);
        return read->recording.events().size();
    };
    while (events_saved() < 4) {  // the file is a moment behind, and the test's deadline the end of this
    }
    CHECK(desk.view().message.text == desk.english.format("save.done", saved));
    CHECK(desk.view().message.good);
    desk.act(action::GoTo{1});
    FigureRequest request;
    request.view = FigureView::tree;
    request.file = figure;
    desk.act(action::ExportFigure{request});
    CHECK(desk.view().message.text == desk.english.format("export.done", figure));
    desk.act(action::OpenFile{saved});
    CHECK(desk.controller.run().opened());
    CHECK(desk.controller.run().recording().events().size() == 4);
    CHECK(!desk.view().moment);
    CHECK(!desk.controller.recent().empty());
    desk.act(action::OpenFile{figure});
    CHECK(desk.view().moment == 1u);
    const auto rows = action_table();
    const auto last = std::ranges::find(rows, std::string_view("now"), &ActionRow::name);
    REQUIRE(last != rows.end());
    const ActionLook look = look_of(*last, desk.controller.run(), desk.view());
    CHECK(look.label == "timeline.end");  // what was recorded then has no present
    CHECK(look.enabled);
    CHECK(look.emphasis == ActionLook::Emphasis::plain);
    desk.act(action::OpenFile{"/none/of/this"});
    CHECK(!desk.view().message.good);
    CHECK(desk.view().message.text.find("/none/of/this") != std::string::npos);
    CHECK(desk.controller.run().opened());  // what was there stays
}

TEST_CASE("figures of every step are made beside the window, which tells how far they are and can stop them") {
    Desk desk(held_child());
    desk.launch();
    const std::string saved = desk.folder.path("saved.procatlas");
    const auto events_saved = [&] {
        desk.act(action::SaveRecording{saved});
        const auto read = read_recording(saved);
        REQUIRE(read);
        return read->recording.events().size();
    };
    while (events_saved() < 4) {
    }
    desk.act(action::OpenFile{saved});
    FigureRequest request;
    request.view = FigureView::tree;
    request.steps = true;
    request.file = desk.folder.path("step.svg");
    desk.act(action::ExportFigure{request});
    REQUIRE(desk.view().series);
    desk.pump_until([&] { return !desk.view().series; });
    CHECK(desk.view().message.text == desk.english.format("export.done", request.file));
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(desk.folder.path())) {
        files += entry.path().filename().string().starts_with("step-") ? 1 : 0;
    }
    CHECK(files > 1);
    desk.act(action::ExportFigure{request});  // what is there stays
    desk.pump_until([&] { return !desk.view().series; });
    CHECK(!desk.view().message.good);
    request.file = desk.folder.path("other.svg");
    desk.act(action::ExportFigure{request});
    desk.act(action::StopExport{});
    CHECK(!desk.view().series);
    CHECK(desk.view().message.text.starts_with("Stopped after "));
    desk.controller.pump();
    CHECK(desk.view().message.text.starts_with("Stopped after "));
}

TEST_CASE("two recordings stand side by side, at the moments of the same events, until they part") {
    Desk desk(held_child());
    desk.act(action::OpenDialog{Dialog::beside});
    CHECK(desk.view().dialog == Dialog::none);  // there is nothing to put it beside
    desk.launch();
    const std::string saved = desk.folder.path("saved.procatlas");
    const auto events_saved = [&] {
        desk.act(action::SaveRecording{saved});
        const auto read = read_recording(saved);
        REQUIRE(read);
        return read->recording.events().size();
    };
    while (events_saved() < 4) {
    }
    desk.act(action::OpenDialog{Dialog::beside});
    CHECK(desk.view().dialog == Dialog::beside);
    desk.act(action::CloseDialog{});
    desk.act(action::CompareFiles{"", saved});
    CHECK(desk.view().message.text == desk.said("beside.reading"));
    desk.pump_until([&] { return !desk.view().beside.reading; });
    REQUIRE(desk.view().beside.runs);
    CHECK(desk.view().message.text.empty());
    const Beside& beside = *desk.view().beside.runs;
    CHECK(beside.second.name == "saved.procatlas");
    CHECK(beside.comparison.all == Sameness::equal);
    CHECK(!beside.parting);
    CHECK(desk.view().beside.step + 1 == beside.steps.size());
    for (const auto& [first, second] : beside.steps) {
        CHECK(first == second);
    }
    const auto moment = desk.view().moment;
    desk.act(action::Travel{TravelTo::first});
    CHECK(desk.view().beside.step == 0);
    desk.act(action::Travel{TravelTo::forward});
    CHECK(desk.view().beside.step == 1);
    CHECK(desk.view().moment == moment);  // of the run behind it
    desk.act(action::Escape{});
    CHECK(!desk.view().beside.runs);
    CHECK(desk.controller.run().started());
    desk.act(action::CompareFiles{saved, desk.folder.path("none")});
    desk.pump_until([&] { return !desk.view().beside.reading; });
    CHECK(!desk.view().beside.runs);
    CHECK(!desk.view().message.good);
    CHECK(desk.view().message.text.find("none") != std::string::npos);
}

TEST_CASE("dialogs open where there is something to do, and close by Escape") {
    Desk desk(two_processes());
    desk.act(action::OpenDialog{Dialog::save});
    desk.act(action::OpenDialog{Dialog::figure});
    CHECK(desk.view().dialog == Dialog::none);
    desk.launch();
    desk.act(action::OpenDialog{Dialog::figure});
    CHECK(desk.view().dialog == Dialog::figure);
    const std::size_t examples = desk.view().cues.examples;
    desk.act(action::OpenExamples{});
    CHECK(desk.view().cues.examples == examples);  // not behind a dialog
    desk.act(action::Escape{});
    CHECK(desk.view().dialog == Dialog::none);
    desk.act(action::ToggleHelp{});
    CHECK(desk.view().dialog == Dialog::help);
    desk.act(action::CloseDialog{});
    desk.act(action::OpenExamples{});
    CHECK(desk.view().cues.examples == examples + 1);
}

TEST_CASE("language, theme and zoom are remembered at once") {
    Desk desk(two_processes());
    desk.act(action::ToggleLanguage{});
    desk.act(action::ToggleTheme{});
    desk.act(action::Zoom{ZoomTo::larger});
    const auto read = read_settings(settings_file());
    REQUIRE(read);
    CHECK(read->language == "ko");
    CHECK(read->dark);
    CHECK(read->zoom == 110);
    desk.act(action::Zoom{ZoomTo::normal});
    desk.act(action::Zoom{ZoomTo::smaller});
    CHECK(desk.view().settings.zoom == 90);
    CHECK(&desk.controller.words() == &desk.korean);
}

TEST_CASE("resident pages are asked for while the details are shown, of the process that they tell of") {
    Desk desk(two_processes());
    desk.launch();
    const std::size_t commands = desk.program.commands().size();
    desk.controller.attend(false);
    CHECK(desk.program.commands().size() == commands);
    desk.act(action::ClickRegion{{HitKind::region, 1, 0x1000}});
    desk.controller.attend(true);
    REQUIRE(desk.program.last_command<MeasureCommand>());
    CHECK(desk.program.last_command<MeasureCommand>()->pid == 11);
}

TEST_CASE("a file that goes away while the program runs is told in the window") {
    Desk desk(two_processes());
    desk.act(action::Launch{launch_of({"sh"}), "sh"});
    std::filesystem::remove_all(desk.folder / "state");
    while (desk.view().message.text.empty()) {
        std::vector<pollfd> waits;
        for (const int descriptor : desk.controller.run().descriptors()) {
            waits.push_back({descriptor, POLLIN, 0});
        }
        REQUIRE(::poll(waits.data(), waits.size(), 60'000) > 0);
        desk.controller.pump();
    }
    CHECK(!desk.view().message.good);
    CHECK(desk.controller.run().live());
}

TEST_CASE("a person's own C program is compiled beside the window, and runs in its own folder with its arguments") {
    Desk desk(two_processes());
    const std::string file = desk.write("mine.c", "int main(void) { return 0; }\n");
    desk.act(action::RunProgram{{{file, {"a b", "c"}}, {}, AtFirstEvent::holds}});
    CHECK(desk.view().dialog == Dialog::program);
    CHECK(desk.program.launches.empty());
    desk.pump_until([&] { return !desk.program.launches.empty(); });
    CHECK(desk.view().dialog == Dialog::none);
    const LaunchCommand& launch = desk.program.launches[0];
    CHECK(launch.arguments.size() == 3);
    CHECK(launch.arguments[0].ends_with("/mine"));
    CHECK(launch.arguments[1] == "a b");
    CHECK(launch.working_folder == desk.folder.path().string());
    CHECK(launch.hold);
    CHECK(desk.controller.run().title() == "mine.c");
}

TEST_CASE("restarting a person's own program compiles it again, for they may have changed it") {
    Desk desk(two_processes());
    const std::string file = desk.write("mine.c", "int main(void) { return 0; }\n");
    desk.run_own(file);
    REQUIRE(desk.program.launches.size() == 1);
    desk.write("mine.c", "int main(void) { return x; }\n");
    desk.act(action::Restart{});
    desk.pump_until([&] { return desk.view().own.refused.has_value(); });
    CHECK(desk.program.launches.size() == 1);
    CHECK(desk.view().dialog == Dialog::program);
    CHECK(desk.view().own.why.messages.size() > 0);
    desk.write("mine.c", "int main(void) { return 1; }\n");
    desk.act(action::Restart{});
    desk.pump_until([&] { return desk.program.launches.size() == 2; });
    desk.launch();  // another program: it is no more the person's own that is restarted
    desk.act(action::Restart{});
    CHECK(desk.program.launches.size() == 4);
    CHECK(desk.program.launches[3].arguments == std::vector<std::string>{"sh"});
}

TEST_CASE("a program with warnings runs, and the first of them is told") {
    Desk desk(two_processes());
    desk.run_own(desk.write("warns.c", "int main(void) {\n    char *x = 5;\n    return x == 0;\n}\n"));
    CHECK(desk.program.launches.size() == 1);
    CHECK(desk.view().message.text.find("warns.c, line 2: warning: ") != std::string::npos);
}

TEST_CASE("closing the dialog ends the compiler, and nothing starts later") {
    Desk desk(two_processes());
    const std::string before = ::getenv("PATH");
    std::filesystem::create_directory(desk.folder / "bin");
    const std::string compiler =
        desk.write("bin/cc", "#!/bin/sh\necho $$ > " + desk.folder.path("pid") + "\nexec sleep 1000\n");
    std::filesystem::permissions(compiler, std::filesystem::perms::owner_all);
    ::setenv("PATH", (desk.folder.path("bin") + ":" + before).c_str(), 1);
    desk.act(action::RunProgram{{{desk.write("mine.c", "int main(void) { return 0; }\n"), {}}, {}, AtFirstEvent::runs}});
    const auto pid = [&] {
        int read = 0;
        std::ifstream(desk.folder.path("pid")) >> read;
        return read;
    };
    desk.pump_until([&] { return pid() > 0; });
    desk.act(action::Escape{});
    ::setenv("PATH", before.c_str(), 1);
    CHECK(!desk.view().own.preparing);
    desk.pump_until([&] { return ::kill(pid(), 0) != 0; });
    CHECK(desk.program.launches.empty());
}

TEST_CASE("a dropped source runs, another file is opened as a recording") {
    Desk desk(two_processes());
    desk.act(action::TakeDropped{desk.write("mine.py", "print(1)\n")});
    desk.pump_until([&] { return desk.program.launches.size() == 1; });
    CHECK(desk.program.launches[0].arguments == std::vector<std::string>{"python3", desk.folder.path("mine.py")});
    desk.act(action::TakeDropped{desk.write("figure.svg", "<svg/>")});
    CHECK(desk.view().message.text.find("figure.svg") != std::string::npos);
    CHECK(desk.program.launches.size() == 1);
}

TEST_CASE("what a person has run stays, the newest first and each once") {
    Desk desk(two_processes());
    const std::string file = desk.write("mine.py", "print(1)\n");
    desk.run_own(file, {"it's", "b"});
    desk.act(action::RememberCommand{{"", "ls | wc", true}});
    desk.run_own(file, {"it's", "b"});
    const auto read = read_settings(settings_file());
    REQUIRE(read);
    REQUIRE(read->recent.size() == 2);
    CHECK(read->recent[0].file == file);
    CHECK(split_command(read->recent[0].line).value() == std::vector<std::string>{"it's", "b"});
    CHECK(read->recent[1] == RecentCommand{"", "ls | wc", true});
    for (int i = 0; i < 50; ++i) {
        desk.act(action::RememberCommand{{"", std::to_string(i), false}});
    }
    CHECK(desk.view().settings.recent.size() == recent_max);
}

TEST_CASE("a folder is listed beside the window: folders, sources, programs, nothing else") {
    Desk desk(two_processes());
    for (const char* name : {"b.c", "a.py", "notes.txt", ".hidden.c", "run"}) {
        desk.write(name, "x");
    }
    std::filesystem::permissions(desk.folder / "run", std::filesystem::perms::owner_all);
    std::filesystem::create_directory(desk.folder / "sub");
    desk.act(action::ListFolder{desk.folder.path().string() + "/"});
    desk.pump_until([&] { return desk.view().own.folder.has_value(); });
    const FolderListing& listing = *desk.view().own.folder;
    CHECK(listing.folder == desk.folder.path());
    CHECK(std::ranges::find(listing.folders, "sub") != listing.folders.end());
    CHECK(listing.programs == std::vector<std::string>{"a.py", "b.c", "run"});
    desk.act(action::ListFolder{desk.folder.path("none")});
    desk.pump_until([&] { return !desk.view().own.folder->problem.empty(); });
}

TEST_CASE("folding and filtering take columns away, and a new program begins without") {
    Desk desk(two_processes());
    desk.launch();
    REQUIRE(desk.view().columns == std::vector<std::size_t>{0, 1});
    desk.act(action::SelectProcess{0});
    desk.act(action::ToggleSelectedSubtree{});
    desk.controller.follow_columns(2);
    CHECK(desk.view().columns == std::vector<std::size_t>{0});
    desk.act(action::ToggleSubtree{0});
    desk.act(action::ClickProcess{1});
    desk.act(action::ClickProcess{1});  // now the columns are the person's own choice
    desk.controller.follow_columns(2);
    desk.act(action::FilterProcesses{"", StateFilter::ended});
    desk.controller.follow_columns(2);
    CHECK(desk.view().columns.empty());
    desk.act(action::SelectProcess{1});
    desk.act(action::ToggleColumn{});  // asked for by name: it stays, though it is filtered away
    desk.controller.follow_columns(2);
    CHECK(desk.view().columns == std::vector<std::size_t>{1});
    desk.launch();
    CHECK(!desk.view().choice.filters());
    desk.act(action::ShowAllProcesses{});
    CHECK(desk.view().choice.helpers_open);
}

TEST_CASE("a panel can be the whole window, and Escape first gives the others back") {
    Desk desk(held_child());
    desk.launch();
    desk.act(action::ShowWhole{Tab::source});
    CHECK(desk.view().whole == Tab::source);
    desk.act(action::ClickRegion{{HitKind::region, 0, 0x1000}});
    desk.act(action::Escape{});
    CHECK(!desk.view().whole);
    CHECK(desk.view().region.kind == HitKind::region);
    const std::size_t asked = desk.view().cues.whole;
    desk.act(action::ToggleWhole{});
    CHECK(desk.view().cues.whole == asked + 1);
}

TEST_CASE(
    "a stop starts a program anew that was not followed by lines, keeps for that program, and is taken away by a second "
    "click") {
    Desk desk(held_child());
    desk.launch();
    CHECK(desk.program.launches.back().grain == Grain::none);
    desk.act(action::ToggleLineStop{{"/src/a.c", 6}});
    CHECK(desk.program.launches.size() == 2);
    CHECK(desk.program.launches.back().grain == Grain::lines);
    CHECK(desk.controller.run().stop_points().lines.size() == 1);
    CHECK(desk.view().message.good);
    desk.act(action::Restart{});
    CHECK(desk.controller.run().stop_points().lines.size() == 1);
    desk.act(action::ClearStops{});
    CHECK(desk.controller.run().stop_points().empty());
}

TEST_CASE("columns come page by page, stay while processes are born, and turn when a person asks or selects another") {
    auto events = two_processes();
    for (std::int32_t pid = 12; pid < 17; ++pid) {
        ForkEvent fork;
        fork.child = {pid, static_cast<std::uint64_t>(pid)};
        events.push_back(event_of(10, fork));
    }
    Desk desk(std::move(events));
    desk.launch();
    desk.controller.follow_columns(3);
    CHECK(desk.view().columns == std::vector<std::size_t>{0, 1, 2});
    desk.act(action::TurnColumns{Turn::forward});
    desk.controller.follow_columns(3);
    CHECK(desk.view().columns == std::vector<std::size_t>{3, 4, 5});
    desk.act(action::TurnColumns{Turn::forward});
    desk.controller.follow_columns(3);
    CHECK(desk.view().columns == std::vector<std::size_t>{4, 5, 6});  // the last page is full too
    desk.act(action::TurnColumns{Turn::forward});
    desk.controller.follow_columns(3);
    CHECK(desk.view().columns == std::vector<std::size_t>{4, 5, 6});
    desk.act(action::SelectProcess{1});
    desk.controller.follow_columns(3);
    CHECK(desk.view().columns == std::vector<std::size_t>{0, 1, 2});
    desk.act(action::SelectProcess{2});
    desk.controller.follow_columns(3);
    CHECK(desk.view().columns == std::vector<std::size_t>{0, 1, 2});
}

TEST_CASE("of more processes than fit, one that is over gives its column to one that lives") {
    auto events = two_processes();
    const auto ends = [&](std::int32_t pid, std::int32_t child) {
        events.push_back(event_of(child, ExitEvent{}));
        events.push_back(event_of(pid, ReapEvent{{child, static_cast<std::uint64_t>(child)}, Reaper::parent}));
    };
    for (std::int32_t pid = 12; pid < 15; ++pid) {
        ForkEvent fork;
        fork.child = {pid, static_cast<std::uint64_t>(pid)};
        events.push_back(event_of(10, fork));
        ends(10, pid);
    }
    events.pop_back();  // the last one stays alive
    events.pop_back();
    Desk desk(std::move(events));
    desk.launch();
    desk.controller.follow_columns(3);
    CHECK(desk.view().columns == std::vector<std::size_t>{0, 1, 4});
    CHECK(column_page(desk.view(), desk.controller.shown()).leaves_out());
    desk.act(action::TurnColumns{Turn::forward});
    desk.controller.follow_columns(3);
    CHECK(desk.view().columns == std::vector<std::size_t>{2, 3, 4});
    desk.act(action::TurnColumns{Turn::back});
    desk.controller.follow_columns(3);
    CHECK(desk.view().columns == std::vector<std::size_t>{0, 1, 4});
    desk.act(action::SelectProcess{2});
    desk.controller.follow_columns(3);
    CHECK(desk.view().columns == std::vector<std::size_t>{0, 1, 2});  // the chosen one keeps its own
    desk.act(action::GoTo{1});                                        // only the first two are born
    desk.controller.follow_columns(3);
    CHECK(desk.view().columns == std::vector<std::size_t>{0, 1});
}

TEST_CASE("where not all processes fit, the parent of the one that acts keeps a column beside it") {
    auto events = two_processes();
    for (std::int32_t pid = 12; pid < 14; ++pid) {
        ForkEvent fork;
        fork.child = {pid, static_cast<std::uint64_t>(pid)};
        events.push_back(event_of(10, fork));
    }
    Desk desk(std::move(events));
    desk.launch();
    desk.controller.follow_columns(3);
    CHECK(desk.view().columns == std::vector<std::size_t>{0, 1, 2});
    desk.act(action::SelectProcess{3});
    desk.controller.follow_columns(3);
    CHECK(desk.view().columns == std::vector<std::size_t>{0, 2, 3});
    desk.act(action::TurnColumns{Turn::forward});  // a person turns to all that come after
    desk.controller.follow_columns(3);
    CHECK(desk.view().columns == std::vector<std::size_t>{1, 2, 3});
}

TEST_CASE("a page of columns that becomes larger or smaller keeps the selected process") {
    auto events = two_processes();
    for (std::int32_t pid = 12; pid < 17; ++pid) {
        ForkEvent fork;
        fork.child = {pid, static_cast<std::uint64_t>(pid)};
        events.push_back(event_of(10, fork));
    }
    Desk desk(std::move(events));
    desk.launch();
    desk.act(action::SelectProcess{5});
    for (const std::size_t room : {2u, 3u, 4u, 1u, 3u}) {
        desk.controller.follow_columns(room);
        CHECK(desk.view().columns.size() == room);
        CHECK(std::ranges::count(desk.view().columns, 5u) == 1);
    }
}

TEST_CASE("steps that are asked for faster than the program takes them are all taken, but not after it has waited long") {
    using Clock = AskedSteps::Clock;
    const Clock::time_point start = Clock::now();
    const auto after = [&](int ms) { return start + std::chrono::milliseconds(ms); };
    AskedSteps steps;
    CHECK(steps.ask(5, after(0)));
    CHECK(!steps.ask(5, after(25)));
    CHECK(!steps.ask(5, after(50)));
    CHECK(!steps.next(5, after(60)));  // the first one is not over
    CHECK(steps.next(6, after(70)));
    CHECK(steps.under_way(6, after(80)));
    CHECK(steps.next(7, after(90)));
    CHECK(!steps.next(8, after(100)));
    CHECK(!steps.under_way(8, after(100)));
    CHECK(steps.ask(8, after(200)));
    CHECK(!steps.ask(8, after(210)));
    CHECK(!steps.next(9, after(5000)));  // it has waited for something
    CHECK(!steps.next(10, after(5010)));
    CHECK(steps.ask(10, after(6000)));
    CHECK(!steps.ask(10, after(6010)));
    steps.forget();
    CHECK(!steps.next(11, after(6020)));
}

TEST_CASE("several steps of one draw are one command each, as soon as the one before is over") {
    auto events = two_processes();
    for (int i = 0; i < 4; ++i) {
        events.push_back(held(event_of(11, SignalEvent{})));
    }
    Desk desk(std::move(events), Settings{.language = "en", .delay_ms = 0}, 1);
    desk.launch();
    const auto sent = [&] {
        return std::ranges::count_if(desk.program.commands(),
                                     [](const Command& command) { return std::holds_alternative<StepCommand>(command); });
    };
    while (!process_to_step(desk.view(), desk.controller.run().world())) {
        desk.controller.pump();
    }
    desk.controller.act({action::Travel{TravelTo::forward}, action::Step{}, action::Travel{TravelTo::forward}},
                        desk.tree_order);
    CHECK(sent() == 1);
    desk.controller.pump();
    CHECK(sent() == 2);
    desk.controller.pump();
    CHECK(sent() == 3);
    desk.controller.pump();
    CHECK(sent() == 3);
}

TEST_CASE("source and inside follow the acting process until a person chooses one, and again after Escape") {
    Desk desk(held_child());
    desk.launch();
    const auto focus = [&] {
        return process_in_focus(desk.view(), desk.controller.run().recording(), desk.controller.run().world());
    };
    CHECK(focus() == 1);  // the last event is the child's
    desk.act(action::SelectProcess{0});
    CHECK(focus() == 0);
    desk.act(action::Escape{});
    CHECK(focus() == 1);
    desk.act(action::GoTo{1});
    CHECK(focus() == 0);  // that moment is the parent's
}

TEST_CASE("where somebody begins to wait, the process is chosen that the headline tells of") {
    auto events = held_child();
    events.push_back(event_of(10, WaitsEvent{.what = WaitingFor::child}));
    events.push_back(event_of(10, ContinueEvent{}));
    const std::size_t waits = events.size() - 2;
    Desk desk(std::move(events));
    desk.launch();
    desk.act(action::Travel{TravelTo::back});
    REQUIRE(desk.view().moment == waits);
    CHECK(desk.view().selected == 1);  // the child, which acted last
    desk.act(action::Travel{TravelTo::first});
    CHECK(desk.view().selected == 0);
}
