#include "core/far/ssh.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <tuple>
#include <utility>

#include "core/base/text.h"

namespace procatlas {

void SshWords::add(std::string_view bytes) {
    constexpr std::size_t most = 4096;
    words_ += bytes;
    if (words_.size() > most) {
        words_.erase(0, words_.size() - most);
    }
}

std::string SshWords::text() const {
    constexpr std::size_t lines_told = 3;
    std::vector<std::string> lines;
    std::string_view rest = words_;
    while (!rest.empty()) {
        const auto end = std::min(rest.find_first_of("\r\n"), rest.size());
        if (const std::string_view line = rest.substr(0, end); line.find_first_not_of(" \t@") != line.npos) {
            lines.push_back(display_text(line));
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    std::string text;
    for (std::size_t i = lines.size() - std::min(lines.size(), lines_told); i < lines.size(); ++i) {
        text += (text.empty() ? "" : "; ") + lines[i];
    }
    return text;
}

std::vector<std::string> relay_command(const FarOptions& options) {
    constexpr std::string_view plain = "/._-+~";
    std::string there;
    for (const char c : options.procatlas.empty() ? std::string("procatlas") : options.procatlas) {
        const bool bare = (std::isalnum(static_cast<unsigned char>(c)) != 0) || plain.find(c) != plain.npos;
        there += bare ? "" : "\\";
        there += c;
    }
    const char* named = std::getenv("PROCATLAS_SSH");
    const bool wrapped = named != nullptr && *named != '\0';
    return {wrapped ? named : "ssh", "-T", "--", options.machine, "exec " + there + " relay"};
}

Result<Ssh> start_ssh(const FarOptions& options) {
    std::array<int, 2> ends{};
    std::array<int, 2> pipe{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return std::unexpected(system_error("cannot start ssh", errno));
    }
    UniqueFd ours(ends[0]);
    const UniqueFd theirs(ends[1]);
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
        return std::unexpected(system_error("cannot start ssh", errno));
    }
    UniqueFd complaints(pipe[0]);
    const UniqueFd complains(pipe[1]);
    ::fcntl(ours.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(complaints.get(), F_SETFL, O_NONBLOCK);
    auto program = ChildProgram::start(
        {.words = relay_command(options),
         .descriptors = {{STDIN_FILENO, theirs.get()}, {STDOUT_FILENO, theirs.get()}, {STDERR_FILENO, complains.get()}},
         .signals = ChildSignals::without_keys,
         .kill_patience = std::chrono::seconds(1)});
    if (!program) {
        return std::unexpected(Error{
            program.error().message + (program.error().code == ENOENT ? " (install openssh-client, or set PROCATLAS_SSH)" : ""),
            program.error().code});
    }
    return Ssh{std::move(*program), std::move(ours), std::move(complaints)};
}

void end_ssh(ChildProgram& program) {
    constexpr std::chrono::seconds patience{2};
    if (program.pid() != 0) {
        ::kill(program.pid(), SIGTERM);
    }
    std::ignore = program.wait_for_end(patience);
    program.kill();
}

bool read_some(int descriptor, std::string& text) {
    std::array<char, 4096> buffer;
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    text.append(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

}  // namespace procatlas
