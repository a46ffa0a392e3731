// Where events leave: it gives them their time and appends them to the event stream.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

#include "core/model/observed_event.h"
#include "core/observe/linux/trace/stages.h"
#include "core/stream/event_stream.h"

namespace procatlas {

class EventSink {
public:
    // The bytes of the stream are appended to `out`, which must outlive the sink.
    explicit EventSink(std::string& out);

    // An event of a stopped thread, which has been dealt with.
    void emit(Resumed&& resumed);
    // Any other event. A null map: not read.
    void tell(const ObservedEvent& event, const MemoryText* memory = nullptr, const MemoryText* child_memory = nullptr);
    // And whoever watches is to hear of it at once.
    void tell_urgently(const ObservedEvent& event);
    void note(NoteCode code, std::string text, std::uint64_t number = 0);
    void gap(GapCode code, std::string text, std::uint64_t number = 0);

    // An event of now.
    [[nodiscard]] ObservedEvent event_of(ProcessKey process, pid_t thread, EventDetail detail) const;

    // The processes whose first thread has acted (is_own_act) since the last call. The first call begins it.
    [[nodiscard]] std::unordered_set<pid_t> take_acted();

    // A thread that awaits inspection was told of since the last call.
    [[nodiscard]] bool take_urgent() { return std::exchange(urgent_, false); }
    [[nodiscard]] bool is_urgent() const { return urgent_; }

private:
    std::string& out_;
    EventWriter writer_;
    std::uint64_t started_ns_;
    bool urgent_ = false;
    std::optional<std::unordered_set<pid_t>> acted_;  // nullopt: nobody asks
};

}  // namespace procatlas
