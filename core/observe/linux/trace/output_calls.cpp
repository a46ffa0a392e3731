#include "core/observe/linux/trace/output_calls.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <concepts>
#include <cstring>
#include <utility>
#include <vector>

#include "core/observe/linux/proc/copied_bytes.h"

namespace procatlas {
namespace {

constexpr std::size_t output_text_limit = 64 * 1024;
constexpr std::size_t compared_limit = std::size_t{1} << 20;
constexpr std::int32_t last_standard = 2;

// struct iovec as a 32-bit program has it.
struct CompatIovec {
    std::uint32_t base = 0;
    std::uint32_t size = 0;
};

template <typename Part>
iovec part_of(const std::string& raw, std::size_t at) {
    Part part{};
    std::copy_n(raw.data() + at, sizeof part, reinterpret_cast<char*>(&part));
    if constexpr (std::same_as<Part, CompatIovec>) {
        return {reinterpret_cast<void*>(static_cast<std::uintptr_t>(part.base)), part.size};
    } else {
        return part;
    }
}

template <typename Part>
std::string read_copied_vector(pid_t tid, Address address, std::size_t count, std::size_t size) {
    const std::string raw = read_copied_bytes(tid, address, std::min<std::size_t>(count, IOV_MAX) * sizeof(Part));
    std::string bytes;
    for (std::size_t at = 0; at + sizeof(Part) <= raw.size() && bytes.size() < size; at += sizeof(Part)) {
        const iovec part = part_of<Part>(raw, at);
        bytes += read_copied_bytes(tid, reinterpret_cast<Address>(part.iov_base), std::min(part.iov_len, size - bytes.size()));
    }
    return bytes;
}

// Where a call writes to; nullopt: it is no write.
std::optional<std::int32_t> written_descriptor(const PendingCall& call) {
    switch (call.number) {
        case __NR_write:
        case __NR_writev:
        case __NR_pwrite64:
        case __NR_pwritev2:
        case __NR_sendfile:
        case __NR_sendto:
        case __NR_sendmsg:
            return static_cast<std::int32_t>(call.arguments[0]);
        case __NR_splice:
        case __NR_copy_file_range:
            return static_cast<std::int32_t>(call.arguments[2]);
        default:
            return std::nullopt;
    }
}

// What a call that wrote `size` bytes has taken them from; empty: not from the memory of the program.
std::string written_bytes(pid_t tid, const PendingCall& call, std::size_t size) {
    switch (call.number) {
        case __NR_write:
        case __NR_pwrite64:
        case __NR_sendto:
            return read_copied_bytes(tid, call.arguments[1], size);
        case __NR_writev:
        case __NR_pwritev2:
            return call.form == CallForm::native
                       ? read_copied_vector<iovec>(tid, call.arguments[1], call.arguments[2], size)
                       : read_copied_vector<CompatIovec>(tid, call.arguments[1], call.arguments[2], size);
        case __NR_sendmsg: {
            const std::string raw = read_copied_bytes(tid, call.arguments[1], sizeof(msghdr));
            msghdr message{};
            if (raw.size() != sizeof message) {
                return {};
            }
            std::memcpy(&message, raw.data(), sizeof message);
            return read_copied_vector<iovec>(tid, reinterpret_cast<Address>(message.msg_iov), message.msg_iovlen, size);
        }
        default:
            return {};
    }
}

// The descriptor that a call makes another one of; nullopt: it opens one.
std::optional<std::int32_t> duplicated_descriptor(const PendingCall& call) {
    switch (call.number) {
        case __NR_dup:
        case __NR_dup3:
        case __NR_fcntl:
#ifdef __NR_dup2
        case __NR_dup2:
#endif
            return static_cast<std::int32_t>(call.arguments[0]);
        default:
            return std::nullopt;
    }
}

bool is_open(const PendingCall& call) {
    switch (call.number) {
        case __NR_openat:
#ifdef __NR_openat2
        case __NR_openat2:
#endif
#ifdef __NR_open
        case __NR_open:
        case __NR_creat:
#endif
#ifdef __NR_pidfd_getfd
        case __NR_pidfd_getfd:
#endif
            return true;
        default:
            return false;
    }
}

// As it was written before each newline became two bytes.
std::string with_newlines(std::string_view shown) {
    std::string text;
    for (std::size_t i = 0; i < shown.size(); ++i) {
        if (!shown.substr(i).starts_with("\r\n")) {
            text += shown[i];
        }
    }
    return text;
}

// "pipe:[7]", "/tmp/x" (proc_pid_fd(5)); "?": the kernel does not let us look. No file is touched.
std::string target_of(pid_t tid, std::int32_t descriptor) {
    std::array<char, PATH_MAX> name;
    const ssize_t size = ::readlink(fmt::format("/proc/{}/fd/{}", tid, descriptor).c_str(), name.data(), name.size());
    return size > 0 ? std::string(name.data(), static_cast<std::size_t>(size)) : "?";
}

OutputStream stream_of(const TracedProcess& process, std::int32_t descriptor) {
    if (descriptor == 1 || descriptor == 2) {
        return descriptor == 1 ? OutputStream::standard_output : OutputStream::standard_error;
    }
    const auto known = process.calls.to_terminal.find(descriptor);
    return known == process.calls.to_terminal.end() ? OutputStream::terminal : known->second;
}

}  // namespace

bool OutputCalls::wants_return(const TracedThread& thread, PendingCall& call) const {
    if (const auto descriptor = written_descriptor(call)) {
        if (!terminal_.is_behind(thread.tid, *descriptor)) {
            call.other_descriptor = elsewhere_ ? *descriptor : -1;
            return elsewhere_;
        }
        call.terminal_descriptor = *descriptor;
        return true;
    }
    const auto source = duplicated_descriptor(call);
    return source ? terminal_.is_behind(thread.tid, *source) : is_open(call);
}

std::optional<Gathered> OutputCalls::gather_return(TracedThread& thread, const PendingCall& call, const CallReturn& end) {
    if (call.terminal_descriptor >= 0) {
        return end.result > 0 ? gather_write(thread, call, end) : std::nullopt;
    }
    if (call.other_descriptor >= 0) {
        return end.result > 0 ? gather_elsewhere(thread, call, end) : std::nullopt;
    }
    if (end.result > last_standard) {
        take_descriptor(thread, call, end.result);
    }
    return std::nullopt;
}

// What a call has moved without the program's memory has no text.
std::optional<Gathered> OutputCalls::gather_elsewhere(TracedThread& thread, const PendingCall& call, const CallReturn& end) {
    OutputEvent output;
    output.stream = OutputStream::elsewhere;
    output.size = static_cast<std::uint64_t>(end.result);
    output.text = written_bytes(thread.tid, call, std::min<std::size_t>(output.size, output_text_limit));
    output.target = std::vector{target_of(thread.tid, call.other_descriptor)};
    return gatherer_.gather(thread, std::move(output), EventClass::output,
                            {.map = Reading::Map::if_stale, .files = Reading::Files::pipes, .place = end.place});
}

void OutputCalls::take_descriptor(TracedThread& thread, const PendingCall& call, std::int64_t result) const {
    const auto descriptor = static_cast<std::int32_t>(result);
    WatchedCalls& calls = thread.process->calls;
    if (!terminal_.is_behind(thread.tid, descriptor)) {
        return;
    }
    const auto source = duplicated_descriptor(call);
    calls.to_terminal[descriptor] = source ? stream_of(*thread.process, *source) : OutputStream::terminal;
    seccomp_.add_descriptor(thread, descriptor);
}

std::optional<Gathered> OutputCalls::gather_write(TracedThread& thread, const PendingCall& call, const CallReturn& end) {
    OutputEvent output;
    output.stream = stream_of(*thread.process, call.terminal_descriptor);
    output.size = static_cast<std::uint64_t>(end.result);
    const std::size_t wanted = std::min<std::size_t>(output.size, end_.read ? compared_limit : output_text_limit);
    const std::string written = written_bytes(thread.tid, call, wanted);
    output.text = written.substr(0, output_text_limit);
    if (end_.read) {
        reconcile(output, written);
    }
    // What a program prints of itself must be seen beside the memory that it has then.
    return gatherer_.gather(thread, std::move(output), EventClass::output,
                            {.map = Reading::Map::if_stale, .files = Reading::Files::pipes, .place = end.place});
}

// The thread's own call is over, so it is none of those in which `somebody_writes`.
void OutputCalls::reconcile(OutputEvent& output, std::string_view written) {
    read_terminal();
    const bool others = ledger_.size() > 0 && somebody_writes();
    if (written.empty()) {
        output.text = others ? std::string() : ledger_.take_written(output.size).substr(0, output_text_limit);
        return;
    }
    const OutputLedger::Explained explained = ledger_.explain(written, output.size - written.size());
    if (explained.found && !others) {
        tell_unattributed(explained.before);
    }
}

void OutputCalls::read_terminal() {
    arrived_.clear();
    end_.read(arrived_);
    ledger_.arrived(arrived_);
}

void OutputCalls::look_at_terminal() {
    if (!end_.read) {
        return;
    }
    read_terminal();
    if (ledger_.size() > 0 && !somebody_writes()) {
        tell_unattributed(ledger_.size());
        if (const std::uint64_t lost = ledger_.take_lost(); lost > 0) {
            sink_.gap(GapCode::output_unattributed, {}, lost);
        }
    }
}

void OutputCalls::tell_unattributed(std::size_t size) {
    std::string text = ledger_.take(size);
    if (text.empty()) {
        return;
    }
    if (end_.newline_is_two_bytes()) {
        text = with_newlines(text);
    }
    OutputEvent output{OutputStream::terminal, {}, text.size()};
    output.text = std::move(text.erase(std::min(text.size(), output_text_limit)));
    sink_.tell(sink_.event_of({}, 0, std::move(output)));
}

bool OutputCalls::somebody_writes() const {
    return std::ranges::any_of(
        tracees_.threads(), [](const auto& entry) { return entry.second.call && entry.second.call->terminal_descriptor >= 0; });
}

}  // namespace procatlas
