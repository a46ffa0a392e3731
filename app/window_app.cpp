#include "app/window_app.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <tuple>
#include <utility>

#include "app/asset_folder.h"
#include "app/desk.h"
#include "app/gl_window.h"
#include "app/image_collector.h"
#include "app/moment_world.h"
#include "app/open_recording.h"
#include "app/recording_keeper.h"
#include "app/resident_asker.h"
#include "app/ui.h"
#include "app/view_actions.h"
#include "app/view_moves.h"
#include "app/waker.h"
#include "app/write_figure.h"
#include "core/base/text.h"
#include "core/layout/explain.h"

namespace procatlas {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds frame_time(16);  // at most one frame in it, however much arrives
constexpr int settling_frames = 2;                   // ImGui needs a second look at what a click has changed

class WindowApp {
public:
    WindowApp(const WindowOptions& options, GlWindow& window, Settings settings, Words english, Words korean)
        : window_(window),
          session_(options.starter),
          english_(std::move(english)),
          korean_(std::move(korean)),
          examples_(list_examples()) {
        view_.settings = std::move(settings);
        need_all_words();
        if (options.launch) {
            launch_ = options.launch;
            launch_title_ = options.title;
        }
        view_.open_file = options.open_file;
        list_recent();
    }

    void say(std::string message) { view_.message = std::move(message); }

    void run() {
        int wanted = settling_frames;
        while (!window_.should_close()) {
            window_.wait(wanted > 0 || launch_ || window_.touched() ? 0 : seconds_to_question());
            const bool news = receive();
            if (news || window_.touched()) {
                wanted = settling_frames;
            }
            if (wanted > 0 || launch_) {
                const auto start = Clock::now();
                draw_frame();
                act();
                wanted = fonts_.stale() || !actions_.empty() ? settling_frames : wanted - 1;
                pace(start);
            }
            measure();
            waker_.watch({session_.descriptor(), images_.descriptor(), keeper_.descriptor(), bytes_.descriptor()});
        }
        std::ignore = keeper_.finish(session_.recording());
        remember();
    }

private:
    const Words& words() const { return view_.settings.language == "ko" ? korean_ : english_; }

    void need_all_words() {
        for (const Words* words : {&english_, &korean_}) {
            for (const auto& [key, text] : words->all()) {
                fonts_.need(text);
            }
        }
        fonts_.need("▶▮■↻→←↑↓▸▾▲▼◀▶|·…−–“”");
    }

    const World& shown() { return moment_world_.at(session_.recording(), session_.generation(), view_.moment); }

    // events -> recording
    bool receive() {
        const bool events = session_.receive();
        const bool images = images_.follow(session_.recording());
        const bool trouble = keeper_.follow(session_.recording());
        if (trouble) {
            const Recording& recording = session_.recording();
            complain(explain(recording.events().back(), session_.world(), {}, words()));
        }
        const bool bytes = bytes_.follow(session_.world(), view_.bytes_of, session_.live() && !view_.moment);
        follow_columns();
        return events || images || trouble || bytes;
    }

    // Until chosen by hand: the first process and the youngest others, as many as fit.
    void follow_columns() {
        const std::size_t count = shown().processes.size();
        if (view_.columns_chosen || count == 0) {
            return;
        }
        std::vector<std::size_t> columns = {0};
        const std::size_t others = std::min(view_.columns_room, count) - 1;
        for (std::size_t i = count - others; i < count; ++i) {
            columns.push_back(i);
        }
        view_.columns = std::move(columns);
    }

    // recording -> world -> layout -> paint
    void draw_frame() {
        const float scale = window_.content_scale() * static_cast<float>(view_.settings.zoom) / 100;
        fonts_.prepare(scale);
        const Palette& colours = palette(view_.settings.dark ? Theme::dark : Theme::light);
        apply_theme(colours, scale);
        for (const KeyPress& press : window_.begin_frame()) {
            if (const auto action = action_of_key(press.key, press.mods, ImGui::GetIO().WantTextInput)) {
                actions_.push_back(*action);
            }
        }
        output_.follow(session_.recording(), view_.moment.value_or(session_.recording().last_moment()));
        Frame frame{session_,       view_,     shown(), words(),  fonts_,  colours,      output_,
                    bytes_.bytes(), examples_, recent_, actions_, launch_, launch_title_};
        desk_.draw(frame);
        window_.end_frame(colours.window);
    }

    // What a person did, after the frame that showed it.
    void act() {
        if (const auto moment = std::exchange(view_.go_to, std::nullopt)) {
            look_at(*moment);
        }
        for (const Action action : std::exchange(actions_, {})) {
            act(action);
        }
        if (applied_delay_ != view_.settings.delay_ms) {
            applied_delay_ = view_.settings.delay_ms;
            told(session_.set_delay(applied_delay_));
        }
        if (std::optional<LaunchCommand> launch = std::exchange(launch_, std::nullopt)) {
            begin([&] { return session_.start(std::move(*launch), launch_title_); });
        }
        for (std::string& dropped : window_.take_dropped()) {
            view_.open_file = std::move(dropped);
        }
        if (const std::string file = std::exchange(view_.open_file, {}); !file.empty()) {
            open(file);
        }
        if (const std::string file = std::exchange(view_.save_as, {}); !file.empty()) {
            report(save(file), "save.done", file);
        }
        if (const auto figure = std::exchange(view_.figure, std::nullopt)) {
            report(write_figure(*figure, session_, view_, shown(), recording_file(), words()),
                   figure->file.empty() ? "export.copied" : "export.done", figure->file);
        }
    }

    void complain(std::string message) {
        view_.message = std::move(message);
        view_.message_is_good = false;
    }

    void report(const Result<void>& done, const char* good, const std::string& what) {
        if (!done) {
            return complain(display_text(done.error().message));
        }
        view_.message = words().format(good, display_text(what));
        view_.message_is_good = true;
    }

    void list_recent() {
        const auto folder = RecordingsFolder::of_user();
        recent_ = folder ? folder->recent() : std::vector<RecentRecording>{};
    }

    // Where the recording on show is.
    std::filesystem::path recording_file() const { return session_.opened() ? opened_file_ : keeper_.file(); }

    void open(const std::string& file) {
        auto opened = open_recording(file);
        if (!opened) {
            return complain(words().format("open.failed", display_text(file), display_text(opened.error().message)));
        }
        std::ignore = keeper_.finish(session_.recording());
        session_.open(std::move(opened->loaded.recording), opened->loaded.info.title);
        opened_file_ = std::move(opened->file);
        opened_folder_ = std::move(opened->folder);
        look_from_the_start();
        if (opened->moment) {
            travel(*opened->moment);
        }
        list_recent();
    }

    Result<void> save(const std::string& file) const {
        const std::filesystem::path from = recording_file();
        return from.empty() ? fail(std::string(words().text("save.nothing"))) : copy_recording(from, file);
    }

    // The resident pages of the process in the details.
    void measure() {
        if (!session_.live() || view_.moment) {
            return asker_.clear();
        }
        if (const auto question = asker_.ask(session_.world(), view_.resident_of, Clock::now())) {
            std::ignore = session_.send(*question);  // where it does not arrive, all has ended, and that will be told
        }
    }

    // -1: nothing to be asked later.
    double seconds_to_question() const {
        const auto due = asker_.due();
        return due ? std::max(std::chrono::duration<double>(*due - Clock::now()).count(), 0.0) : -1;
    }

    // The recording before it is closed first: it ends here.
    template <typename Start>
    void begin(Start start) {
        std::ignore = keeper_.finish(session_.recording());
        const Result<void> started = start();
        look_from_the_start();
        if (!started) {
            return complain(words().format("message.start_failed", started.error().message));
        }
        if (const auto kept = keeper_.begin_in_users_folder(session_.title()); !kept) {
            complain(words().format("message.not_kept", display_text(kept.error().message)));
        }
    }

    void look_from_the_start() {
        asker_.clear();
        view_.resident_of.reset();
        output_.clear();
        images_.clear();
        view_.columns.clear();
        view_.columns_chosen = false;
        view_.moment.reset();
        view_.compare = Compare::event;
        view_.selected = 0;
        view_.region = {};
        view_.pointed.reset();
        view_.where.reset();
        view_.bytes_of.reset();
        view_.message.clear();
    }

    void told(const Result<void>& sent) {
        if (!sent) {
            complain(words().format("message.send_failed", sent.error().message));
        }
    }

    // While it is asked what to do about the cap, nothing may go on but by an answer.
    static bool lets_run(Action action) {
        return action == Action::run_hold || action == Action::step || action == Action::step_all ||
               action == Action::travel_forward;
    }

    void act(Action action) {
        if (session_.cap_question && lets_run(action)) {
            return;
        }
        if (change_view(view_, action)) {
            return;
        }
        HoldClasses classes = session_.hold_classes();
        switch (action) {
            case Action::run_hold:
                if (view_.moment) {
                    return travel(session_.recording().last_moment());
                }
                return told(session_.holding() ? session_.run() : session_.hold());
            case Action::step:  // in the past, a step of the recording; from the end, the same program again, held at its first
                                // event
                if (view_.moment) {
                    return travel(*view_.moment + 1);
                }
                return session_.started() && !session_.live() && !session_.opened()
                           ? begin([&] { return session_.restart(true); })
                           : told(step());
            case Action::step_all:
                return told(session_.send(StepCommand{0}));
            case Action::stop:
                return told(session_.send(StopAllCommand{}));
            case Action::restart:
                return session_.started() && !session_.opened() ? begin([&] { return session_.restart(view_.hold_at_start); })
                                                                : void();
            case Action::examples:
                view_.open_examples = view_.dialog == Dialog::none && !examples_.empty();
                return;
            case Action::command:
                view_.dialog = Dialog::command;
                return;
            case Action::open:
                list_recent();
                view_.dialog = Dialog::open;
                return;
            case Action::save:
                view_.dialog = session_.started() ? Dialog::save : view_.dialog;
                return;
            case Action::figure:
                view_.dialog = session_.started() && !session_.recording().empty() ? Dialog::figure : view_.dialog;
                return;
            case Action::select_previous:
                return select_neighbour(view_, desk_.tree_order(), -1);
            case Action::select_next:
                return select_neighbour(view_, desk_.tree_order(), 1);
            case Action::toggle_column:
                return toggle_column(view_, session_.world());
            case Action::compare_since:
                view_.compare = Compare::since;
                view_.compare_since = view_.moment.value_or(session_.recording().last_moment());
                return;
            case Action::hold_lifecycle:
                classes.lifecycle = !classes.lifecycle;
                return told(session_.set_hold_classes(classes));
            case Action::hold_memory:
                classes.memory = !classes.memory;
                return told(session_.set_hold_classes(classes));
            case Action::hold_output:
                classes.output = !classes.output;
                return told(session_.set_hold_classes(classes));
            case Action::hold_calls:
                classes.calls = !classes.calls;
                return hold_finer(classes);
            case Action::hold_lines:
                classes.lines = !classes.lines;
                return hold_finer(classes);
            case Action::hold_instructions:
                classes.instructions = !classes.instructions;
                return hold_finer(classes);
            case Action::travel_back: {
                const std::size_t moment = view_.moment.value_or(session_.recording().last_moment());
                return travel(moment - std::min<std::size_t>(moment, 1));
            }
            case Action::travel_forward:  // from the present on, the program itself goes on
                return view_.moment ? travel(*view_.moment + 1) : session_.live() ? told(step()) : void();
            case Action::travel_first:
                return travel(0);
            case Action::travel_now:
                return view_.moment.reset();
            case Action::language:
                view_.settings.language = view_.settings.language == "ko" ? "en" : "ko";
                return remember();
            case Action::theme:
                view_.settings.dark = !view_.settings.dark;
                return remember();
            case Action::zoom_in:
                return zoom(1);
            case Action::zoom_out:
                return zoom(-1);
            case Action::zoom_reset:
                return zoom(0);
            case Action::all_regions:
            case Action::compare_event:
            case Action::compare_processes:
            case Action::slower:
            case Action::faster:
            case Action::inside:
            case Action::pages:
            case Action::pages_side_by_side:
            case Action::inside_stack:
            case Action::inside_source:
            case Action::inside_code:
            case Action::inside_bytes:
            case Action::where:
            case Action::input:
            case Action::help:
            case Action::close:
                return;  // the view's own, which are done
        }
    }

    // What is finer than system calls is seen by breakpoints, which a program gets when it starts.
    void hold_finer(HoldClasses classes) {
        const bool any = classes.calls || classes.lines || classes.instructions;
        told(session_.set_hold_classes(classes));
        view_.middle = any ? Middle::inside : view_.middle == Middle::inside ? Middle::memory : view_.middle;
        if (any && session_.live() && !session_.looks_inside()) {
            view_.message = words().text("message.finer_from_start");
            view_.message_is_good = true;
        }
    }

    // The live program does not notice.
    void look_at(std::size_t moment) {
        view_.moment = moment >= session_.recording().last_moment() ? std::nullopt : std::optional(moment);
    }

    // And selects the process whose event it was.
    void travel(std::size_t moment) {
        look_at(moment);
        if (const auto acting = session_.recording().process_of(moment)) {
            view_.selected = *acting;
            view_.show_selected = true;
        }
    }

    Result<void> step() {
        const auto process = process_to_step(view_, session_.world());
        if (!process) {
            return {};
        }
        select_process(view_, *process);
        return session_.send(StepCommand{session_.world().processes[*process].key.pid});
    }

    void zoom(int direction) {
        view_.settings.zoom = next_zoom(view_.settings.zoom, direction);
        remember();
    }

    void remember() {
        const auto [width, height] = window_.size();
        view_.settings.width = width;
        view_.settings.height = height;
        if (const Result<void> written = write_settings(settings_file(), view_.settings); !written) {
            complain(words().format("message.settings_not_saved", written.error().message));
        }
    }

    static void pace(Clock::time_point start) {
        if (const auto spent = Clock::now() - start; spent < frame_time) {
            std::this_thread::sleep_for(frame_time - spent);
        }
    }

    GlWindow& window_;
    Session session_;
    Words english_;
    Words korean_;
    std::vector<Example> examples_;
    ViewState view_;
    Fonts fonts_;
    OutputLog output_;
    ImageCollector images_;
    ResidentAsker asker_;
    BytesAsker bytes_;
    MomentWorld moment_world_;
    RecordingKeeper keeper_;
    std::filesystem::path opened_file_;                     // of a recording that was opened …
    std::shared_ptr<const TemporaryFolder> opened_folder_;  // … and its folder, where it came out of a figure
    std::vector<RecentRecording> recent_;
    Desk desk_;
    std::vector<Action> actions_;
    std::optional<LaunchCommand> launch_;
    std::string launch_title_;
    int applied_delay_ = 0;
    Waker waker_;  // last: its thread looks at descriptors of the others
};

}  // namespace

std::optional<std::string> display_problem() {
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY"}) {
        if (const char* value = std::getenv(name); value != nullptr && *value != '\0') {
            return std::nullopt;
        }
    }
    return "no display: neither DISPLAY nor WAYLAND_DISPLAY is set";
}

int run_window(const WindowOptions& options) {
    const auto refuse = [](const Error& error) {
        fmt::print(stderr, "procatlas: {}\n", error.message);
        return 1;
    };
    if (const std::optional<std::string> problem = display_problem()) {
        return refuse({*problem + "; `procatlas trace` works without one"});
    }
    Result<Words> english = read_words(asset_folder() / "locale" / "en.json");
    Result<Words> korean = read_words(asset_folder() / "locale" / "ko.json");
    if (!english || !korean) {
        return refuse(english ? korean.error() : english.error());
    }
    Result<Settings> settings = read_settings(settings_file());
    std::string complaint;
    if (!settings) {
        complaint = english->format("message.settings_broken", settings.error().message);
        settings = parse_settings("{}");
    }
    Result<std::unique_ptr<GlWindow>> window = GlWindow::open("procatlas", settings->width, settings->height);
    if (!window) {
        return refuse(window.error());
    }
    WindowApp app(options, **window, *settings, std::move(*english), std::move(*korean));
    app.say(std::move(complaint));
    app.run();
    return 0;
}

void launch_example(Frame& frame, const Example& example) {
    frame.launch = launch_of(example.arguments, frame.view.hold_at_start);
    frame.launch_title = example.name;
}

}  // namespace procatlas
