#include "core/layout/timeline/layout_timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/text.h"
#include "core/layout/process_role.h"
#include "core/layout/timeline/timeline_parts.h"
#include "core/model/places.h"
#include "core/narrate/event_mark.h"
#include "core/narrate/family_names.h"

namespace procatlas {

namespace {

constexpr float lane_pitch = 22;
constexpr float bar_height = 15;
constexpr float ruler_height = 24;
constexpr float mark_radius = 4.5F;
constexpr float trace_radius = 1.6F;
constexpr float marks_apart = 11;
constexpr float traces_apart = 5;
constexpr float right_margin = 10;
constexpr float exec_gap = 1.5F;  // on each side of the moment
constexpr float tick_room = 64;
constexpr float fold_room = 14;  // left of the names

class TimelineLayout {
public:
    TimelineLayout(const Recording& recording, const World& shown, std::span<const ProcessLane> lanes, const TimelineView& view,
                   const Messages& words, const TextMeasure& measure)
        : recording_(recording),
          known_(view.ends_there ? lanes_until(lanes, view.moment) : std::vector<ProcessLane>()),
          lanes_(view.ends_there ? std::span<const ProcessLane>(known_) : lanes),
          last_(view.ends_there ? view.moment : recording.last_moment()),
          view_(view),
          words_(words),
          measure_(measure) {
        timeline_.processes = ShownProcesses(view.ends_there ? shown : recording.last_world(), shown, view.choice);
        float widest = 0;
        for (std::size_t i = 0; i < lanes_.size(); ++i) {
            if (is_seen(i)) {
                widest = std::max(widest, measure.width(name_of(i), TextStyle::mono));
            }
        }
        timeline_.left = std::ceil(widest) + 18 + (view.folds ? fold_room : 0);
        timeline_.step =
            std::max(view.width - timeline_.left - right_margin, 1.0F) / static_cast<float>(std::max(view.count, 1.0));
    }

    TimelineScene run() {
        Scene& body = timeline_.body;
        body.width = timeline_.ruler.width = view_.width;
        body.height = lane_pitch * static_cast<float>(timeline_.processes.order().size()) + 4;
        timeline_.ruler.height = ruler_height;
        for (std::size_t i = 0; i < lanes_.size(); ++i) {
            if (is_seen(i)) {
                add_bars(i);
            }
        }
        crossings_.resize(lanes_.size());
        add_forks();
        for (std::size_t i = 0; i < lanes_.size(); ++i) {
            if (is_seen(i)) {
                add_marks(i);
            }
        }
        add_startup();
        add_ruler();
        add_now();
        return std::move(timeline_);
    }

private:
    [[nodiscard]] bool is_seen(std::size_t process) const {
        const auto lane = timeline_.processes.lane_of(process);
        return lane && lane_box(*lane).bottom() >= view_.top && lane_box(*lane).y <= view_.bottom;
    }
    // Of a process that has a lane.
    [[nodiscard]] Box box_of(std::size_t process) const { return lane_box(timeline_.processes.lane_of(process).value_or(0)); }
    // "C1 17169"
    [[nodiscard]] std::string name_of(std::size_t process) const {
        const World& world = recording_.last_world();
        return family_name(world, process) + " " + std::to_string(world.processes[process].key.pid);
    }
    [[nodiscard]] static Role role_of_lane(std::size_t process) { return role_of_process(process); }
    [[nodiscard]] float x_of(double moment) const { return timeline_.x_of(moment, view_); }
    [[nodiscard]] float x_of_place(double place) const {
        return timeline_.left + static_cast<float>(place - view_.first) * timeline_.step;
    }
    [[nodiscard]] float right_end() const { return view_.width - right_margin; }
    [[nodiscard]] bool is_visible(float x) const { return x >= timeline_.left && x <= right_end(); }
    [[nodiscard]] std::size_t first_seen() const {
        return static_cast<std::size_t>(std::max(std::floor(view_.startup.moment_at(view_.first)), 0.0));
    }
    [[nodiscard]] std::size_t end_seen() const {
        return static_cast<std::size_t>(std::max(std::ceil(view_.startup.moment_at(view_.first + view_.count)), 0.0));
    }

    // Where the bar of a process ends that has not.
    [[nodiscard]] double open_end() const {
        return view_.live ? view_.startup.moment_at(view_.first + view_.count) + 1 : static_cast<double>(last_) + 0.5;
    }

    // A bar between two x, cut to the view. The part after the shown moment is hollow.
    void add_bar(std::size_t process, float from, float to, bool zombie) {
        const Box lane = box_of(process);
        const float top = lane.y + (lane.height - bar_height) / 2;
        const float now = view_.moment >= last_ ? to : x_of(static_cast<double>(view_.moment));
        const auto piece = [&](float left, float right, bool hollow) {
            left = std::max(left, timeline_.left);
            right = std::min(right, right_end());
            if (right - left < 1) {
                return;
            }
            timeline_.body.boxes.push_back({.box = {left, top, right - left, bar_height},
                                            .role = hollow || zombie ? Role::card : role_of_lane(process),
                                            .outline = role_of_lane(process),
                                            .radius = 3,
                                            .filled = !zombie,
                                            .outlined = true,
                                            .dashed = zombie,
                                            .hit = {HitKind::process, process, 0}});
        };
        if (zombie || to <= now || from >= now) {
            piece(from, to, from >= now && !zombie);
        } else {
            piece(from, now, false);
            piece(now, to, true);
        }
    }

    // Adds a bar for each program in turn, then one for the zombie.
    void add_bars(std::size_t process) {
        const ProcessLane& lane = lanes_[process];
        const Box box = box_of(process);
        const bool selected = process == view_.selected;
        const std::string name = name_of(process);
        const float line = measure_.line_height(TextStyle::mono);
        timeline_.body.labels.push_back(
            {{timeline_.left - 12 - measure_.width(name, TextStyle::mono), box.y + (box.height - line) / 2},
             name,
             TextStyle::mono,
             selected ? Role::accent : Role::text});
        add_fold(process);
        const double end = lane.exit ? *lane.exit : open_end();
        float from = x_of(lane.born);
        for (const std::uint32_t exec : lane.execs) {
            add_bar(process, from, x_of(exec) - exec_gap, false);
            from = x_of(exec) + exec_gap;
        }
        add_bar(process, from, x_of(end), false);
        if (lane.exit) {
            add_bar(process, x_of(*lane.exit) + 2, x_of(lane.reap ? *lane.reap : open_end()), true);
        }
    }

    // A click folds the lanes of all that came of a process, or unfolds them.
    void add_fold(std::size_t process) {
        if (!view_.folds || recording_.last_world().processes[process].children.empty()) {
            return;
        }
        const Box lane = box_of(process);
        const bool folded = std::ranges::binary_search(view_.choice.folded, process);
        const float line = measure_.line_height(TextStyle::small);
        timeline_.body.boxes.push_back({.box = {0, lane.y, fold_room + 4, lane.height},
                                        .role = Role::card,
                                        .radius = 3,
                                        .pale = true,
                                        .hit = {HitKind::subtree, process, 0}});
        timeline_.body.labels.push_back({{4, lane.y + (lane.height - line) / 2},
                                         folded ? "▸" : "▾",
                                         TextStyle::small,
                                         folded ? Role::accent : Role::muted});
    }

    // Start-up is one short stretch, with the number of its events where there is room. A click opens it.
    void add_startup() {
        if (view_.startup.empty()) {
            return;
        }
        const float from = std::max(x_of_place(static_cast<double>(view_.startup.first)), timeline_.left);
        const float to = std::min(x_of_place(static_cast<double>(view_.startup.first) + view_.startup.width), right_end());
        if (to <= from) {
            return;
        }
        const Box place{from, 1, to - from, ruler_height - 4};
        timeline_.ruler.boxes.push_back({.box = place,
                                         .role = Role::card,
                                         .outline = Role::link,
                                         .radius = 3,
                                         .pale = true,
                                         .outlined = true,
                                         .dashed = true,
                                         .hit = {HitKind::fold, 0, 0}});
        const bool open = view_.startup.width >= static_cast<double>(view_.startup.count());
        const std::string text = (open ? "▾" : "▸") + std::to_string(view_.startup.count());
        const float width = measure_.width(text, TextStyle::mono_small);
        if (width <= place.width) {
            timeline_.ruler.labels.push_back({{place.x + (place.width - width) / 2,
                                               place.y + (place.height - measure_.line_height(TextStyle::mono_small)) / 2},
                                              text,
                                              TextStyle::mono_small,
                                              Role::muted});
        }
    }

    void add_forks() {
        for (std::size_t i = 0; i < lanes_.size(); ++i) {
            const ProcessLane& lane = lanes_[i];
            const float x = x_of(lane.born);
            const auto parent = lane.parent ? timeline_.processes.shown_parent(i) : std::nullopt;  // a hidden one is told at it
            if (parent && is_visible(x) && timeline_.processes.shows(i) && (is_seen(i) || is_seen(*parent))) {
                timeline_.body.links.push_back({{{x, middle(*parent)}, {x, middle(i)}}, Role::pin});
                for (std::size_t crossed = *parent + 1; crossed < i; ++crossed) {
                    if (is_seen(crossed)) {
                        crossings_[crossed].push_back(lane.born);
                    }
                }
            }
        }
    }

    [[nodiscard]] float middle(std::size_t process) const {
        const Box lane = box_of(process);
        return lane.y + lane.height / 2;
    }

    // Calls `place` for those of `moments` that are far enough apart, with the x of each and of the next one.
    template <typename Place>
    void for_each_apart(std::span<const std::uint32_t> moments, float apart, Place place) const {
        auto at = std::ranges::lower_bound(moments, first_seen());
        const auto end = std::ranges::lower_bound(moments, end_seen());
        while (at != end) {
            const float x = x_of(*at);
            const double next_place = view_.startup.place_of(*at) + static_cast<double>(apart / timeline_.step);
            const auto next_moment = static_cast<std::size_t>(std::ceil(view_.startup.moment_at(next_place)));
            const auto next = std::ranges::lower_bound(at + 1, end, next_moment);
            if (is_visible(x)) {
                place(*at, x, next == end ? right_end() : x_of(*next));
            }
            at = next;
        }
    }

    void add_marks(std::size_t process) {
        const ProcessLane& lane = lanes_[process];
        const float y = middle(process);
        words_at_.clear();
        for_each_apart(lane.steps, marks_apart, [&](std::uint32_t moment, float x, float next) {
            const Event& event = recording_.events()[moment];
            const bool warns =
                std::holds_alternative<SignalEvent>(event.detail) || std::holds_alternative<ExecFailedEvent>(event.detail);
            timeline_.body.marks.push_back({{x, y}, mark_radius, mark_shape(event), warns ? Role::warning : Role::pin});
            const float end = std::min({next - mark_radius, next_crossing(process, moment), next_exec(lane, moment)});
            add_word(process, moment, x + mark_radius + 4, end - 3);
        });
        for_each_apart(lane.traces, traces_apart, [&](std::uint32_t moment, float x, float) {
            const auto covers = [&](const std::pair<float, float>& word) { return word.first <= x && x <= word.second; };
            if (std::ranges::none_of(words_at_, covers)) {
                timeline_.body.marks.push_back(
                    {{x, y}, trace_radius, MarkShape::disc, moment <= view_.moment ? Role::trace : Role::muted});
            }
        });
    }

    // The x where the next fork line to a lower lane crosses this lane.
    [[nodiscard]] float next_crossing(std::size_t process, std::uint32_t moment) const {
        const auto next = std::ranges::upper_bound(crossings_[process], moment);
        return next == crossings_[process].end() ? right_end() : x_of(*next);
    }

    // The x where the next exec cuts the bar, even if that exec's own mark has no room.
    [[nodiscard]] float next_exec(const ProcessLane& lane, std::uint32_t moment) const {
        const auto next = std::ranges::upper_bound(lane.execs, moment);
        return next == lane.execs.end() ? right_end() : x_of(*next) - exec_gap;
    }

    void add_word(std::size_t process, std::uint32_t moment, float from, float to) {
        const ProcessLane& lane = lanes_[process];
        std::string text = mark_text(recording_.events()[moment], words_);
        const float width = measure_.width(text, TextStyle::small);
        const bool over = lane.exit && moment >= *lane.exit;
        if (over && lane.reap && x_of(*lane.reap) < from + width + 6) {
            from = x_of(*lane.reap) + 4;  // after the zombie, which is too short for the word
        }
        if (text.empty() || width > to - from) {
            return;
        }
        // A word must not cross the line of the shown moment.
        const bool gone_by = moment <= view_.moment;
        const float now = x_of(static_cast<double>(view_.moment));
        if (view_.moment < last_ && from - 2 < now && now < from + width + 2) {
            return;
        }
        const float bar_end = x_of(lane.exit ? *lane.exit : open_end());
        const bool behind = !over && from + width + 3 > bar_end;  // the bar is too short for the word
        from = behind ? std::max(from, bar_end + 4) : from;
        if (width > to - from) {
            return;
        }
        const bool filled = !over && !behind && gone_by;
        words_at_.emplace_back(from - 3, from + width + 3);
        timeline_.body.labels.push_back({{from, middle(process) - measure_.line_height(TextStyle::small) / 2},
                                         std::move(text),
                                         TextStyle::small,
                                         filled ? role_of_lane(process) : Role::muted,
                                         filled});
    }

    void add_ruler() {
        const std::size_t step = round_step(static_cast<double>(tick_room) / timeline_.step);
        const float line = measure_.line_height(TextStyle::mono_small);
        const Box flag = flag_box();
        constexpr float kept_free = 10;  // on both sides of the flag
        for (std::size_t moment = (first_seen() + step - 1) / step * step; moment < end_seen() && moment <= last_;
             moment += step) {
            const float x = x_of(static_cast<double>(moment));
            const std::string text = std::to_string(moment);
            const float half = measure_.width(text, TextStyle::mono_small) / 2;
            const bool free = x + half + kept_free < flag.x || x - half - kept_free > flag.x + flag.width;
            const bool in_startup = moment >= view_.startup.first && moment < view_.startup.end;
            if (!is_visible(x) || !free || in_startup) {
                continue;
            }
            timeline_.ruler.links.push_back({{{x, ruler_height - 4}, {x, ruler_height}}, Role::link});
            timeline_.ruler.labels.push_back({{x - half, ruler_height - 6 - line}, text, TextStyle::mono_small, Role::muted});
        }
    }

    [[nodiscard]] std::string now_text() const {
        const auto events = recording_.events();
        return events.empty()
                   ? std::string()
                   : fmt::format("{} · {:.3f} s", view_.moment, static_cast<double>(events[view_.moment].time_ns) / 1e9);
    }

    // Stays inside the ruler, so it is not always centred on its moment.
    [[nodiscard]] Box flag_box() const {
        const float x = x_of(static_cast<double>(view_.moment));
        const float width = measure_.width(now_text(), TextStyle::mono_small) + 12;
        const float left = std::clamp(x - width / 2, timeline_.left - 20, std::max(right_end() - width, timeline_.left - 20));
        return {left, 1, width, ruler_height - 6};
    }

    // Marks the shown moment: a flag with its number and time, and a line through all lanes.
    void add_now() {
        const float x = x_of(static_cast<double>(view_.moment));
        if (recording_.empty() || !is_visible(x)) {
            return;
        }
        if (view_.moment < last_) {  // at the last moment there is no later part to set apart
            timeline_.body.links.push_back({{{x, 0}, {x, timeline_.body.height}}, Role::accent});
        }
        const Box flag = flag_box();
        const float line = measure_.line_height(TextStyle::mono_small);
        timeline_.ruler.boxes.push_back({.box = flag, .role = Role::accent, .radius = 4, .hit = {}});
        timeline_.ruler.links.push_back({{{x, ruler_height - 5}, {x, ruler_height}}, Role::accent});
        timeline_.ruler.labels.push_back(
            {{flag.x + 6, flag.y + (flag.height - line) / 2}, now_text(), TextStyle::mono_small, Role::accent, true});
    }

    const Recording& recording_;
    std::vector<ProcessLane> known_;  // where what comes later is left out
    std::span<const ProcessLane> lanes_;
    std::size_t last_;  // the last moment that is told
    const TimelineView& view_;
    const Messages& words_;
    const TextMeasure& measure_;
    TimelineScene timeline_;
    std::vector<std::vector<std::uint32_t>> crossings_;  // for each process: births whose line crosses its lane, ascending
    std::vector<std::pair<float, float>> words_at_;      // in the current lane
};

}  // namespace

std::size_t TimelineScene::moment_at(float x, const TimelineView& view, std::size_t last) const {
    const double moment = std::floor(view.startup.moment_at(view.first + static_cast<double>((x - left) / step)));
    return static_cast<std::size_t>(std::clamp(moment, 0.0, static_cast<double>(last)));
}

TimelineScene layout_timeline(const Recording& recording, const World& shown, std::span<const ProcessLane> lanes,
                              const TimelineView& view, const Messages& words, const TextMeasure& measure) {
    return TimelineLayout(recording, shown, lanes, view, words, measure).run();
}

Box lane_box(std::size_t lane) {
    return {0, 2 + lane_pitch * static_cast<float>(lane), 0, lane_pitch};
}

}  // namespace procatlas
