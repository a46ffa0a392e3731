#include "app/control/thing_menu.h"

#include <algorithm>
#include <utility>

#include "app/control/thing_moments.h"
#include "core/base/text.h"
#include "core/model/memory_blocks.h"
#include "core/narrate/block_name.h"
#include "core/narrate/family_names.h"
#include "core/narrate/function_name.h"
#include "core/narrate/program_name.h"

namespace procatlas {
namespace {

constexpr std::size_t most_title = 60;          // characters
constexpr std::size_t most_copied = 64u << 10;  // bytes
constexpr ByteCount most_bytes = 16u << 10;
constexpr ByteCount least_bytes = 64;

class MenuMaker {
public:
    MenuMaker(Thing thing, const ThingPlaces& places) : t_(std::move(thing)), p_(places) {
        known_ = t_.process < p_.world.processes.size();
        if (t_.kind == ThingKind::region) {
            complete_region();
        } else if (t_.kind == ThingKind::process && known_) {
            const Process& process = p_.world.processes[t_.process];
            t_.value = std::to_string(process.key.pid);
            t_.text = family_name(p_.world, t_.process) + " " + t_.value + " " + program_name(process);
        }
    }

    ThingMenu run() {
        made_.title = title();
        copies();
        look();
        moments();
        holds();
        of_process();
        return std::move(made_);
    }

private:
    void complete_region() {
        if (!known_) {
            return;
        }
        const std::vector<Region> regions = regions_of(p_.world.processes[t_.process], p_.run.recording().images());
        for (const Block& block : gather_blocks(regions)) {
            if (block.range.contains(t_.address)) {
                t_.address = block.range.start;
                t_.size = block.range.size();
                t_.name = block_name(block, regions, p_.words);
                t_.text = t_.name + " " + hex_address(block.range.start) + "-" + hex_address(block.range.end);
            }
        }
    }

    std::string title() const {
        std::string text = t_.kind == ThingKind::region  ? t_.name
                           : t_.kind == ThingKind::frame ? with_brackets(display_text(t_.name))
                           : t_.kind == ThingKind::source_line
                               ? display_text(base_name(t_.file)) + ":" + std::to_string(t_.line)
                               : display_text(t_.text);
        text = first_characters(text, most_title);
        const bool of_one = known_ && t_.kind != ThingKind::process && t_.kind != ThingKind::source_line;
        return text + (of_one ? " · " + family_name(p_.world, t_.process) : "");
    }

    void copy(std::string_view key, const std::string& what) {
        if (!what.empty()) {
            made_.items.push_back({.text = std::string(p_.words.text(key)),
                                   .copies = display_text(std::string_view(what).substr(0, most_copied), true)});
        }
    }

    void act(std::string text, std::vector<Action> actions) {
        made_.items.push_back({.text = std::move(text), .actions = std::move(actions)});
    }

    void refuse(std::string_view key, std::string_view why) {
        made_.items.push_back({.text = std::string(p_.words.text(key)), .why_not = std::string(p_.words.text(why))});
    }

    void copies() {
        copy(t_.kind == ThingKind::process ? "menu.copy_pid" : "menu.copy_value", t_.value);
        copy("menu.copy_address", t_.address == 0 ? std::string() : hex_address(t_.address));
        copy("menu.copy_text", t_.text == t_.value ? std::string() : t_.text);
    }

    void look() {
        if (t_.address == 0 || !known_) {
            return;
        }
        const Process& process = p_.world.processes[t_.process];
        const bool live = p_.run.live() && !p_.view.moment && process.alive();
        if (!live || process.state != ProcessState::held) {
            refuse("menu.bytes", live ? "menu.not_held" : "menu.past");
        } else {
            const Address from = t_.address & ~Address{15};
            const ByteCount size = std::clamp((t_.size + 31) & ~ByteCount{15}, least_bytes, most_bytes);
            act(std::string(p_.words.text("menu.bytes")),
                {action::LookAtBytes{{process.key, {from, from + size}}, t_.process}});
        }
        if (t_.kind != ThingKind::region) {
            act(std::string(p_.words.text("menu.map")), {action::SelectProcess{t_.process}, action::AskAddress{t_.address}});
        }
    }

    void moments() {
        const std::size_t now = p_.view.moment.value_or(p_.run.recording().last_moment());
        const auto moment = last_moment_of(t_, p_.run.recording(), now);
        const std::string_view key = t_.kind == ThingKind::variable      ? "menu.find_change"
                                     : t_.kind == ThingKind::block       ? "menu.find_change"
                                     : t_.kind == ThingKind::region      ? "menu.find_change"
                                     : t_.kind == ThingKind::frame       ? "menu.find_call"
                                     : t_.kind == ThingKind::process     ? "menu.find_birth"
                                     : t_.kind == ThingKind::output      ? "menu.find_output"
                                     : t_.kind == ThingKind::event       ? "menu.find_event"
                                     : t_.kind == ThingKind::source_line ? "menu.find_line"
                                     : t_.kind == ThingKind::instruction ? "menu.find_line"
                                                                         : "";
        if (!key.empty() && moment) {
            act(p_.words.format(key, *moment), {action::GoTo{*moment}});
        } else if (!key.empty()) {
            made_.items.push_back(
                {.text = std::string(p_.words.text("menu.find")), .why_not = std::string(p_.words.text("menu.not_found"))});
        }
        if (t_.kind == ThingKind::event) {
            act(std::string(p_.words.text("menu.compare_since")),
                {action::GoTo{t_.moment}, action::CompareWith{Compare::since}, action::Travel{TravelTo::now}});
        }
    }

    void holds() {
        const bool line = t_.kind == ThingKind::source_line || (t_.kind == ThingKind::frame && !t_.file.empty());
        const bool variable = t_.kind == ThingKind::variable;
        if (!line && !variable) {
            return;
        }
        const StopPoints& points = p_.run.stop_points();
        const LineStop here{t_.file, t_.line};
        const bool watchable = t_.function.empty() && can_be_watched({t_.address, t_.address + t_.size});
        const VariableStop watch{t_.function, t_.name, t_.address, watchable};
        const bool set = line ? std::ranges::find(points.lines, here) != points.lines.end()
                              : std::ranges::find(points.variables, watch) != points.variables.end();
        const std::string text = line ? p_.words.format(set ? "menu.stop_off" : "menu.stop_on", t_.line)
                                      : std::string(p_.words.text(set ? "menu.watch_off" : "menu.watch_on"));
        if (p_.run.opened()) {
            made_.items.push_back({.text = text, .why_not = std::string(p_.words.text("stop.opened"))});
        } else {
            act(text, {line ? Action(action::ToggleLineStop{here}) : Action(action::ToggleVariableStop{watch})});
        }
        if (!points.empty()) {
            act(std::string(p_.words.text("menu.stops_clear")), {action::ClearStops{}});
        }
    }

    void of_process() {
        if (t_.kind != ThingKind::process || !known_) {
            return;
        }
        act(std::string(p_.words.text("menu.memory")), {action::ClickProcess{t_.process}});
        if (!p_.world.processes[t_.process].children.empty()) {
            act(std::string(p_.words.text("menu.subtree")), {action::ToggleSubtree{t_.process}});
        }
    }

    Thing t_;
    const ThingPlaces& p_;
    bool known_ = false;
    ThingMenu made_;
};

}  // namespace

ThingMenu menu_of(const Thing& thing, const ThingPlaces& places) {
    return MenuMaker(thing, places).run();
}

}  // namespace procatlas
