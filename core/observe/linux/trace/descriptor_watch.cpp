#include "core/observe/linux/trace/descriptor_watch.h"

#include <algorithm>
#include <utility>

#include "core/observe/linux/proc/descriptors.h"

namespace procatlas {

void DescriptorWatch::look(const TracedThread& thread, ObservedEvent& event) const {
    TracedProcess& process = *thread.process;
    auto found = mode_ == Mode::on ? read_descriptors(thread.tid) : std::nullopt;
    if (!found) {
        return;
    }
    if (std::holds_alternative<ExecEvent>(event.detail)) {
        found->closed = std::exchange(process.closing, {});
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
    std::vector<OpenDescriptor>& closing = thread.process->closing;
    closing.clear();
    if (auto found = mode_ == Mode::on ? read_descriptors(thread.tid) : std::nullopt) {
        std::erase_if(found->open, [](const OpenDescriptor& descriptor) { return !descriptor.close_on_exec; });
        closing = std::move(found->open);
    }
}

}  // namespace procatlas
