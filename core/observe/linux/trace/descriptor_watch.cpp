#include "core/observe/linux/trace/descriptor_watch.h"

#include <algorithm>
#include <utility>

#include "core/observe/linux/proc/descriptors.h"

namespace procatlas {
namespace {

std::vector<OpenDescriptor> closing_of(const Descriptors& before) {
    std::vector<OpenDescriptor> closing = before.open;
    std::erase_if(closing, [](const OpenDescriptor& descriptor) { return !descriptor.close_on_exec; });
    return closing;
}

// An exec closes what is close-on-exec and nothing else. Where there are not as many as that leaves, somebody else has changed
// them meanwhile (another thread), or the kernel has opened one for an interpreter: then they are read.
std::optional<Descriptors> left_by_exec(pid_t tid, const Descriptors& before) {
    Descriptors left = before;
    std::erase_if(left.open, &OpenDescriptor::close_on_exec);
    return !left.cut && count_descriptors(tid) == left.open.size() ? std::optional(std::move(left)) : read_descriptors(tid);
}

}  // namespace

void DescriptorWatch::look(const TracedThread& thread, ObservedEvent& event) const {
    TracedProcess& process = *thread.process;
    if (mode_ != Mode::on) {
        return;
    }
    const auto at_entry = std::exchange(process.at_exec, nullptr);
    const bool exec = std::holds_alternative<ExecEvent>(event.detail);
    auto found = exec && at_entry ? left_by_exec(thread.tid, *at_entry) : read_descriptors(thread.tid);
    if (!found) {
        return;
    }
    if (exec && at_entry) {
        found->closed = closing_of(*at_entry);
    }
    if (!process.descriptors || *process.descriptors != *found) {
        process.descriptors = std::make_shared<const Descriptors>(std::move(*found));
        event.descriptors = process.descriptors;
    }
}

void DescriptorWatch::look_at_pipes(const TracedThread& thread, ObservedEvent& event) const {
    const auto& known = thread.process->descriptors;
    if (known && std::ranges::any_of(known->open, &OpenDescriptor::is_pipe)) {
        look(thread, event);
    }
}

void DescriptorWatch::remember_closing(const TracedThread& thread) const {
    auto found = mode_ == Mode::on ? read_descriptors(thread.tid) : std::nullopt;
    thread.process->at_exec = found ? std::make_unique<const Descriptors>(std::move(*found)) : nullptr;
}

}  // namespace procatlas
