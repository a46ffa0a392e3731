// Has a stranger's file taken apart by procatlas-opener, which can neither change a file nor make a connection or a process,
// whatever the file makes of it. What it answers is as little trusted as the file. One thread at a time; blocks.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/child_program.h"
#include "core/base/identity.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/store/row_codec.h"
#include "core/store/rows.h"

namespace procatlas {

// A conversation with one procatlas-opener.
class Opener {
public:
    // `words` after the program's name; `file` (-1: none) becomes its descriptor 3; `identity`: whom it becomes first;
    // `patience`: how much processor time all its answers may take together. Error: it could not be started.
    [[nodiscard]] static Result<Opener> start(std::vector<std::string> words, int file, const std::optional<Identity>& identity,
                                              std::chrono::seconds patience);

    [[nodiscard]] Result<void> send(std::string_view frames);
    // The next frame, valid until the next call, without its kind. An error frame is returned as its error. Error: also when
    // it has ended, answers nonsense, or does not answer in time.
    [[nodiscard]] Result<std::pair<RowFrame, Decoder>> receive();
    [[nodiscard]] pid_t pid() const { return program_.pid(); }

private:
    Opener(ChildProgram program, UniqueFd socket, std::chrono::seconds patience);
    [[nodiscard]] bool extend_deadline();

    ChildProgram program_;
    UniqueFd socket_;
    std::chrono::seconds patience_;
    std::chrono::steady_clock::time_point last_deadline_;  // for all that it answers, however busy the machine is
    std::chrono::steady_clock::time_point deadline_;       // when to look next how much it has computed
    FrameBuffer frames_;
    std::string buffer_;
};

// The rows of a recording of which this process has a private copy.
class OpenedRows final : public RowSource {
public:
    // `copy`: the path of a PrivateCopy. Error: why it is not a recording that can be read.
    [[nodiscard]] static Result<std::unique_ptr<OpenedRows>> open(const std::filesystem::path& copy);

    [[nodiscard]] Result<std::unique_ptr<Rows>> ask(std::string_view query) override;
    [[nodiscard]] pid_t opener_pid() const { return opener_.pid(); }

private:
    explicit OpenedRows(Opener opener) : opener_(std::move(opener)) {}

    Opener opener_;
};

// The recording that a figure carries, and the moment that the figure shows.
struct CarriedFile {
    std::string bytes;
    std::size_t moment = 0;
};

// nullopt: it carries none. Error: it is not a figure, or is damaged.
[[nodiscard]] Result<std::optional<CarriedFile>> open_carried_file(const std::filesystem::path& figure);

}  // namespace procatlas
