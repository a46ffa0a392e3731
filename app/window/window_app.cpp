#include "app/window/window_app.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <utility>

#include "app/control/asset_folder.h"
#include "app/control/controller.h"
#include "app/control/display.h"
#include "app/control/mode_keys.h"
#include "app/paint/ui.h"
#include "app/window/focus_wait.h"
#include "app/window/gl_window.h"
#include "app/window/panel_layout.h"
#include "app/window/quit_request.h"
#include "app/window/waker.h"
#include "core/narrate/reasons.h"
#include "core/scene/text_face.h"

namespace procatlas {

namespace {

using Clock = std::chrono::steady_clock;
constexpr int settling_frames = 2;  // ImGui needs a second frame to show the effect of a click

// The least time of a draw, however much arrives. PROCATLAS_FRAME_MS makes the window as slow as it is on another machine.
std::chrono::milliseconds frame_time() {
    constexpr int usual = 16;
    constexpr int most = 1000;
    const char* asked = std::getenv("PROCATLAS_FRAME_MS");
    return std::chrono::milliseconds(asked != nullptr ? std::clamp(std::atoi(asked), usual, most) : usual);
}

class WindowApp {
public:
    // The messages must outlive the window.
    WindowApp(const WindowOptions& options, GlWindow& window, Settings settings, const Messages& english,
              const Messages& korean)
        : window_(window),
          controller_(options.starter, std::move(settings), english, korean, options.where),
          examples_(list_examples()),
          lessons_(lesson_titles()) {
        fonts_.need("▶▮■↻→←↑↓↳▸▾▲▼◀•⋯✓✗…−–“”");  // all signs of ours: one that lacks costs the first draw
        if (!options.open_file.empty()) {
            actions_.put(action::OpenFile{options.open_file});
        }
        if (!options.beside.first.empty()) {
            actions_.put(action::CompareFiles{options.beside.first, options.beside.second});
        }
        if (options.own) {
            actions_.put(action::RunProgram{*options.own});
        }
        if (options.launch) {
            actions_.put(action::Launch{*options.launch, options.title, options.teaching});
        }
    }

    void complain(std::string message) { controller_.complain(std::move(message)); }

    // events -> recording -> world -> layout -> paint. The user's actions are carried out after the draw in which they
    // happened.
    // Returns the signal that ended it; 0: a person did.
    int run() {
        int wanted = settling_frames;
        while (!window_.should_close() && quit_.signal() == 0) {
            window_.wait(wanted > 0 || window_.touched() ? 0 : seconds_to_pump());
            if (pump() || window_.touched()) {
                wanted = settling_frames;
            }
            if (wanted > 0) {
                const auto start = Clock::now();
                draw();
                wanted = act() || fonts_.stale() || focus_.waits() ? settling_frames : wanted - 1;
                pace(start);
            }
            if (controller_.attend(panels_.shows_details())) {
                wanted = settling_frames;
            }
            watch();
        }
        pump();  // what was seen since
        controller_.finish();
        return quit_.signal();
    }

private:
    void watch() {
        std::vector<int> descriptors = controller_.run().descriptors();
        descriptors.push_back(quit_.descriptor());
        for (const int descriptor : controller_.descriptors()) {
            descriptors.push_back(descriptor);
        }
        waker_.watch(std::move(descriptors));
    }

    // The glyphs of a language all at once, so that the atlas is not made again for each panel that comes up. Not those of the
    // other language: they make it ten times as large.
    void need_words() {
        const Messages& words = controller_.words();
        if (std::exchange(needed_, &words) == &words) {
            return;
        }
        for (const auto& [key, text] : words.all()) {
            fonts_.need(text);
        }
        for (const LessonTitle& lesson : lessons_) {
            fonts_.need(&words == &controller_.korean() ? lesson.korean : lesson.english);
        }
    }

    bool pump() {
        const bool news = controller_.pump();
        const LiveRun& run = controller_.run();
        if (std::exchange(generation_, run.generation()) != run.generation()) {
            output_.clear();
        }
        controller_.follow_columns(panels_.columns_room());
        return news;
    }

    void draw() {
        const View& view = controller_.view();
        const LiveRun& run = controller_.run();
        const bool presents = view.presents && run.started();
        const float usual = window_.content_scale() * static_cast<float>(view.settings.zoom) / 100;
        const float scale = presents ? presenting_scale(static_cast<float>(window_.pixels().second)) : usual;
        need_words();
        fonts_.prepare(scale);
        const Palette& colours = palette(view.settings.dark ? Theme::dark : Theme::light);
        apply_theme(colours, scale);
        const bool navigates = let_keys_navigate();
        for (const KeyPress& press : window_.begin_frame(focus_.waits(GlWindow::keys_go()))) {
            const bool typing = ImGui::GetIO().WantTextInput || navigates;
            if (press.repeated && controller_.is_stepping()) {
                continue;  // as fast as the program takes them; when the key is let go, it stands
            }
            if (const auto move = panels_.menu().is_open() ? menu_key(press.key) : std::nullopt) {
                panels_.menu().move(*move);
            } else if (const auto in_lesson = controller_.lesson() && view.dialog == Dialog::none
                                                  ? lesson_key(press.key, press.mods, typing, controller_.lesson()->walk())
                                                  : std::nullopt) {
                actions_.put(*in_lesson);
            } else if (const auto action = presents && !navigates ? presenting_key(press.key, press.mods) : std::nullopt) {
                actions_.put(*action);
            } else if (!run.started() && view.dialog == Dialog::none && !controller_.lesson() &&
                       begins_course(press.key, press.mods, typing)) {
                actions_.put(action::NextStep{});  // on the welcome screen: the course begins
            } else if (const ActionRow* row = row_of_key(press.key, press.mods, typing)) {
                actions_.put(row->action);
            }
        }
        output_.follow(run.recording(), view.moment.value_or(run.recording().last_moment()));
        const Frame frame{run,
                          view,
                          pointer_,
                          controller_.shown(),
                          controller_.words(),
                          controller_.english(),
                          controller_.korean(),
                          fonts_,
                          colours,
                          output_,
                          examples_,
                          controller_.recent(),
                          lessons_,
                          controller_.lesson()};
        panels_.draw(frame, actions_);
        gaps_.lets_show(fonts_.stale()) ? window_.end_frame(colours.window) : window_.drop_frame();
        controller_.window_has_size(window_.size());
    }

    // In a dialog or a menu Tab and arrows go from button to button, with a ring around it, and Space presses it. True: they
    // do.
    bool let_keys_navigate() {
        const Dialog dialog = controller_.view().dialog;
        const bool has_popup = ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
        // The search and the menu of a thing have their own way with arrows; the sheet of keys is only read.
        const bool navigates = has_popup && !panels_.menu().is_open() && dialog != Dialog::search && dialog != Dialog::help;
        int& flags = ImGui::GetIO().ConfigFlags;
        flags = navigates ? flags | ImGuiConfigFlags_NavEnableKeyboard : flags & ~ImGuiConfigFlags_NavEnableKeyboard;
        return navigates;
    }

    // The smallest text of the stage is 25 pixels high where the window is 1080, as in a lecture hall.
    static float presenting_scale(float height) {
        constexpr float smallest = face_of(TextStyle::mono_small).size;
        return std::max(height / 1080 * 25 / smallest, 1.0F);
    }

    // True: the next draw looks different.
    bool act() {
        for (std::string& dropped : window_.take_dropped()) {
            actions_.put(action::TakeDropped{std::move(dropped)});
        }
        const std::vector<Action> actions = actions_.take();
        controller_.act(actions, panels_.tree_order());
        focus_.follow(controller_.view());
        const Pointer pointer = actions_.take_pointer();
        const bool moves = actions_.take_again();
        return std::exchange(pointer_, pointer) != pointer || !actions.empty() || moves;
    }

    // -1: no limit.
    double seconds_to_pump() {
        const auto due = controller_.due();
        return due ? std::max(std::chrono::duration<double>(*due - Clock::now()).count(), 0.0) : -1;
    }

    void pace(Clock::time_point start) const {
        if (const auto spent = Clock::now() - start; spent < frame_time_) {
            std::this_thread::sleep_for(frame_time_ - spent);
        }
    }

    const std::chrono::milliseconds frame_time_ = frame_time();
    GlWindow& window_;
    Controller controller_;
    std::vector<Example> examples_;
    std::vector<LessonTitle> lessons_;
    Fonts fonts_;
    GlyphGaps gaps_;
    FocusWait focus_;
    const Messages* needed_ = nullptr;  // whose glyphs are in `fonts_`
    OutputLog output_;
    std::size_t generation_ = 0;  // of the recording in output_
    PanelLayout panels_;
    Actions actions_;
    Pointer pointer_;
    QuitRequest quit_;
    Waker waker_;  // last member: its thread uses descriptors of the others
};

}  // namespace

int run_window(const WindowOptions& options) {
    const auto refuse = [](const Error& error) {
        fmt::print(stderr, "procatlas: {}\n", error.message);
        return 1;
    };
    Result<Messages> english = read_messages(asset_folder() / "locale" / "en.json");
    Result<Messages> korean = read_messages(asset_folder() / "locale" / "ko.json");
    if (!english || !korean) {
        return refuse(english ? korean.error() : english.error());
    }
    if (const std::string problem = find_display().problem; !problem.empty()) {
        const Messages& words = language_of_environment() == "ko" ? *korean : *english;
        return refuse({usage_text(problem + "; `procatlas trace` works without one", words)});
    }
    Result<Settings> settings = read_settings(settings_file());
    std::string complaint;
    if (!settings) {
        complaint = english->format("message.settings_broken", settings.error().message);
        settings = parse_settings("{}");
    }
    Result<std::unique_ptr<GlWindow>> window = GlWindow::open(
        options.where ? "procatlas: " + options.where->surroundings().machine : "procatlas", settings->width, settings->height);
    if (!window) {
        return refuse(window.error());
    }
    WindowApp app(options, **window, *settings, *english, *korean);
    if (!complaint.empty()) {
        app.complain(std::move(complaint));
    }
    constexpr int by_signal = 128;
    const int signal = app.run();
    return signal == 0 ? 0 : by_signal + signal;
}

}  // namespace procatlas
