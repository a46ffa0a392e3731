// procatlas-reader: answers questions on descriptor 0 about files and processes that may be hostile or hang
// (core/inspect/client). It may crash or be killed at any time: what it caches between questions only makes answers faster.
#include <linux/capability.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <concepts>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/identity.h"
#include "core/confine/confinement.h"
#include "core/inspect/client/known_frames.h"
#include "core/inspect/client/reader_protocol.h"
#include "core/inspect/elf/elf_image.h"
#include "core/inspect/elf/mapped_file.h"
#include "core/inspect/inspector.h"
#include "core/stream/frame.h"

namespace procatlas {
namespace {

constexpr std::uint64_t memory_limit = 512u << 20;
constexpr rlim_t seconds_a_question = 2;

// `--as USER:GROUPS`: the owner of the processes that it will be asked about. Root's own reader may look, and no more.
bool take_identity(int count, char** words) {
    if (count == 1) {
        keep_capabilities({CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH});
        return true;
    }
    const auto identity = count == 3 && std::string_view(words[1]) == "--as" ? parse_identity(words[2]) : std::nullopt;
    return identity && become(*identity);
}

// The limit counts from the start of the process, so each question raises it.
void limit_cpu_time() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    limit_resource(RLIMIT_CPU, static_cast<rlim_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + 1 + seconds_a_question);
}

Result<ElfImage> answer(const ElfImageRequest& request) {
    const auto file = open_mapped_file(request.pid, request.path, {request.device_major, request.device_minor, request.inode});
    return file ? read_elf_image(file->get(), request.path) : std::unexpected(file.error());
}

Result<ReaderAnswer> answer_any(Inspector& inspector, const ReaderRequest& request) {
    const auto answer_one = [&]<typename Request>(const Request& question) -> Result<ReaderAnswer> {
        if constexpr (std::same_as<Request, ElfImageRequest>) {
            return answer(question);
        } else {
            return inspector.answer(question);
        }
    };
    return std::visit(answer_one, request);
}

bool write_all(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t size = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (size < 0 && errno != EINTR) {
            return false;
        }
        bytes.remove_prefix(size > 0 ? static_cast<std::size_t>(size) : 0);
    }
    return true;
}

// False: a question was malformed, or the answer could not be written.
bool answer_all(Inspector& inspector, KnownFrames& known, FrameBuffer& frames) {
    while (true) {
        const auto frame = frames.next();
        if (!frame) {
            return false;
        }
        if (!*frame) {
            return true;
        }
        const auto request = parse_request(**frame);
        if (!request) {
            return false;
        }
        limit_cpu_time();
        auto answer = answer_any(inspector, *request);
        const auto* about = std::get_if<InsideRequest>(&*request);
        auto* inside = answer ? std::get_if<Inside>(&*answer) : nullptr;
        if (about && inside) {
            known.shorten(about->thread, *inside);
        }
        if (!write_all(encode_answer(answer))) {
            return false;
        }
    }
}

int run() {
    FrameBuffer frames;
    Inspector inspector;
    KnownFrames known;
    std::array<char, 8192> buffer{};
    while (true) {
        const ssize_t size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size <= 0) {
            return size < 0 ? 1 : 0;  // 0: the asker has ended
        }
        frames.append({buffer.data(), static_cast<std::size_t>(size)});
        if (!answer_all(inspector, known, frames)) {
            return 1;
        }
    }
}

}  // namespace
}  // namespace procatlas

int main(int count, char** words) {
    ::unsetenv("DEBUGINFOD_URLS");  // libdwfl would use the network
    if (!procatlas::take_identity(count, words)) {
        return 2;
    }
    procatlas::confine_program(procatlas::memory_limit);
    return procatlas::run();
}
