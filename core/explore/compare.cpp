#include "core/explore/compare.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <tuple>
#include <variant>

#include "core/explore/outcome.h"

namespace procatlas {
namespace {

// An event without what chance gives; empty: it is not something that the program did.
struct Deed {
    std::string who;
    std::string what;
    std::string exact;  // with it
    std::size_t moment = 0;
    bool comes = false;  // from another process: a signal, the end of a child
};

// Each address (0x and at least six digits) as "0x…".
std::string without_addresses(const std::string& text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        if (text.compare(at, 2, "0x") == 0) {
            end = at + 2;
            while (end < text.size() && std::isxdigit(static_cast<unsigned char>(text[end])) != 0) {
                ++end;
            }
        }
        constexpr std::size_t shortest = 8;
        if (end - at >= shortest) {
            out += "0x…";
            at = end;
        } else {
            out += text[at++];
        }
    }
    return out;
}

bool comes_from_others(const EventDetail& detail) {
    return std::holds_alternative<SignalEvent>(detail) || std::holds_alternative<ReapEvent>(detail) ||
           std::holds_alternative<ReparentEvent>(detail) || std::holds_alternative<StopEvent>(detail) ||
           std::holds_alternative<ContinueEvent>(detail);
}

bool is_of_function(const EventDetail& detail) {
    return std::holds_alternative<CallEvent>(detail) || std::holds_alternative<ReturnEvent>(detail) ||
           std::holds_alternative<SuspendEvent>(detail) || std::holds_alternative<ResumeEvent>(detail) ||
           std::holds_alternative<ExceptionEvent>(detail);
}

class Telling {
public:
    explicit Telling(const Recording& recording)
        : recording_(recording), names_(run_names(recording, launcher_execs_of(recording))) {
        for (const Event& event : recording.events()) {
            if (const auto* start = std::get_if<StartEvent>(&event.detail)) {
                observer_ = start->parent_pid;
            }
        }
    }

    [[nodiscard]] const RunNames& names() const { return names_; }
    [[nodiscard]] std::string neutral(const std::string& text) const {
        return without_addresses(names_.in_text(text, observer_));
    }

    // What the processes did, without those of a launcher. `memory`: memory calls too. `functions`: calls and returns too.
    [[nodiscard]] std::vector<Deed> deeds(bool memory, bool functions) const {
        std::vector<Deed> deeds;
        for (std::size_t moment = 0; moment < recording_.events().size(); ++moment) {
            const Event& event = recording_.events()[moment];
            const std::string& who = names_.of(event.process.pid);
            if (who.empty() || who.starts_with('L') || (!memory && std::holds_alternative<MemoryEvent>(event.detail)) ||
                (!functions && is_of_function(event.detail))) {
                continue;
            }
            const std::string detail = std::visit(*this, event.detail);
            if (detail.empty()) {
                continue;
            }
            const auto* output = std::get_if<OutputEvent>(&event.detail);
            deeds.push_back({who, detail, output ? output->text : detail, moment, comes_from_others(event.detail)});
        }
        return deeds;
    }

    std::string operator()(const StartEvent&) const { return "start"; }
    std::string operator()(const FoundEvent&) const { return "found"; }
    std::string operator()(const GoneEvent&) const { return "gone"; }
    std::string operator()(const ForkEvent& e) const {
        return fmt::format("{} {}", fork_kind_name(e.kind), names_.of(e.child.pid));
    }
    std::string operator()(const ThreadEvent&) const { return "thread"; }
    std::string operator()(const ThreadExitEvent&) const { return "thread_exit"; }
    std::string operator()(const ExecEvent& e) const {
        return neutral(fmt::format("exec {} {}", e.path, fmt::join(e.arguments.begin(), e.arguments.end(), " ")));
    }
    std::string operator()(const ExecFailedEvent& e) const { return fmt::format("exec_failed {} {}", e.path, e.error); }
    std::string operator()(const ExitEvent& e) const {
        return fmt::format("exit {} {}", e.code.value_or(-1), e.signal.value_or(0));
    }
    std::string operator()(const ReapEvent& e) const { return fmt::format("reap {}", names_.of(e.child.pid)); }
    std::string operator()(const ReparentEvent&) const { return "reparent"; }
    // Of children that end at about the same time the kernel tells by one SIGCHLD or by several.
    std::string operator()(const SignalEvent& e) const {
        return e.number == SIGCHLD ? std::string() : fmt::format("signal {} {}", e.number, names_.of(e.sender_pid));
    }
    std::string operator()(const StopEvent& e) const { return fmt::format("stop {}", e.signal); }
    std::string operator()(const ContinueEvent&) const { return "continue"; }
    std::string operator()(const OutputEvent& e) const {
        // The number of a pipe is another one in each run.
        const std::string target = target_name(e).starts_with('/') ? neutral(target_name(e)) + " " : std::string();
        return target + fmt::format("output {} {}", output_stream_name(e.stream), neutral(e.text));
    }
    std::string operator()(const MemoryEvent& e) const {
        return fmt::format("memory {} {} {}", memory_call_name(e.call), e.length, e.error);
    }
    std::string operator()(const CallEvent& e) const { return "call " + e.name; }
    std::string operator()(const ReturnEvent& e) const { return "return " + e.name; }
    std::string operator()(const SuspendEvent& e) const { return "suspend " + e.name; }
    std::string operator()(const ResumeEvent& e) const { return "resume " + e.name; }
    std::string operator()(const WriteEvent& e) const { return "write " + e.name; }
    std::string operator()(const ExceptionEvent& e) const { return "exception " + neutral(e.exception); }
    // What a person or the observer did, and what is by the thousand.
    std::string operator()(const auto&) const { return {}; }

private:
    const Recording& recording_;
    RunNames names_;
    std::int32_t observer_ = 0;
};

Sameness worse(Sameness one, Sameness other) {
    return std::max(one, other);
}

Sameness compare_texts(const std::string& first, const std::string& second, const std::string& neutral_first,
                       const std::string& neutral_second) {
    return first == second ? Sameness::equal : neutral_first == neutral_second ? Sameness::chance : Sameness::different;
}

std::vector<Deed> deeds_of(const std::vector<Deed>& all, const std::string& who) {
    std::vector<Deed> own;
    std::ranges::copy_if(all, std::back_inserter(own), [&](const Deed& deed) { return deed.who == who; });
    return own;
}

// What comes from others comes at any time, so its place among what a process does is chance.
Sameness compare_deeds(const std::vector<Deed>& first, const std::vector<Deed>& second) {
    if (std::ranges::equal(first, second, {}, &Deed::exact, &Deed::exact)) {
        return Sameness::equal;
    }
    const auto parted = [](const std::vector<Deed>& all, bool comes) {
        std::vector<std::string> part;
        for (const Deed& deed : all) {
            if (deed.comes == comes) {
                part.push_back(deed.what);
            }
        }
        if (comes) {
            std::ranges::sort(part);
        }
        return part;
    };
    const bool same = parted(first, false) == parted(second, false) && parted(first, true) == parted(second, true);
    return same ? Sameness::chance : Sameness::different;
}

std::string end_of_process(const Process& process) {
    return process.exit ? exit_text(*process.exit) : std::string();
}

using RegionKey = std::tuple<RegionKind, LibraryPart, std::string, std::string, std::size_t>;

// Each region by what is the same in both, and the how manyth of its like it is.
std::vector<std::pair<RegionKey, const Region*>> keyed(const std::vector<Region>& regions) {
    std::map<std::tuple<RegionKind, LibraryPart, std::string, std::string>, std::size_t> seen;
    std::vector<std::pair<RegionKey, const Region*>> keys;
    for (const Region& region : regions) {
        const std::string name = region.file.empty() ? region.label : region.file;
        const std::string permissions = permissions_text(region.permissions);
        const std::size_t number = seen[{region.kind, region.part, name, permissions}]++;
        keys.emplace_back(RegionKey{region.kind, region.part, name, permissions, number}, &region);
    }
    return keys;
}

std::vector<ComparedRegion> compare_regions(const std::vector<Region>& first, const std::vector<Region>& second) {
    const auto of_first = keyed(first);
    const auto of_second = keyed(second);
    std::map<RegionKey, const Region*> others(of_second.begin(), of_second.end());
    std::vector<ComparedRegion> compared;
    const auto row = [](const Region& region) { return ComparedRegion{region.kind, region.part, region.file, {}, {}, {}}; };
    for (const auto& [key, region] : of_first) {
        ComparedRegion& one = compared.emplace_back(row(*region));
        one.first = region->range;
        const auto other = others.extract(key);
        if (other.empty()) {
            one.change = RegionChange::only_first;
            continue;
        }
        one.second = other.mapped()->range;
        one.change = one.first == one.second                 ? RegionChange::equal
                     : one.first.size() == one.second.size() ? RegionChange::moved
                                                             : RegionChange::resized;
    }
    for (const auto& [key, region] : of_second) {
        if (others.contains(key)) {
            ComparedRegion& one = compared.emplace_back(row(*region));
            one.second = region->range;
            one.change = RegionChange::only_second;
        }
    }
    return compared;
}

std::string printed_by(const std::vector<Deed>& deeds, const Recording& recording) {
    std::string text;
    for (const Deed& deed : deeds) {
        if (const auto* output = std::get_if<OutputEvent>(&recording.events()[deed.moment].detail);
            output && output->stream != OutputStream::elsewhere) {
            text += output->text;
        }
    }
    return text;
}

bool has_memory_calls(const Recording& recording) {
    return !recording.how_followed() || recording.how_followed()->memory_calls;
}

}  // namespace

Comparison compare_recordings(const Recording& first, const Recording& second) {
    Comparison comparison;
    const Telling one(first);
    const Telling other(second);
    const bool memory = has_memory_calls(first) && has_memory_calls(second);
    const bool functions = first.how_followed() == second.how_followed();
    std::vector<Deed> all_first = one.deeds(memory, functions);
    std::vector<Deed> all_second = other.deeds(memory, functions);

    std::map<std::string, const Process*> others;
    for (const Process& process : second.last_world().processes) {
        others.emplace(other.names().of(process.key.pid), &process);
    }
    for (const Process& process : first.last_world().processes) {
        const std::string& name = one.names().of(process.key.pid);
        if (name.starts_with('L')) {
            continue;
        }
        const auto found = others.extract(name);
        if (found.empty()) {
            comparison.only_first.push_back(name);
            continue;
        }
        const Process& its = *found.mapped();
        ComparedProcess& compared = comparison.processes.emplace_back();
        compared.name = name;
        compared.pids = {process.key.pid, its.key.pid};
        const auto deeds_first = deeds_of(all_first, name);
        const auto deeds_second = deeds_of(all_second, name);
        compared.events = compare_deeds(deeds_first, deeds_second);
        const std::string text_first = printed_by(deeds_first, first);
        const std::string text_second = printed_by(deeds_second, second);
        compared.output = compare_texts(text_first, text_second, one.neutral(text_first), other.neutral(text_second));
        compared.exit = {end_of_process(process), end_of_process(its)};
        compared.regions = compare_regions(regions_of(process, first.images()), regions_of(its, second.images()));
        comparison.all = worse(comparison.all, worse(compared.events, compared.output));
        comparison.all =
            worse(comparison.all, compared.exit.first == compared.exit.second ? Sameness::equal : Sameness::different);
        for (const ComparedRegion& region : compared.regions) {
            comparison.all = worse(comparison.all, region.change == RegionChange::equal ? Sameness::equal : Sameness::chance);
        }
    }
    for (const auto& [name, process] : others) {
        if (!name.starts_with('L')) {
            comparison.only_second.push_back(name);
        }
    }

    const std::string text_first = printed_by(all_first, first);
    const std::string text_second = printed_by(all_second, second);
    comparison.output = compare_texts(text_first, text_second, one.neutral(text_first), other.neutral(text_second));
    const bool each_did_the_same =
        comparison.only_first.empty() && comparison.only_second.empty() &&
        std::ranges::none_of(comparison.processes, [](const ComparedProcess& p) { return p.events == Sameness::different; });
    if (each_did_the_same && memory) {
        // Nobody else notices a memory call, so whose comes first decides nothing.
        all_first = one.deeds(false, functions);
        all_second = other.deeds(false, functions);
    }
    const auto same = [](const Deed& a, const Deed& b) { return a.who == b.who && a.what == b.what; };
    const auto [at_first, at_second] = std::ranges::mismatch(all_first, all_second, same);
    for (auto [a, b] = std::pair(all_first.begin(), all_second.begin()); a != at_first; ++a, ++b) {
        comparison.together.emplace_back(a->moment, b->moment);
    }
    if (at_first != all_first.end() || at_second != all_second.end()) {
        comparison.parts_at = {at_first != all_first.end() ? at_first->moment : first.events().size(),
                               at_second != all_second.end() ? at_second->moment : second.events().size()};
        comparison.order = each_did_the_same ? Sameness::chance : Sameness::different;
        if (each_did_the_same) {
            comparison.output = std::min(comparison.output, Sameness::chance);  // the same lines, in another order
        }
    }
    if (!comparison.only_first.empty() || !comparison.only_second.empty()) {
        comparison.all = Sameness::different;
    }
    comparison.all = worse(comparison.all, comparison.order);
    return comparison;
}

std::string_view sameness_name(Sameness sameness) {
    switch (sameness) {
        case Sameness::equal:
            return "equal";
        case Sameness::chance:
            return "chance";
        case Sameness::different:
            return "different";
    }
    return "";
}

std::string_view region_change_name(RegionChange change) {
    switch (change) {
        case RegionChange::equal:
            return "equal";
        case RegionChange::moved:
            return "moved";
        case RegionChange::resized:
            return "resized";
        case RegionChange::only_first:
            return "only_first";
        case RegionChange::only_second:
            return "only_second";
    }
    return "";
}

}  // namespace procatlas
