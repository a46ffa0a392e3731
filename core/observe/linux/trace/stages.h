// The stages of an event of a stopped thread: it is gathered while the thread stands still, decided, the thread goes on, and
// the event is sent last, so that the stop is as short as can be. Each stage takes the value of the one before by move, so
// that another order does not compile:
//
//     Gathered gathered = gatherer.gather(thread, ...);
//     Decided decided = resumer.decide(std::move(gathered));
//     Resumed resumed = resumer.resume(std::move(decided));
//     sink.emit(std::move(resumed));
#pragma once

#include <memory>
#include <utility>

#include "core/model/observed_event.h"
#include "core/observe/linux/trace/pacing.h"
#include "core/observe/linux/trace/tracees.h"

namespace procatlas {

// A fork under way: the child exists and has not run yet.
struct Birth {
    ForkKind kind = ForkKind::fork;
    pid_t child = 0;
    AddressMarks marks;                        // its parent's
    std::shared_ptr<const Pages> child_pages;  // read before either goes on, and copies; null: not read
};

struct Gathered {
    Gathered(TracedThread& of, ObservedEvent what, EventClass of_class)
        : thread(&of), event(std::move(what)), event_class(of_class) {}
    Gathered(const Gathered&) = delete;
    Gathered& operator=(const Gathered&) = delete;
    Gathered(Gathered&&) = default;
    Gathered& operator=(Gathered&&) = default;
    ~Gathered() = default;

    TracedThread* thread;
    ObservedEvent event;
    EventClass event_class;
    const MemoryText* memory = nullptr;     // its map; null: not read
    std::unique_ptr<Birth> birth;           // null: no fork
    std::unique_ptr<NoteEvent> afterwards;  // to be told after it; null: nothing
};

// What is to be told, and what becomes of the thread.
class Decided {
public:
    Decided(Gathered&& gathered, const PaceDecision& decision) : gathered_(std::move(gathered)), decision_(decision) {
        gathered_.event.waits = decision.awaits_inspection;
        gathered_.event.held = decision.then == PaceDecision::Then::hold;
    }
    [[nodiscard]] const PaceDecision& decision() const { return decision_; }
    [[nodiscard]] TracedThread& thread() const { return *gathered_.thread; }

private:
    friend class Resumed;
    Gathered gathered_;
    PaceDecision decision_;
};

// The thread has gone on, unless something keeps it. What a fork made is added to its event now.
class Resumed {
public:
    [[nodiscard]] TracedThread& thread() const { return *gathered_.thread; }
    [[nodiscard]] const Birth* birth() const { return gathered_.birth.get(); }
    [[nodiscard]] const MemoryText* memory() const { return gathered_.memory; }
    [[nodiscard]] const MemoryText* child_memory() const { return child_memory_; }
    [[nodiscard]] const ObservedEvent& event() const { return gathered_.event; }
    [[nodiscard]] const NoteEvent* afterwards() const { return gathered_.afterwards.get(); }
    // `child_memory`: null: not read.
    void add_child(const ForkEvent& fork, const MemoryText* child_memory);

private:
    friend class Resumer;  // it alone lets threads go on
    explicit Resumed(Decided&& decided) : gathered_(std::move(decided.gathered_)) {}

    Gathered gathered_;
    const MemoryText* child_memory_ = nullptr;
};

inline void Resumed::add_child(const ForkEvent& fork, const MemoryText* child_memory) {
    if (gathered_.birth && gathered_.birth->child_pages) {
        gathered_.event.pages.push_back({fork.child, gathered_.birth->child_pages});
    }
    gathered_.event.detail = fork;
    child_memory_ = child_memory;
}

}  // namespace procatlas
