#include "core/base/companion.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

#include "core/base/child_program.h"
#include "core/base/program_path.h"

namespace procatlas {
namespace {

constexpr int least_stream_descriptor = 3;  // of the observer

class CompanionHere final : public Companion {
public:
    CompanionHere(ChildProgram program, UniqueFd socket) : program_(std::move(program)), socket_(std::move(socket)) {}

    [[nodiscard]] int socket() const override { return socket_.get(); }
    [[nodiscard]] std::optional<pid_t> pid() const override { return program_.pid(); }
    bool kill() override { return program_.kill(); }
    bool gone() override { return program_.reaped(); }
    [[nodiscard]] std::string how_it_ended() override {
        constexpr std::chrono::seconds exiting{1};
        const auto status = program_.wait_for_end(exiting);
        if (!status) {
            return {};
        }
        return WIFSIGNALED(*status) ? fmt::format("signal {} ended it", WTERMSIG(*status))
                                    : fmt::format("it exited with {}", WEXITSTATUS(*status));
    }

private:
    ChildProgram program_;
    UniqueFd socket_;
};

ChildStart plan_observer(const CompanionStart& start, const std::string& program, int theirs) {
    int stream = least_stream_descriptor;
    while (std::ranges::find(start.descriptors, stream) != start.descriptors.end()) {
        ++stream;
    }
    ChildStart plan{.words = {program, "--descriptor", std::to_string(stream)},
                    .descriptors = {{STDIN_FILENO, start.input}, {STDOUT_FILENO, STDERR_FILENO}, {stream, theirs}},
                    .kill_patience = std::chrono::milliseconds(500)};
    for (const int number : start.descriptors) {
        plan.descriptors.push_back({number, number});
    }
    return plan;
}

ChildStart plan(const CompanionStart& start, const std::string& program, int theirs) {
    switch (start.kind) {
        case CompanionKind::observer:
            return plan_observer(start, program, theirs);
        case CompanionKind::reader:
            // A killed one is gone in well under its time, unless a file system holds it.
            return {.words = start.identity ? std::vector{program, std::string("--as"), identity_word(*start.identity)}
                                            : std::vector{program},
                    .descriptors = {{STDIN_FILENO, theirs}, {STDOUT_FILENO, theirs}},
                    .signals = ChildSignals::fresh,
                    .kill_patience = std::chrono::milliseconds(200)};
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<Companion>> start_companion_here(const CompanionStart& start) {
    const char* name = start.kind == CompanionKind::observer ? "procatlas-observer" : "procatlas-reader";
    auto program = start.program.empty() ? find_own_program(name) : Result<std::string>(start.program);
    if (!program) {
        return std::unexpected(program.error());
    }
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return std::unexpected(system_error("cannot start " + *program, errno));
    }
    UniqueFd ours(ends[0]);
    const UniqueFd theirs(ends[1]);
    auto started = ChildProgram::start(plan(start, *program, theirs.get()));
    if (!started) {
        return std::unexpected(started.error());
    }
    return std::make_unique<CompanionHere>(std::move(*started), std::move(ours));
}

}  // namespace procatlas
