#include "core/model/common_pages.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

namespace procatlas {
namespace {

// A process between one of the two and their common ancestor. Only what it did after `from`, up to `to`, counts.
struct LineStep {
    std::size_t process = 0;
    std::size_t from = 0;
    std::size_t to = 0;
};

// The steps from `process` up to the first program.
std::vector<LineStep> line_of(const World& world, std::size_t process, std::size_t moment) {
    std::vector<LineStep> line{{process, world.processes[process].born_moment, moment}};
    while (world.processes[line.back().process].parent) {
        const std::size_t parent = *world.processes[line.back().process].parent;
        line.push_back({parent, world.processes[parent].born_moment, line.back().from});
    }
    return line;
}

// The steps between two processes; empty: they have no common ancestor. For the ancestor itself, what it did counts from the
// moment the first of the two lines left it until the other one did.
std::vector<LineStep> steps_between(const World& world, std::size_t first, std::size_t second, std::size_t moment) {
    const std::vector<LineStep> a = line_of(world, first, moment);
    const std::vector<LineStep> b = line_of(world, second, moment);
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto common = std::ranges::find(b, a[i].process, &LineStep::process);
        if (common == b.end()) {
            continue;
        }
        std::vector<LineStep> steps(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(i));
        steps.insert(steps.end(), b.begin(), common);
        steps.push_back({a[i].process, std::min(a[i].to, common->to), std::max(a[i].to, common->to)});
        return steps;
    }
    return {};
}

AddressRange range_of(const CopiedRun& run, ByteCount page_size) {
    constexpr Address most = std::numeric_limits<Address>::max();
    return {run.start, run.start + std::min((most - run.start) / page_size, run.pages) * page_size};
}

// The pages that a process on the steps had for itself at some time, up to `moment`; nullopt: one of them executed another
// program.
std::optional<AddressRanges> separated(const SharingEvidence& sharing, const World& world, const std::vector<LineStep>& steps,
                                       std::size_t moment) {
    AddressRanges gone;
    for (const LineStep& step : steps) {
        const std::size_t to = std::min(step.to, moment);
        if (to <= step.from) {
            continue;
        }
        const auto moments = sharing.separations;
        const std::int32_t pid = world.processes[step.process].key.pid;
        AddressRanges own;
        for (auto at = std::ranges::upper_bound(moments, step.from); at != moments.end() && *at <= to; ++at) {
            const Event& event = sharing.events[*at];
            if (std::holds_alternative<ExecEvent>(event.detail) && sharing.owners[*at] == step.process) {
                return std::nullopt;
            }
            for (const CopiedRun& run : event.copied) {
                if (run.pid == pid) {
                    own.push_back(range_of(run, sharing.pages.page_size()));
                }
            }
        }
        sharing.pages.states().each_within(step.process, step.from, to, [&](const PageRow& row) {
            if ((row.value & ~PageRow::huge_value) == static_cast<std::uint64_t>(PageState::exclusive)) {
                own.push_back({row.start, row.start + row.count * sharing.pages.page_size()});
            }
        });
        gone = joined_ranges(std::move(own), gone);
    }
    return gone;
}

// Those on the steps that executed another program.
std::vector<std::size_t> executed_on(const SharingEvidence& sharing, const std::vector<LineStep>& steps, std::size_t moment) {
    std::vector<std::size_t> executed;
    for (const LineStep& step : steps) {
        const auto moments = sharing.separations;
        for (auto at = std::ranges::upper_bound(moments, step.from); at != moments.end() && *at <= std::min(step.to, moment);
             ++at) {
            if (sharing.owners[*at] == step.process && std::holds_alternative<ExecEvent>(sharing.events[*at].detail)) {
                executed.push_back(step.process);
                break;
            }
        }
    }
    return executed;
}

AddressRanges shared_of(const SharingEvidence& sharing, std::size_t process, std::size_t moment) {
    return ranges_in(*sharing.pages.pages_at(process, moment), {PageState::shared, PageState::swapped});
}

AddressRanges present_in(const Pages& pages) {
    return ranges_in(pages, {PageState::exclusive, PageState::shared, PageState::file, PageState::swapped});
}

// The process whose memory it uses, or used until it ended.
std::size_t memory_of(const World& world, std::size_t index) {
    const Process* process = &world.processes[index];
    while (shares_memory(process->born_by) && process->parent && !process->made_by_exec) {
        index = *process->parent;  // was born before its child
        process = &world.processes[index];
    }
    return index;
}

}  // namespace

AddressRanges shared_pages(const SharingEvidence& sharing, const World& world, std::size_t moment, std::size_t first,
                           std::size_t second) {
    const AddressRanges both = common_part(shared_of(sharing, first, moment), shared_of(sharing, second, moment));
    const std::vector<LineStep> steps = both.empty() ? std::vector<LineStep>() : steps_between(world, first, second, moment);
    const auto gone = steps.empty() ? std::nullopt : separated(sharing, world, steps, moment);
    return gone ? without(both, *gone) : AddressRanges();
}

CommonPages::CommonPages(const Recording& recording, const World& world, std::size_t moment, std::size_t first,
                         std::size_t second)
    : page_size_(recording.pages().page_size()) {
    const SharingEvidence sharing = recording.sharing();
    const Process& a = world.processes[first];
    const Process& b = world.processes[second];
    alive_ = a.alive() && b.alive();
    for (const Process* process : {&a, &b}) {
        moment = process->alive() ? moment : std::min(moment, process->pages_moment.value_or(moment));
    }
    if (first != second && memory_of(world, first) == memory_of(world, second)) {  // it is one
        related_ = true;
        present_ = joined_ranges(present_in(*sharing.pages.pages_at(first, moment)),
                                 present_in(*sharing.pages.pages_at(second, moment)));
        shared_ = present_;
        shared_at_birth_ = present_;
        return;
    }
    const std::vector<LineStep> steps = steps_between(world, first, second, moment);
    const auto gone = separated(sharing, world, steps, moment);
    if (steps.empty() || !gone || first == second) {
        executed_ = first == second ? std::vector<std::size_t>() : executed_on(sharing, steps, moment);
        return;
    }
    related_ = true;
    separate_ = *gone;
    shared_ = shared_pages(sharing, world, moment, first, second);
    const auto one = sharing.pages.pages_at(first, moment);
    const auto other = sharing.pages.pages_at(second, moment);
    present_ = common_part(present_in(*one), present_in(*other));
    const AddressRanges of_file = common_part(ranges_in(*one, {PageState::file}), ranges_in(*other, {PageState::file}));
    two_frames_ = without(without(present_, shared_), of_file);
    const std::size_t birth = std::max(a.born_moment, b.born_moment);
    separate_at_birth_ = separated(sharing, world, steps, birth).value_or(AddressRanges());
    shared_at_birth_ = shared_pages(sharing, world, birth, first, second);
}

CommonPages::Counts CommonPages::in(AddressRange range, bool of_file) const {
    const Address end = range.end + (page_size_ - range.end % page_size_) % page_size_;
    const AddressRanges whole{{range.start - range.start % page_size_, end}};
    const AddressRanges common =
        of_file ? without(whole, separate_at_birth_) : common_part(common_part(whole, shared_at_birth_), present_);
    Counts counts;
    const AddressRanges copied = common_part(common, separate_);
    counts.copied = related_ ? size_of(copied) / page_size_ : 0;
    counts.apart = alive_ ? size_of(without(common_part(whole, two_frames_), copied)) / page_size_ : 0;
    counts.shared = alive_ ? size_of(common_part(whole, shared_)) / page_size_ : 0;
    return counts;
}

}  // namespace procatlas
