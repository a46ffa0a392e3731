// procatlas-opener: takes the files of strangers apart, a recording or a figure that carries one, and hands over what is in
// them (core/store/row_codec.h) on descriptors 0 and 1. It may crash or be killed at any time.
//
//   procatlas-opener recording PATH    answers each query with its rows; PATH is a private copy (core/store/untrusted_file.h)
//   procatlas-opener figure            hands over the recording that the figure on descriptor 3 carries
//   procatlas-opener --as USER:GROUPS ...    becomes the file's owner first, where it is started by root
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/identity.h"
#include "core/base/whole_file.h"
#include "core/confine/confinement.h"
#include "core/export/carry/carried_recording.h"
#include "core/store/database_rows.h"
#include "core/store/row_codec.h"
#include "core/store/untrusted_file.h"

namespace procatlas {
namespace {

constexpr std::uint64_t memory_limit = std::uint64_t{4} << 30;  // SQLite sorts in memory
constexpr std::uint64_t processor_seconds = 90;
constexpr std::size_t bytes_of_a_frame = 64u << 10;

// False: nobody reads it.
bool hand_over(std::string_view bytes) {
    return write_all(STDOUT_FILENO, bytes).has_value();
}

// Writes the rows until there are none. False: nobody reads them.
bool write_rows(DatabaseRows& rows) {
    std::string out;
    while (true) {
        const std::size_t begin = begin_frame(out);
        Encoder to(out);
        to(RowFrame::rows);
        Result<bool> more = true;
        while (out.size() < bytes_of_a_frame && (more = rows.next()) && *more) {
            write_row(to, rows.row());
        }
        end_frame(out, begin);
        if (!more) {
            write_row_error(out, more.error());
        } else if (!*more) {
            write_row_end(out);
        }
        if (!hand_over(out)) {
            return false;
        }
        if (!more || !*more) {
            return true;
        }
        out.clear();
    }
}

bool answer(DatabaseSource& source, std::string_view query) {
    const auto rows = source.ask_here(query);
    if (rows) {
        return write_rows(**rows);
    }
    std::string out;
    write_row_error(out, rows.error());
    return hand_over(out);
}

int answer_all(DatabaseSource& source) {
    FrameBuffer frames;
    std::array<char, 8192> buffer{};
    while (true) {
        const auto query = frames.next();
        if (!query || (*query && !answer(source, **query))) {
            return 1;
        }
        if (*query) {
            continue;
        }
        const ssize_t size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (size == 0 || (size < 0 && errno != EINTR)) {
            return size == 0 ? 0 : 1;  // 0: the asker has ended
        }
        frames.append({buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))});
    }
}

int serve_recording(const char* path) {
    auto database = open_private_copy(path);
    const auto source = database ? DatabaseSource::of(std::move(*database)) : std::unexpected(database.error());
    std::string out;
    if (!source) {
        write_row_error(out, source.error());
        return hand_over(out) ? 0 : 1;
    }
    write_row_end(out);
    return hand_over(out) ? answer_all(**source) : 1;
}

int hand_over_recording() {
    static_assert(carried_limit + 64 < frame_limit);
    constexpr std::size_t largest_figure = 2 * carried_limit;  // base64, plus the picture itself
    const auto figure = read_whole_file("/proc/self/fd/3", largest_figure);
    auto carried = figure ? extract_recording(*figure) : std::unexpected(figure.error());
    std::string out;
    if (!carried) {
        write_row_error(out, carried.error());
    } else if (!*carried) {
        write_row_end(out);
    } else {
        const std::size_t begin = begin_frame(out);
        Encoder{out}(RowFrame::recording, std::uint64_t{(*carried)->moment}, (*carried)->bytes);
        end_frame(out, begin);
    }
    return hand_over(out) ? 0 : 1;
}

}  // namespace
}  // namespace procatlas

int main(int count, char** words) {
    (void)::signal(SIGXFSZ, [](int) {});  // a limit to the size of files makes a write fail, which is told
    if (count > 3 && std::string_view(words[1]) == "--as") {
        const auto identity = procatlas::parse_identity(words[2]);
        if (!identity || !procatlas::become(*identity)) {
            return 2;
        }
        words += 2;
        count -= 2;
    }
    procatlas::keep_capabilities({});
    procatlas::confine_program(procatlas::memory_limit);
    procatlas::limit_resource(RLIMIT_CPU, procatlas::processor_seconds);
    const std::string_view what = count > 1 ? words[1] : "";
    if (what == "recording" && count == 3) {
        return procatlas::serve_recording(words[2]);
    }
    if (what == "figure" && count == 2) {
        return procatlas::hand_over_recording();
    }
    return 2;
}
