#include "core/far/relay_server.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <string_view>
#include <utility>

#include "core/base/processor_watch.h"
#include "core/base/program_path.h"
#include "core/base/unique_fd.h"

namespace procatlas {
namespace {

constexpr int silent_for_good = 20;  // beats

Surroundings own_surroundings() {
    Surroundings here;
    for (char** variable = ::environ; variable != nullptr && *variable != nullptr; ++variable) {
        here.environment.emplace_back(*variable);
    }
    if (const auto hook = find_own_file("python/sitecustomize.py")) {
        here.python_hook_folder = std::filesystem::path(*hook).parent_path().string();
    }
    here.root = ::geteuid() == 0;
    here.processor_watches = processor_watches_here();
    return here;
}

void put_all(int out, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t put = ::write(out, bytes.data(), bytes.size());
        if (put < 0 && errno != EINTR) {
            return;  // the end of the connection is told to the loop
        }
        bytes.remove_prefix(put > 0 ? static_cast<std::size_t>(put) : 0);
    }
}

}  // namespace

RelayServer::RelayServer(int in, int out) : mux_((put_all(out, relay_greeting(own_versions())), in), out) {
    mux_.send(own_surroundings());
}

void RelayServer::run(const std::function<void()>& at_beat) {
    using Clock = std::chrono::steady_clock;
    Clock::time_point next_beat = Clock::now();
    for (int silent = 0; silent <= silent_for_good;) {
        if (Clock::now() >= next_beat) {
            next_beat = Clock::now() + beat_time;
            mux_.send(Beat{});
            at_beat();
            ++silent;
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_beat - Clock::now());
        const Mux::News news = mux_.turn(std::max(left, std::chrono::milliseconds(0)));
        silent = news.heard ? 0 : silent;
        if (news.lost) {
            return;
        }
        take(news);
    }
}

void RelayServer::take(const Mux::News& news) {
    const RelayMessage told = news.told.value_or(Beat{});
    if (const auto* wanted = std::get_if<OpenChannel>(&told)) {
        open(*wanted);
    } else if (const auto* close = std::get_if<CloseChannel>(&told)) {
        if (started_.contains(close->channel)) {
            end(close->channel);
        } else {
            mux_.close_when_written(close->channel);  // the end of somebody's standard input
        }
    }
    for (const std::uint32_t channel : news.ended) {
        if (const auto found = started_.find(channel); found != started_.end()) {
            mux_.send(CloseChannel{channel, found->second.program->how_it_ended()});
            end(channel);
        }
    }
}

void RelayServer::open(const OpenChannel& wanted) {
    std::array<int, 2> pipe{-1, -1};
    const bool has_input = wanted.input != 0 && ::pipe2(pipe.data(), O_CLOEXEC) == 0;
    const UniqueFd theirs(pipe[0]);
    UniqueFd ours(pipe[1]);
    auto program = start_companion_here({.kind = wanted.program, .input = theirs.get()});
    if (!program) {
        mux_.send(CloseChannel{wanted.channel, program.error().message});
        return;
    }
    // A copy, because the program's owner closes its own.
    mux_.add(wanted.channel, UniqueFd(::fcntl((*program)->socket(), F_DUPFD_CLOEXEC, 0)));
    if (has_input) {
        mux_.add(wanted.input, std::move(ours), Mux::Ways::to_here);
    }
    started_.insert_or_assign(wanted.channel, Started{std::move(*program), wanted.input});
}

void RelayServer::end(std::uint32_t channel) {
    const auto found = started_.find(channel);
    mux_.remove(channel);
    if (found->second.input != 0) {
        mux_.remove(found->second.input);
    }
    started_.erase(found);  // also kills it
}

}  // namespace procatlas
