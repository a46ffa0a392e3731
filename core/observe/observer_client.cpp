// The window's end of the pipe to procatlas-observer.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "core/base/child_program.h"
#include "core/base/program_path.h"
#include "core/base/unique_fd.h"
#include "core/observe/observer.h"
#include "core/stream/command_stream.h"
#include "core/stream/event_stream.h"

namespace procatlas {
namespace {

constexpr int stream_descriptor = 3;

class ObserverClient final : public Observer {
public:
    ObserverClient(ChildProgram program, UniqueFd stream) : program_(std::move(program)), stream_(std::move(stream)) {}

    int descriptor() const override { return ended_ ? -1 : stream_.get(); }
    bool ended() const override { return ended_; }

    std::vector<ObservedEvent> receive() override {
        std::vector<ObservedEvent> events;
        std::array<char, 65536> buffer;
        constexpr std::size_t at_once = 4u << 20;  // so that a flood does not keep the caller here
        std::size_t total = 0;
        while (!ended_ && total < at_once) {
            const ssize_t got = ::recv(stream_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
            if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
                break;
            }
            if (got <= 0) {
                end(events, {});
                break;
            }
            total += static_cast<std::size_t>(got);
            reader_.append({buffer.data(), static_cast<std::size_t>(got)});
            decode(events);
        }
        return events;
    }

    Result<void> send(const Command& command) override {
        std::string bytes;
        write_command(bytes, command);
        std::string_view rest = bytes;
        while (!rest.empty()) {
            const ssize_t put = ::send(stream_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
            if (put < 0 && errno != EINTR) {
                return std::unexpected(system_error("the observer does not answer", errno));
            }
            rest.remove_prefix(put > 0 ? static_cast<std::size_t>(put) : 0);
        }
        return {};
    }

private:
    void decode(std::vector<ObservedEvent>& events) {
        while (true) {
            auto event = reader_.next();
            if (!event) {
                end(events, event.error().message);
                return;
            }
            if (!*event) {
                return;
            }
            last_time_ns_ = (*event)->time_ns;
            const auto* note = std::get_if<NoteEvent>(&(*event)->detail);
            all_ended_ |= note && note->code == NoteCode::all_ended;
            events.push_back(std::move(**event));
        }
    }

    void end(std::vector<ObservedEvent>& events, std::string why) {
        ended_ = true;
        if (!all_ended_) {
            ObservedEvent lost;
            lost.time_ns = last_time_ns_;
            lost.detail = GapEvent{GapCode::observer_lost, std::move(why), 0};
            events.push_back(std::move(lost));
        }
    }

    ChildProgram program_;  // its end takes every tracee with it (PTRACE_O_EXITKILL), even where it hangs
    UniqueFd stream_;
    EventReader reader_;
    bool ended_ = false;
    bool all_ended_ = false;
    std::uint64_t last_time_ns_ = 0;
};

}  // namespace

Result<std::unique_ptr<Observer>> start_observer(LaunchCommand launch) {
    auto program = find_own_program("procatlas-observer");
    if (!program) {
        return std::unexpected(program.error());
    }
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return std::unexpected(system_error("socketpair", errno));
    }
    UniqueFd ours(ends[0]);
    const UniqueFd theirs(ends[1]);

    ChildStart start{.words = {std::move(*program), "--descriptor", std::to_string(stream_descriptor)},
                     .descriptors = {{STDOUT_FILENO, STDERR_FILENO}, {stream_descriptor, theirs.get()}}};
    if (!launch.inherit_stdin) {
        start.descriptors.push_back({STDIN_FILENO, -1});
    }
    auto started = ChildProgram::start(start);
    if (!started) {
        return std::unexpected(started.error());
    }
    auto client = std::make_unique<ObserverClient>(std::move(*started), std::move(ours));
    if (auto sent = client->send(launch); !sent) {
        return std::unexpected(sent.error());
    }
    return client;
}

}  // namespace procatlas
