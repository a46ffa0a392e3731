#include "core/lesson/arrive.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "core/lesson/printed_lines.h"
#include "core/model/inside.h"
#include "core/narrate/family_names.h"

namespace procatlas {
namespace {

// The line of the source that an event of the grain `lines` tells.
std::uint32_t line_of(const Event& event) {
    if (!event.inside || !event.inside->stack) {
        return 0;
    }
    for (const auto& frame : event.inside->stack->frames) {
        if (frame->own && frame->line != 0) {
            return frame->line;
        }
    }
    return 0;
}

// The exec by which the program begins: nothing before it belongs to it.
std::size_t begin_of_program(const Recording& recording) {
    const World& world = recording.last_world();
    if (world.program_moment != 0) {
        return world.program_moment;
    }
    const auto events = recording.events();
    const auto found = std::ranges::find_if(events, [&](const Event& event) { return is_launch(world, event); });
    return found == events.end() ? 0 : static_cast<std::size_t>(found - events.begin());
}

// Whether what happened in `process` concerns the step.
class WantedProcess {
public:
    WantedProcess(const LessonGo& go, const Recording& recording) : name_(go.process) {
        if (!name_.empty()) {
            names_ = family_names(recording.last_world());
        }
    }
    [[nodiscard]] bool fits(std::optional<std::size_t> process) const {
        return name_.empty() || (process && *process < names_.size() && names_[*process] == name_);
    }

private:
    const std::string& name_;
    std::vector<std::string> names_;
};

bool is_there(const LessonGo& go, const Recording& recording, std::size_t moment) {
    const Event& event = recording.events()[moment];
    switch (go.to) {
        case GoTo::start:
            return moment == begin_of_program(recording);
        case GoTo::end:
            return recording.last_world().ended && moment == recording.last_moment();
        case GoTo::event:
            return event_kind_name(event) == go.what;
        case GoTo::line:
            return std::holds_alternative<LineEvent>(event.detail) && line_of(event) == go.number;
        case GoTo::call: {
            const auto* call = std::get_if<CallEvent>(&event.detail);
            return call && call->name == go.what;
        }
        case GoTo::return_from: {
            const auto* back = std::get_if<ReturnEvent>(&event.detail);
            return back && back->name == go.what;
        }
        case GoTo::output:
        case GoTo::query:
            return false;
    }
    return false;
}

// Of lines, which may come in several events.
std::optional<std::size_t> arrival_at_output(const LessonGo& go, const Recording& recording, std::size_t begin) {
    std::uint32_t left = go.count;
    const WantedProcess wanted(go, recording);
    for (const PrintedLine& line : printed_lines(recording)) {
        const bool fits = line.moment >= begin && wanted.fits(line.process) && line.text.find(go.what) != std::string::npos;
        if (fits && --left == 0) {
            return !go.before ? line.moment : line.began > 0 ? line.began - 1 : 0;
        }
    }
    return std::nullopt;
}

// Calls and lines are recorded where they were asked for.
std::string_view missing_grain(GoTo to, LessonGrain grain) {
    const bool call = to == GoTo::call || to == GoTo::return_from;
    if (call && grain < LessonGrain::calls) {
        return ": calls are recorded with \"grain: calls\" or finer";
    }
    return to == GoTo::line && grain < LessonGrain::lines ? ": lines are recorded with \"grain: lines\" or finer" : "";
}

}  // namespace

std::optional<std::size_t> run_of_step(const Lesson& lesson, std::size_t step) {
    for (std::size_t at = std::min(step + 1, lesson.steps.size()); at-- > 0;) {
        if (lesson.steps[at].run) {
            return at;
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> arrival(const LessonGo& go, const Recording& recording, std::optional<std::size_t> from) {
    std::uint32_t left = go.count;
    const std::size_t begin = go.from_start || !from || go.to == GoTo::end || go.to == GoTo::start ? 0 : *from + 1;
    if (go.to == GoTo::output) {
        return arrival_at_output(go, recording, begin);
    }
    const WantedProcess wanted(go, recording);
    for (std::size_t moment = begin; moment < recording.events().size(); ++moment) {
        if (wanted.fits(recording.process_of(moment)) && is_there(go, recording, moment) && --left == 0) {
            return go.before && moment > 0 ? moment - 1 : moment;
        }
    }
    return std::nullopt;
}

Result<std::optional<std::size_t>> place_of_step(const Lesson& lesson, std::size_t step, const Recording& recording,
                                                 const AskMoment& ask) {
    const auto run = run_of_step(lesson, step);
    if (!run) {
        return std::nullopt;
    }
    std::optional<std::size_t> place;
    for (std::size_t at = *run; at <= step; ++at) {
        const auto& go = lesson.steps[at].go;
        if (!go) {
            continue;
        }
        if (go->to == GoTo::query) {
            const auto asked = ask(go->what, place.value_or(0));
            if (!asked) {
                return fail(fmt::format("{}:{}: the query for the moment: {}", lesson.file, go->line, asked.error().message));
            }
            if (*asked > recording.last_moment()) {
                return fail(fmt::format("{}:{}: the query gives the moment {}, and the last one is {}", lesson.file, go->line,
                                        *asked, recording.last_moment()));
            }
            place = *asked;
        } else if (const auto there = arrival(*go, recording, place)) {
            place = there;
        } else {
            return fail(fmt::format("{}:{}: this never happens {}, so the step does not arrive{}", lesson.file, go->line,
                                    place && !go->from_start ? fmt::format("after moment {}", *place) : "in this run",
                                    missing_grain(go->to, lesson.steps[*run].run->grain)));
        }
    }
    return place ? place : std::optional<std::size_t>(begin_of_program(recording));
}

}  // namespace procatlas
