// The CPU time of one draw of the window, without the graphics card's share: our panels beside a bare ImGui frame in the same
// run.
//
//     steady   nothing has changed since the last draw (the pointer moved)
//     fresh    another moment is shown in each draw, so everything is laid out anew
//     moving   a transition of the stage between two moments
//
// Needs a display (xvfb-run). Prints a line for each, in milliseconds: median and worst of 100 draws.
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "app/control/controller.h"
#include "app/paint/imgui_compat.h"
#include "app/paint/ui.h"
#include "app/window/gl_window.h"
#include "app/window/panel_layout.h"
#include "core/model/inside.h"
#include "tests/support/scripted_observer.h"

using namespace procatlas;

namespace {

constexpr int draws = 100;

std::shared_ptr<const AddressSpace> memory_of(std::size_t mappings) {
    auto memory = std::make_shared<AddressSpace>();
    Address at = 0x5555'0000'0000;
    for (std::size_t i = 0; i < mappings; ++i) {
        Mapping mapping;
        mapping.range = {at, at + 4096 * (1 + i % 7)};
        mapping.permissions = {.read = i % 4 != 0, .write = i % 2 == 0, .execute = i % 5 == 0, .shared = false};
        at = mapping.range.end + (i % 10 == 0 ? 1UL << 30 : 0);
        memory->mappings.push_back(mapping);
    }
    Mapping stack;
    stack.range = {0x7ffd'0000'0000, 0x7ffd'0002'1000};
    stack.permissions = {.read = true, .write = true, .execute = false, .shared = false};
    stack.name = "[stack]";
    memory->mappings.push_back(stack);
    return memory;
}

std::shared_ptr<const Inside> frames_of(std::size_t count, int value) {
    auto stack = std::make_shared<Stack>();
    for (std::size_t i = 0; i < count; ++i) {
        auto frame = std::make_shared<StackFrame>();
        frame->function = "recurse";
        frame->file = "/src/a.c";
        frame->line = 12;
        frame->own = true;
        frame->extent = {0x7ffd'0001'0000 + 64 * i, 0x7ffd'0001'0040 + 64 * i};
        Variable n;
        n.name = "n";
        n.type = "int";
        n.address = frame->extent.start + 8;
        n.size = 4;
        n.value = std::to_string(i == 0 ? value : static_cast<int>(i));
        frame->variables.push_back(n);
        stack->frames.push_back(frame);
    }
    auto inside = std::make_shared<Inside>();
    inside->stack = stack;
    return inside;
}

struct Case {
    const char* name;
    std::size_t processes;
    std::size_t mappings;
    std::size_t frames;
};

std::vector<ObservedEvent> events_of(const Case& of) {
    const auto memory = memory_of(of.mappings);
    const auto event = [&](std::int32_t pid, EventDetail detail) {
        ObservedEvent made;
        made.process = {pid, static_cast<std::uint64_t>(pid)};
        made.thread = pid;
        made.memory = memory;
        made.stack_pointer = 0x7ffd'0001'0000;
        made.detail = std::move(detail);
        return made;
    };
    constexpr std::int32_t first = 1000;
    std::vector<ObservedEvent> events{event(first, StartEvent{999, {"bench"}, "/"}), event(first, ExecEvent{"/bin/bench", {}})};
    for (std::size_t i = 1; i < of.processes; ++i) {
        ForkEvent fork;
        fork.child = {first + static_cast<std::int32_t>(i), static_cast<std::uint64_t>(first) + i};
        fork.child_parent_pid = first;
        events.push_back(event(first, fork));
        events.back().child_memory = memory;
    }
    for (int i = 0; i < 12; ++i) {
        events.push_back(event(first, LineEvent{}));
        events.back().inside = frames_of(of.frames, i);
        events.back().held = i == 11;
    }
    return events;
}

double thread_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

void tell(const std::string& what, std::vector<double> times) {
    std::ranges::sort(times);
    fmt::print("{:<44} {:8.2f} {:8.2f}\n", what, times[times.size() / 2], times.back());
    (void)std::fflush(stdout);
}

class Desk {
public:
    Desk(GlWindow& window, const Case& of, const Messages& english, const Messages& korean)
        : window_(window),
          english_(english),
          korean_(korean),
          events_(events_of(of)),
          controller_(
              [this](LaunchCommand) -> Result<std::unique_ptr<Observer>> {
                  return std::make_unique<ScriptedObserver>(events_, 0, ScriptedObserver::Afterwards::stays);
              },
              Settings{.language = "en", .width = 1280, .height = 800}, english, korean) {
        controller_.act({action::Launch{launch_of({"bench"}), "bench"}}, {});
        while (controller_.run().recording().events().size() < events_.size()) {
            controller_.pump();
        }
    }

    // In milliseconds.
    double draw() {
        const View& view = controller_.view();
        fonts_.prepare(1);
        const Palette& colours = palette(Theme::light);
        apply_theme(colours, 1);
        window_.wait(0);
        (void)window_.begin_frame(false);
        output_.follow(controller_.run().recording(), view.moment.value_or(controller_.run().recording().last_moment()));
        const double start = thread_ms();
        const Pointer pointer;
        const Frame frame{controller_.run(),
                          view,
                          pointer,
                          controller_.shown(),
                          english_,
                          english_,
                          korean_,
                          fonts_,
                          colours,
                          output_,
                          {},
                          {},
                          {}};
        panels_.draw(frame, actions_);
        const double spent = thread_ms() - start;
        ImGui::EndFrame();  // nothing is sent to the graphics card
        (void)actions_.take();
        moves_ = actions_.take_again();
        controller_.follow_columns(panels_.columns_room());
        return spent;
    }

    void settle() {
        for (int i = 0; i < 20 || fonts_.stale(); ++i) {
            (void)draw();
        }
    }

    void measure(const std::string& name) {
        settle();
        std::vector<double> steady;
        std::vector<double> fresh;
        std::vector<double> moving;
        for (int i = 0; i < draws; ++i) {
            steady.push_back(draw());
        }
        const std::size_t last = controller_.run().recording().last_moment();
        for (int i = 0; i < draws; ++i) {
            go(last - 1 - static_cast<std::size_t>(i) % 10);
            fresh.push_back(draw());
        }
        for (std::size_t i = 0; moving.size() < draws && i < 12; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(400));  // a calm moment: the next step is followed
            go(last - 1 - i % 10);
            (void)draw();
            while (moves_) {
                moving.push_back(draw());
            }
        }
        tell(name + ", steady", steady);
        tell(name + ", fresh", fresh);
        tell(name + ", moving", moving.empty() ? std::vector<double>{0} : moving);
    }

private:
    void go(std::size_t moment) { controller_.act({action::GoTo{moment}}, {}); }

    GlWindow& window_;
    const Messages& english_;
    const Messages& korean_;
    std::vector<ObservedEvent> events_;
    Controller controller_;
    Fonts fonts_;
    OutputLog output_;
    PanelLayout panels_;
    Actions actions_;
    bool moves_ = false;
};

void bare(GlWindow& window) {
    std::vector<double> times;
    Fonts fonts;
    fonts.prepare(1);
    for (int i = 0; i < draws; ++i) {
        window.wait(0);
        (void)window.begin_frame(false);
        const double start = thread_ms();
        ImGui::Begin("bare");
        ImGui::TextUnformatted("bare");
        ImGui::End();
        times.push_back(thread_ms() - start);
        ImGui::EndFrame();
    }
    tell("a bare ImGui frame", times);
}

}  // namespace

int main() {
    const auto english = read_messages(PROCATLAS_SOURCE_DIR "/assets/locale/en.json");
    const auto korean = read_messages(PROCATLAS_SOURCE_DIR "/assets/locale/ko.json");
    auto window = GlWindow::open("procatlas", 1280, 800);
    if (!english || !korean || !window) {
        fmt::print(stderr, "no words or no window\n");
        return 1;
    }
    fmt::print("{:<44} {:>8} {:>8}\n", "milliseconds of CPU", "median", "worst");
    bare(**window);
    for (const Case& one : {Case{"3 processes", 3, 40, 4}, Case{"200 processes", 200, 40, 4},
                            Case{"100,000 mappings", 1, 100'000, 4}, Case{"1,000 frames", 2, 40, 1000}}) {
        Desk(**window, one, *english, *korean).measure(one.name);
    }
    return 0;
}
