#include "app/window_app.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <tuple>
#include <utility>

#include "app/asset_folder.h"
#include "app/controller.h"
#include "app/desk.h"
#include "app/gl_window.h"
#include "app/ui.h"
#include "app/waker.h"

namespace procatlas {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds frame_time(16);  // at most one frame in it, however much arrives
constexpr int settling_frames = 2;                   // ImGui needs a second look at what a click has changed

class WindowApp {
public:
    // Messages outlive the window.
    WindowApp(const WindowOptions& options, GlWindow& window, Settings settings, const Messages& english,
              const Messages& korean)
        : window_(window),
          controller_(options.starter, std::move(settings), english, korean),
          examples_(list_examples()),
          launch_(options.launch),
          launch_title_(options.title) {
        for (const Messages* words : {&english, &korean}) {
            for (const auto& [key, text] : words->all()) {
                fonts_.need(text);
            }
        }
        fonts_.need("▶▮■↻→←↑↓▸▾▲▼◀▶|·…−–“”");
        controller_.view().open_file = options.open_file;
    }

    void complain(std::string message) { controller_.complain(std::move(message)); }

    void run() {
        int wanted = settling_frames;
        while (!window_.should_close()) {
            window_.wait(wanted > 0 || launch_ || window_.touched() ? 0 : seconds_to_pump());
            const bool news = pump();
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
            if (live().look_at({view().resident_of, view().bytes_of, !view().moment})) {
                wanted = settling_frames;
            }
            waker_.watch(live().descriptors());
        }
        controller_.finish();
    }

private:
    LiveRun& live() { return controller_.run(); }
    ViewState& view() { return controller_.view(); }

    // events -> recording
    bool pump() {
        const bool news = controller_.pump();
        if (std::exchange(generation_, live().generation()) != live().generation()) {
            output_.clear();
        }
        follow_columns();
        return news;
    }

    // Until chosen by hand: the first process and the youngest others, as many as fit.
    void follow_columns() {
        const std::size_t count = controller_.shown().processes.size();
        if (view().columns_chosen || count == 0) {
            return;
        }
        std::vector<std::size_t> columns = {0};
        const std::size_t others = std::min(view().columns_room, count) - 1;
        for (std::size_t i = count - others; i < count; ++i) {
            columns.push_back(i);
        }
        view().columns = std::move(columns);
    }

    // recording -> world -> layout -> paint
    void draw_frame() {
        const float scale = window_.content_scale() * static_cast<float>(view().settings.zoom) / 100;
        fonts_.prepare(scale);
        const Palette& colours = palette(view().settings.dark ? Theme::dark : Theme::light);
        apply_theme(colours, scale);
        for (const KeyPress& press : window_.begin_frame()) {
            if (const auto action = action_of_key(press.key, press.mods, ImGui::GetIO().WantTextInput)) {
                actions_.push_back(*action);
            }
        }
        output_.follow(live().recording(), view().moment.value_or(live().recording().last_moment()));
        Frame frame{live(),   view(),  controller_.shown(), controller_.words(), fonts_,
                    colours,  output_, live().bytes(),      examples_,           controller_.recent(),
                    actions_, launch_, launch_title_};
        desk_.draw(frame);
        window_.end_frame(colours.window);
        std::tie(view().settings.width, view().settings.height) = window_.size();
    }

    // What a person did, after the frame that showed it.
    void act() {
        for (std::string& dropped : window_.take_dropped()) {
            view().open_file = std::move(dropped);
        }
        controller_.act(std::exchange(actions_, {}), desk_.tree_order());
        if (std::optional<LaunchCommand> launch = std::exchange(launch_, std::nullopt)) {
            controller_.start(std::move(*launch), launch_title_);
        }
    }

    // -1: until something happens.
    double seconds_to_pump() {
        const auto due = live().due();
        return due ? std::max(std::chrono::duration<double>(*due - Clock::now()).count(), 0.0) : -1;
    }

    static void pace(Clock::time_point start) {
        if (const auto spent = Clock::now() - start; spent < frame_time) {
            std::this_thread::sleep_for(frame_time - spent);
        }
    }

    GlWindow& window_;
    Controller controller_;
    std::vector<Example> examples_;
    Fonts fonts_;
    OutputLog output_;
    std::size_t generation_ = 0;  // of the recording that output_ knows
    Desk desk_;
    std::vector<Action> actions_;
    std::optional<LaunchCommand> launch_;
    std::string launch_title_;
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
    Result<Messages> english = read_messages(asset_folder() / "locale" / "en.json");
    Result<Messages> korean = read_messages(asset_folder() / "locale" / "ko.json");
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
    WindowApp app(options, **window, *settings, *english, *korean);
    if (!complaint.empty()) {
        app.complain(std::move(complaint));
    }
    app.run();
    return 0;
}

void launch_example(Frame& frame, const Example& example) {
    frame.launch = launch_of(example.arguments, frame.view.hold_at_start);
    frame.launch_title = example.name;
}

}  // namespace procatlas
