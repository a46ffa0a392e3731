// Adds the open files of a process to events, where they are not as they were told last. The thread of each call must be
// stopped.
#pragma once

#include "core/model/observed_event.h"
#include "core/observe/linux/trace/tracees.h"

namespace procatlas {

class DescriptorWatch {
public:
    enum class Mode { off, on };
    void set_mode(Mode mode) { mode_ = mode; }

    void look(const TracedThread& thread, ObservedEvent& event) const;
    // At the frequent events: only a process that has a pipe is looked at, because closing an end of it is no event.
    void look_at_pipes(const TracedThread& thread, ObservedEvent& event) const;
    // At the entry of an exec: remembers what it will close if it works.
    void remember_closing(const TracedThread& thread) const;

private:
    Mode mode_ = Mode::off;
};

}  // namespace procatlas
