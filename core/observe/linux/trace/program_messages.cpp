#include "core/observe/linux/trace/program_messages.h"

#include <sys/syscall.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/observe/linux/launch/syscall_filter.h"
#include "core/observe/linux/proc/object_heads.h"
#include "core/observe/linux/proc/present_bytes.h"

namespace procatlas {
namespace {

constexpr std::string_view message_mark = "procatlas1";
constexpr std::size_t longest_message = 64 * 1024;
constexpr std::size_t kind_at = message_mark.size();
constexpr std::size_t longest_note = 200;  // of its text
constexpr std::size_t addresses_at = kind_at + 1 + sizeof(std::uint16_t);

// The objects that the message is about; nullopt: there is no room for as many as it says.
std::optional<std::vector<Address>> addresses_in(std::string_view bytes) {
    std::uint16_t count = 0;
    std::memcpy(&count, bytes.data() + kind_at + 1, sizeof count);
    if ((bytes.size() - addresses_at) / sizeof(Address) < count) {
        return std::nullopt;
    }
    std::vector<Address> addresses(count);
    if (count != 0) {
        std::memcpy(addresses.data(), bytes.data() + addresses_at, count * sizeof(Address));
    }
    return addresses;
}

// The hook tells calls alone.
bool tells_no_lines(char kind) {
    return kind == 'C' || kind == 'R' || kind == 'E' || kind == 'Y' || kind == 'G';
}

std::optional<EventDetail> detail_of(char kind, Grain grain) {
    switch (kind) {
        case 'c':
        case 'C':
            return CallEvent{};
        case 'r':
        case 'R':
            return ReturnEvent{};
        case 'y':
        case 'Y':
            return SuspendEvent{};
        case 'g':
        case 'G':
            return ResumeEvent{};
        case 'e':
        case 'E':
            return ExceptionEvent{};
        case 'l':
            return grain >= Grain::lines ? std::optional<EventDetail>(LineEvent{}) : std::nullopt;
        case 'n':
            return GapEvent{GapCode::python_not_told, {}, static_cast<std::uint64_t>(PythonNotTold::own_trace)};
        case 'i':
            return GapEvent{GapCode::python_not_told, {}, static_cast<std::uint64_t>(PythonNotTold::interrupted)};
        case 'd':
            return GapEvent{GapCode::python_not_told, {}, static_cast<std::uint64_t>(PythonNotTold::too_deep)};
        default:
            return std::nullopt;
    }
}

// What the program says of its processes: a number of 8 bytes and a text behind the head. nullopt: it is no such message.
std::optional<EventDetail> note_in(std::string_view bytes) {
    const char kind = bytes[kind_at];
    std::uint64_t number = 0;
    if ((kind != 'p' && kind != 'm') || bytes.size() <= addresses_at + sizeof number) {
        return std::nullopt;
    }
    std::memcpy(&number, bytes.data() + addresses_at, sizeof number);
    const std::string_view text = bytes.substr(addresses_at + sizeof number, longest_note);
    return NoteEvent{kind == 'p' ? NoteCode::child_starts : NoteCode::child_named, std::string(text), number};
}

}  // namespace

bool is_program_message(const CallEntry& entry) {
    return entry.mark == watched_mark && entry.call.form == CallForm::native && entry.call.number == __NR_write &&
           static_cast<std::uint32_t>(entry.call.arguments[0]) == message_descriptor;
}

std::optional<Gathered> gather_program_message(Gatherer& gatherer, TracedThread& thread, const PendingCall& call) {
    const std::size_t size = call.arguments[2];
    if (gatherer.grain() == Grain::none || size < addresses_at || size > longest_message) {
        return std::nullopt;
    }
    auto message = std::make_shared<ProgramMessage>();
    message->bytes = read_present_bytes(thread.tid, call.arguments[1], size);
    if (!message->bytes.starts_with(message_mark)) {
        return std::nullopt;
    }
    thread.process->calls.is_told_by_hook = true;
    const char kind = message->bytes[kind_at];
    if (kind == 'l' && gatherer.grain() == Grain::calls) {
        answer_call(thread.tid, -ENXIO);
    } else if (tells_no_lines(kind) && gatherer.grain() >= Grain::lines) {
        answer_call(thread.tid, -ENOBUFS);
    }
    if (auto note = note_in(message->bytes)) {
        return gatherer.gather(thread, std::move(*note), EventClass::passing);
    }
    auto detail = detail_of(kind, gatherer.grain());
    const auto addresses = addresses_in(message->bytes);
    if (!detail || !addresses) {
        return std::nullopt;
    }
    if (std::holds_alternative<GapEvent>(*detail)) {
        return gatherer.gather(thread, std::move(*detail), EventClass::passing);
    }
    if (thread.process->threads > 1) {
        message->why_no_heads = "another thread of the process may change it meanwhile";
    } else {
        message->heads = read_object_heads(thread.tid, *addresses);
    }
    const EventClass event_class = std::holds_alternative<LineEvent>(*detail) ? EventClass::lines : EventClass::calls;
    Reading reading;
    reading.registers =
        gatherer.grain() == Grain::instructions ? Reading::RegistersFor::inspection : Reading::RegistersFor::nobody;
    Gathered gathered = gatherer.gather(thread, std::move(*detail), event_class, reading);
    gathered.event.message = std::move(message);
    return gathered;
}

}  // namespace procatlas
