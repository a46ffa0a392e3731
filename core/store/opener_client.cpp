#include "core/store/opener_client.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>

#include "core/base/program_path.h"
#include "core/store/received_rows.h"
#include "core/store/untrusted_file.h"

namespace procatlas {
namespace {

constexpr const char* program_name = "procatlas-opener";
constexpr std::chrono::seconds more_patience(1);  // it gives up by itself before (open_private_copy)
constexpr int most_times_longer = 10;             // on the clock than on its processor
constexpr std::size_t bytes_at_once = 256u << 10;

}  // namespace

Opener::Opener(ChildProgram program, UniqueFd socket, std::chrono::seconds patience)
    : program_(std::move(program)),
      socket_(std::move(socket)),
      patience_(patience + more_patience),
      last_deadline_(std::chrono::steady_clock::now() + most_times_longer * patience_),
      deadline_(std::chrono::steady_clock::now() + patience_) {}

// True where it has not computed so long yet, because others need the machine too.
bool Opener::extend_deadline() {
    clockid_t clock{};
    timespec used{};
    if (::clock_getcpuclockid(program_.pid(), &clock) != 0 || ::clock_gettime(clock, &used) != 0) {
        return false;
    }
    const auto left = patience_ - std::chrono::seconds(used.tv_sec);
    const auto now = std::chrono::steady_clock::now();
    if (left <= std::chrono::seconds(0) || now >= last_deadline_) {
        return false;
    }
    deadline_ = std::min(now + left, last_deadline_);
    return true;
}

Result<Opener> Opener::start(std::vector<std::string> words, int file, const std::optional<Identity>& identity,
                             std::chrono::seconds patience) {
    auto path = find_own_program(program_name);
    if (!path) {
        return std::unexpected(path.error());
    }
    if (identity) {
        words.insert(words.begin(), {"--as", identity_word(*identity)});
    }
    words.insert(words.begin(), std::move(*path));
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return std::unexpected(system_error(std::string("cannot start ") + program_name, errno));
    }
    UniqueFd ours(ends[0]);
    const UniqueFd theirs(ends[1]);
    ChildStart start{.words = std::move(words),
                     .descriptors = {{0, theirs.get()}, {1, theirs.get()}},
                     .signals = ChildSignals::fresh,
                     .kill_patience = std::chrono::milliseconds(200)};
    if (file >= 0) {
        start.descriptors.push_back({3, file});
    }
    auto program = ChildProgram::start(start);
    if (!program) {
        return std::unexpected(program.error());
    }
    return Opener(std::move(*program), std::move(ours), patience);
}

Result<void> Opener::send(std::string_view frames) {
    while (!frames.empty()) {
        const ssize_t sent = ::send(socket_.get(), frames.data(), frames.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) {
            return std::unexpected(system_error("the program that reads it has ended", errno));
        }
        frames.remove_prefix(sent > 0 ? static_cast<std::size_t>(sent) : 0);
    }
    return {};
}

Result<std::pair<RowFrame, Decoder>> Opener::receive() {
    while (true) {
        const auto frame = frames_.next();
        if (!frame) {
            return std::unexpected(frame.error());
        }
        if (*frame) {
            Decoder in(**frame);
            RowFrame kind{};
            in(kind);
            Error error;
            if (kind == RowFrame::error) {
                in(error.code, error.message);
            }
            if (in.failed()) {
                return fail("the program that reads it answered nonsense");
            }
            return kind == RowFrame::error ? Result<std::pair<RowFrame, Decoder>>(std::unexpected(std::move(error)))
                                           : std::pair(kind, in);
        }
        pollfd wait{socket_.get(), POLLIN, 0};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - std::chrono::steady_clock::now());
        const int ready = ::poll(&wait, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        buffer_.resize(bytes_at_once);
        const ssize_t got = ready > 0 ? ::recv(socket_.get(), buffer_.data(), buffer_.size(), MSG_DONTWAIT) : -1;
        if (ready == 0 && extend_deadline()) {
            continue;
        }
        if (got <= 0) {
            return fail(ready == 0 ? "it takes too long to be read, as a damaged file may"
                                   : "the program that reads it ended before the file did, as at a damaged file");
        }
        frames_.append({buffer_.data(), static_cast<std::size_t>(got)});
    }
}

Result<std::unique_ptr<OpenedRows>> OpenedRows::open(const std::filesystem::path& copy) {
    struct stat status{};
    const bool found = ::stat(copy.c_str(), &status) == 0;
    auto opener = Opener::start({"recording", copy.string()}, -1,
                                found ? identity_of_owner(status.st_uid, status.st_gid) : std::nullopt, patience_for(copy));
    if (!opener) {
        return std::unexpected(opener.error());
    }
    if (const auto opened = opener->receive(); !opened) {
        return std::unexpected(opened.error());
    }
    return std::unique_ptr<OpenedRows>(new OpenedRows(std::move(*opener)));
}

Result<std::unique_ptr<Rows>> OpenedRows::ask(std::string_view query) {
    std::string question;
    const std::size_t begin = begin_frame(question);
    question += query;
    end_frame(question, begin);
    if (auto sent = opener_.send(question); !sent) {
        return std::unexpected(sent.error());
    }
    return std::make_unique<ReceivedRows>([this] { return opener_.receive(); });
}

Result<std::optional<CarriedFile>> open_carried_file(const std::filesystem::path& figure) {
    const auto file = open_regular_file(figure);
    if (!file) {
        return std::unexpected(file.error());
    }
    struct stat status{};
    const bool known = ::fstat(file->get(), &status) == 0;
    auto opener = Opener::start({"figure"}, file->get(), known ? identity_of_owner(status.st_uid, status.st_gid) : std::nullopt,
                                patience_for(figure));
    if (!opener) {
        return std::unexpected(opener.error());
    }
    auto frame = opener->receive();
    if (!frame) {
        return std::unexpected(frame.error());
    }
    if (frame->first != RowFrame::recording) {
        return std::nullopt;
    }
    CarriedFile carried;
    std::uint64_t moment = 0;
    frame->second(moment, carried.bytes);
    carried.moment = moment;
    return frame->second.finished() ? Result<std::optional<CarriedFile>>(std::move(carried))
                                    : fail("the program that reads it answered nonsense");
}

}  // namespace procatlas
