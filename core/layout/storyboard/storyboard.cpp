#include "core/layout/storyboard/storyboard.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/layout/processes/shown_processes.h"
#include "core/model/copies.h"
#include "core/model/inside_moment.h"

namespace procatlas {
namespace {

// The first event of type T of `process`, from moment `from` on.
template <typename T>
std::optional<std::size_t> first_event(const Recording& recording, std::size_t process, std::size_t from) {
    for (std::size_t i = from; i < recording.events().size(); ++i) {
        if (std::holds_alternative<T>(recording.events()[i].detail) && recording.process_of(i) == process) {
            return i;
        }
    }
    return std::nullopt;
}

// The last failed exec of `process` from moment `from` on; nullopt if one succeeded.
std::optional<std::size_t> failed_exec(const Recording& recording, std::size_t process, std::size_t from) {
    std::optional<std::size_t> last;
    for (auto at = first_event<ExecFailedEvent>(recording, process, from); at;
         at = first_event<ExecFailedEvent>(recording, process, *at + 1)) {
        last = at;
    }
    return first_event<ExecEvent>(recording, process, from) ? std::nullopt : last;
}

// The process that the story follows: the first child that execs, else the first that tries to, else the first child. Those of
// a launcher and of multiprocessing itself are no heroes.
std::optional<std::size_t> hero(const Recording& recording) {
    const World& world = recording.last_world();
    const auto& processes = world.processes;
    std::vector<bool> execs(processes.size());
    std::vector<bool> tries(processes.size());
    for (std::size_t i = 0; i < recording.events().size(); ++i) {
        const EventDetail& detail = recording.events()[i].detail;
        const bool executed = std::holds_alternative<ExecEvent>(detail);
        const auto process =
            executed || std::holds_alternative<ExecFailedEvent>(detail) ? recording.process_of(i) : std::nullopt;
        if (process) {
            (executed ? execs : tries)[*process] = true;
        }
    }
    std::optional<std::size_t> first;
    std::optional<std::size_t> first_try;
    for (std::size_t i = 0; i < processes.size(); ++i) {
        if (!processes[i].parent || world.is_of_launcher(i) || is_helper(processes[i])) {
            continue;
        }
        if (execs[i]) {
            return i;
        }
        first_try = !first_try && tries[i] ? std::optional(i) : first_try;
        first = first ? first : std::optional(i);
    }
    return first_try ? first_try : first;
}

// The story without a fork: only the first process.
std::vector<StoryStep> story_of_one(const Recording& recording) {
    std::vector<StoryStep> story;
    const auto begun = first_event<ExecEvent>(recording, 0, 0);
    const auto another = begun ? first_event<ExecEvent>(recording, 0, *begun + 1) : std::nullopt;
    if (another) {
        story.push_back({StoryPart::before_exec, *another - 1, {0}});
    }
    if (begun) {
        story.push_back({StoryPart::after_exec, another.value_or(*begun), {0}});
    }
    if (const auto failed = begun ? failed_exec(recording, 0, *begun + 1) : std::nullopt) {
        story.push_back({StoryPart::failed_exec, *failed, {0}});
    }
    if (const auto exit = first_event<ExitEvent>(recording, 0, 0); exit && begun) {
        story.push_back({StoryPart::at_exit, *exit, {0}});
    }
    return story;
}

std::vector<std::size_t> who_matters(const Recording& recording, std::size_t moment) {
    constexpr std::size_t most = 4;
    const World world = recording.world_at(moment);
    const auto acting = recording.process_of(moment);
    if (!acting) {
        return first_and_youngest(ShownProcesses(world, world, {}), most - 1);
    }
    std::vector<std::size_t> matter{*acting};
    if (const auto born = recording.born_at(moment); born && born != acting) {
        matter.push_back(*born);
    }
    for (std::size_t i = 0; i < world.processes.size() && matter.size() < most; ++i) {
        if (world.processes[i].state == ProcessState::zombie && i != *acting) {
            matter.push_back(i);
        }
    }
    return matter;
}

// How much an event that copied pages of the child tells of copy-on-write.
enum class CopyTells : std::uint8_t { nothing, mapping, variables, changed_variable };

// Whether a global whose value is another than before lies in a page that was copied by the event of `child`.
bool copied_for_variable(const Recording& recording, std::size_t child, std::size_t moment) {
    const Event& event = recording.events()[moment];
    const InsideBefore before = inside_before(recording, child, event.thread, moment);
    if (!event.inside || !event.inside->globals || !before.globals) {
        return false;
    }
    const auto copied = event.copied.all();
    const auto is_copied = [&](Address address) { return has_copied(copied, event.process.pid, address); };
    return std::ranges::any_of(*event.inside->globals, [&](const Variable& variable) {
        if (!is_copied(variable.address) && std::ranges::none_of(variable.leads_to, is_copied)) {
            return false;
        }
        const auto then = std::ranges::find(*before.globals, variable.name, &Variable::name);
        return then != before.globals->end() && then->value != variable.value;
    });
}

// Pages of code, which breakpoints copy, and those of the stack, which every function writes, tell no story. `regions`: of the
// child then.
CopyTells told_by_copy(const Recording& recording, std::size_t child, std::size_t moment, std::span<const Region> regions) {
    const Event& event = recording.events()[moment];
    CopyTells tells = CopyTells::nothing;
    for (const CopiedRun& run : event.copied.all()) {
        const Region* region = run.pid == event.process.pid ? find_region(regions, run.start) : nullptr;
        const auto is = [&](RegionKind kind) { return region && region->kind == kind; };
        if (is(RegionKind::data) || is(RegionKind::bss) || is(RegionKind::heap)) {
            tells = CopyTells::variables;
        } else if (is(RegionKind::anonymous)) {
            tells = std::max(tells, CopyTells::mapping);
        }
    }
    const bool changed = tells != CopyTells::nothing && copied_for_variable(recording, child, moment);
    return changed ? CopyTells::changed_variable : tells;
}

std::uint64_t pages_copied(std::span<const CopiedRun> copied, std::int32_t pid) {
    std::uint64_t pages = 0;
    for (const CopiedRun& run : copied) {
        pages += run.pid == pid ? run.pages : 0;
    }
    return pages;
}

// The moment in [from, end) at which copy-on-write is seen best: the first at which a variable changed and its page was copied;
// else the first that copied pages of variables; else the one that copied most of what lies in mappings without a file, where
// the C library too keeps what it writes after a fork.
std::optional<std::size_t> own_copy(const Recording& recording, std::size_t child, std::size_t from, std::size_t end) {
    constexpr std::size_t most_looked_at = 48;
    const std::int32_t pid = recording.last_world().processes[child].key.pid;
    std::optional<std::size_t> best;
    CopyTells best_tells = CopyTells::nothing;
    std::uint64_t best_pages = 0;
    std::size_t looked_at = 0;
    std::optional<std::vector<Region>> regions;  // of the child; to find them takes a world
    for (std::size_t at = from; at < std::min(end, recording.events().size()) && looked_at < most_looked_at; ++at) {
        const Event& event = recording.events()[at];
        if (recording.process_of(at) != child) {
            continue;
        }
        if (event.mappings != 0) {
            regions.reset();  // its map was read anew
        }
        const std::uint64_t pages = pages_copied(event.copied.all(), pid);
        if (pages == 0) {
            continue;
        }
        ++looked_at;
        if (!regions) {
            regions = regions_of(recording.world_at(at).processes[child], recording.images());
        }
        const CopyTells tells = told_by_copy(recording, child, at, *regions);
        const bool larger = tells == CopyTells::mapping && pages > best_pages;
        if (tells > best_tells || (tells == best_tells && larger)) {
            best = at;
            best_tells = tells;
            best_pages = pages;
        }
        if (best_tells == CopyTells::changed_variable) {
            break;
        }
    }
    return best;
}

// Before and after it.
std::pair<StoryPart, StoryPart> parts_of(ForkKind kind) {
    switch (kind) {
        case ForkKind::fork:
            return {StoryPart::before_fork, StoryPart::after_fork};
        case ForkKind::vfork:
            return {StoryPart::before_vfork, StoryPart::after_vfork};
        case ForkKind::shared_memory:
        case ForkKind::waiting_parent:
            break;
    }
    return {StoryPart::before_clone, StoryPart::after_clone};
}

}  // namespace

std::vector<StoryStep> default_story(const Recording& recording) {
    const std::optional<std::size_t> child = hero(recording);
    if (!child) {
        return story_of_one(recording);
    }
    std::vector<StoryStep> story;
    const Process& process = recording.last_world().processes[*child];
    const std::size_t parent = *process.parent;
    const std::size_t born = process.born_moment;
    const auto [before, after] = parts_of(process.born_by);
    if (recording.last_world().processes[parent].born_moment < born) {
        story.push_back({before, born - 1, {parent}});
    }
    story.push_back({after, born, {parent, *child}});
    const auto executed = first_event<ExecEvent>(recording, *child, born);
    if (const auto writes = own_copy(recording, *child, born, executed.value_or(recording.events().size()))) {
        story.push_back({StoryPart::child_writes, *writes, {parent, *child}});
    }
    if (const auto exec = executed) {
        story.push_back({StoryPart::after_exec, *exec, {*child}});
    } else if (const auto failed = failed_exec(recording, *child, born)) {
        story.push_back({StoryPart::failed_exec, *failed, {*child}});
    }
    if (const auto exit = first_event<ExitEvent>(recording, *child, born)) {
        story.push_back({StoryPart::at_exit, *exit, {*child}});
    }
    return story;
}

std::vector<StoryStep> chosen_story(const Recording& recording, std::span<const std::size_t> moments,
                                    std::span<const std::size_t> processes) {
    std::vector<StoryStep> story;
    for (const std::size_t moment : moments) {
        StoryStep& step = story.emplace_back(StoryStep{StoryPart::chosen, moment, {}});
        for (const std::size_t process : processes) {
            if (recording.last_world().processes[process].born_moment <= moment) {
                step.processes.push_back(process);
            }
        }
        if (processes.empty()) {
            step.processes = who_matters(recording, moment);
        }
    }
    return story;
}

std::string_view story_part_key(StoryPart part) {
    switch (part) {
        case StoryPart::before_fork:
            return "story.before_fork";
        case StoryPart::after_fork:
            return "story.after_fork";
        case StoryPart::before_vfork:
            return "story.before_vfork";
        case StoryPart::after_vfork:
            return "story.after_vfork";
        case StoryPart::before_clone:
            return "story.before_clone";
        case StoryPart::after_clone:
            return "story.after_clone";
        case StoryPart::before_exec:
            return "story.before_exec";
        case StoryPart::after_exec:
            return "story.after_exec";
        case StoryPart::failed_exec:
            return "story.failed_exec";
        case StoryPart::child_writes:
            return "story.child_writes";
        case StoryPart::at_exit:
            return "story.at_exit";
        case StoryPart::chosen:
            return "story.chosen";
    }
    return {};
}

}  // namespace procatlas
