#include "app/cli/own_command.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cstdio>
#include <initializer_list>

#include "app/cli/exit_status.h"
#include "app/cli/terminal_text.h"
#include "app/control/own_program_text.h"
#include "core/base/program_path.h"
#include "core/base/text.h"
#include "core/base/unique_fd.h"
#include "core/compile/source_program.h"

namespace procatlas {
namespace {

// The signals that end a program wait in a descriptor, so that the compiler can be ended with all that it started.
class SignalsInDescriptor {
public:
    SignalsInDescriptor() {
        sigset_t ends;
        sigemptyset(&ends);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
            sigaddset(&ends, signal);
        }
        ::sigprocmask(SIG_BLOCK, &ends, &before_);
        descriptor_ = UniqueFd(::signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK));
    }
    SignalsInDescriptor(const SignalsInDescriptor&) = delete;
    SignalsInDescriptor& operator=(const SignalsInDescriptor&) = delete;
    ~SignalsInDescriptor() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }

    [[nodiscard]] int descriptor() const { return descriptor_.get(); }
    // The signal that came; SIGINT if there is none.
    [[nodiscard]] int take() const {
        signalfd_siginfo info{};
        const bool came = ::read(descriptor_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info);
        return came ? static_cast<int>(info.ssi_signo) : SIGINT;
    }

private:
    sigset_t before_{};
    UniqueFd descriptor_;
};

void tell(const std::vector<CompilerMessage>& messages, const Messages& words) {
    for (const CompilerMessage& message : messages) {
        std::string text = message_text(message, words) + "\n";
        if (!message.source.empty()) {
            text += "    " + display_text(message.source) + "\n";
        }
        fmt::print(stderr, "{}", terminal_text(text));
    }
}

}  // namespace

bool names_source(const std::vector<std::string>& command) {
    const std::string& name = command.front();
    const bool found_in_path = name.find('/') == std::string::npos && source_language_of(name) && is_in_path(name);
    return !found_in_path && means_source(name);
}

std::expected<std::vector<std::string>, int> ready_command(const std::vector<std::string>& command, const Messages& words) {
    const SourceProgram program{command.front(), {command.begin() + 1, command.end()}};
    const SignalsInDescriptor signals;
    auto made = make_ready(program, {.cancel = signals.descriptor()});
    if (made) {
        tell(made->warnings, words);
        return std::move(made->words);
    }
    if (made.error().why == NotReady::Why::cancelled) {
        return std::unexpected(exit_signal + signals.take());
    }
    tell(made.error().messages, words);
    fmt::print(stderr, "procatlas: {}\n", terminal_text(why_not_text(program, made.error(), words)));
    return std::unexpected(exit_cannot_execute);
}

}  // namespace procatlas
