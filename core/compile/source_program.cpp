#include "core/compile/source_program.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "core/base/child_program.h"
#include "core/base/program_path.h"
#include "core/base/unique_fd.h"
#include "core/base/whole_file.h"
#include "core/compile/compiled_place.h"

namespace procatlas {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Why = NotReady::Why;

constexpr std::size_t output_max = 256u << 10;      // of a compiler; the rest is taken and left out
constexpr std::size_t source_max_bytes = 4u << 20;  // of a source whose lines are shown beside messages
constexpr rlim_t memory_max = rlim_t{4} << 30;      // of each process of the compiler: a source may ask for any amount
constexpr rlim_t file_max = rlim_t{2} << 30;        // of each file that it writes
constexpr std::chrono::milliseconds kill_patience(2000);

std::unexpected<NotReady> not_ready(Why why, std::string detail = {}) {
    return std::unexpected(NotReady{.why = why, .detail = std::move(detail), .messages = {}});
}

// nullopt: it can be read, and is no folder or device.
std::optional<std::string> why_unreadable(const fs::path& file) {
    const UniqueFd descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat status{};
    if (!descriptor || ::fstat(descriptor.get(), &status) != 0) {
        return std::generic_category().message(errno);
    }
    return S_ISDIR(status.st_mode)    ? std::optional(std::generic_category().message(EISDIR))
           : !S_ISREG(status.st_mode) ? std::optional(std::generic_category().message(EINVAL))
                                      : std::nullopt;
}

// Words that name a file are never taken for options.
std::string as_word(const fs::path& file) {
    const std::string name = file.string();
    return name.starts_with('-') ? "./" + name : name;
}

std::vector<std::string> with_arguments(std::vector<std::string> words, const std::vector<std::string>& arguments) {
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
}

// A compiler at work, with all that it starts.
class Compiler {
public:
    Compiler(std::vector<std::string> words, const CompileLimits& limits)
        : words_(std::move(words)), limits_(limits), until_(Clock::now() + limits.deadline) {}

    struct Ended {
        bool accepted = false;
        std::string output;
    };

    std::expected<Ended, NotReady> run() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
            return not_ready(Why::failed, std::generic_category().message(errno));
        }
        const UniqueFd ours(ends[0]);
        UniqueFd theirs(ends[1]);
        auto program = ChildProgram::start(
            {.words = words_,
             .descriptors = {{STDIN_FILENO, -1}, {STDOUT_FILENO, theirs.get()}, {STDERR_FILENO, theirs.get()}},
             .signals = ChildSignals::fresh,
             .group = ChildGroup::own,
             .kill_patience = kill_patience});
        if (!program) {
            return not_ready(Why::failed, program.error().message);
        }
        theirs.reset();
        limit(program->pid());
        if (const auto why = take_output(ours.get())) {
            return not_ready(*why);
        }
        const auto status = program->wait_for_end(left());
        if (!status) {
            return not_ready(Why::too_slow);
        }
        if (!WIFEXITED(*status)) {
            return not_ready(Why::failed, words_.front() + ": signal " + std::to_string(WTERMSIG(*status)));
        }
        return Ended{WEXITSTATUS(*status) == 0, std::move(output_)};
    }

private:
    // What the compiler starts inherits it.
    static void limit(pid_t pid) {
        for (const auto& [resource, most] : {std::pair(RLIMIT_AS, memory_max), std::pair(RLIMIT_FSIZE, file_max)}) {
            rlimit now{};
            if (::prlimit(pid, resource, nullptr, &now) == 0 && now.rlim_cur > most) {
                now.rlim_cur = most;
                ::prlimit(pid, resource, &now, nullptr);
            }
        }
    }

    [[nodiscard]] std::chrono::milliseconds left() const {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until_ - Clock::now());
        return std::clamp(left, std::chrono::milliseconds(0), std::chrono::milliseconds(1'000'000'000));
    }

    // Reads until nobody can write any more. nullopt: so it was.
    std::optional<Why> take_output(int descriptor) {
        std::array<char, 65536> buffer{};
        for (;;) {
            std::array<pollfd, 2> waits{{{descriptor, POLLIN, 0}, {limits_.cancel, POLLIN, 0}}};
            const int ready = ::poll(waits.data(), waits.size(), static_cast<int>(left().count()));
            if (ready < 0 && errno == EINTR) {
                continue;
            }
            if (ready > 0 && waits[1].revents != 0) {
                return Why::cancelled;
            }
            if (ready <= 0) {
                return Why::too_slow;
            }
            const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
            if (got == 0) {
                return std::nullopt;
            }
            const auto size = static_cast<std::size_t>(std::max<ssize_t>(got, 0));
            output_.append(buffer.data(), std::min(size, output_max - output_.size()));
        }
    }

    std::vector<std::string> words_;
    CompileLimits limits_;
    Clock::time_point until_;
    std::string output_;
};

std::expected<ReadyProgram, NotReady> compile(const SourceProgram& program, SourceLanguage language,
                                              const CompileLimits& limits) {
    const std::string compiler = language == SourceLanguage::c ? "cc" : "c++";
    if (!is_in_path(compiler)) {
        return not_ready(Why::no_compiler, compiler);
    }
    const auto folder = compiled_programs_folder();
    if (!folder) {
        return not_ready(Why::no_place, folder.error().message);
    }
    std::error_code error;
    const fs::path source = fs::absolute(program.file, error);
    const auto place = place_of_compiled(*folder, source);
    if (!place) {
        return not_ready(Why::no_place, place.error().message);
    }
    // Under another name first: somebody may be running, or compiling, the one of before.
    const fs::path beside = place->string() + "." + std::to_string(::getpid());
    std::vector<std::string> words{compiler, "-g", "-O0", "-fdiagnostics-color=never", "-pthread"};
#if defined(__x86_64__)
    words.emplace_back("-mno-red-zone");  // else the locals of a function that calls no other lie below the stack pointer
#endif
    words.insert(words.end(), {"-o", beside.string(), source.string(), "-lm"});
    auto ended = Compiler(std::move(words), limits).run();
    if (!ended || !ended->accepted) {
        fs::remove(beside, error);
    }
    if (!ended) {
        return std::unexpected(std::move(ended.error()));
    }
    auto messages = parse_compiler_messages(ended->output);
    if (const auto text = read_whole_file(source, source_max_bytes)) {
        add_source_lines(messages, source.string(), *text);
    }
    if (!ended->accepted) {
        return std::unexpected(NotReady{.why = Why::refused, .detail = {}, .messages = std::move(messages)});
    }
    fs::rename(beside, *place, error);
    if (error) {
        return not_ready(Why::no_place, error.message());
    }
    return ReadyProgram{with_arguments({place->string()}, program.arguments), source.parent_path().string(),
                        std::move(messages)};
}

}  // namespace

std::optional<SourceLanguage> source_language_of(const fs::path& file) {
    const std::string ending = file.extension().string();
    if (ending == ".py" || ending == ".pyw") {
        return SourceLanguage::python;
    }
    if (ending == ".c") {
        return SourceLanguage::c;
    }
    const bool cpp = ending == ".cpp" || ending == ".cc" || ending == ".cxx" || ending == ".c++" || ending == ".C";
    return cpp ? std::optional(SourceLanguage::cpp) : std::nullopt;
}

bool means_source(const fs::path& file) {
    if (!source_language_of(file)) {
        return false;
    }
    const UniqueFd descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat status{};
    if (!descriptor || ::fstat(descriptor.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return false;
    }
    std::array<char, 4> first{};
    const bool has_first = ::read(descriptor.get(), first.data(), first.size()) == static_cast<ssize_t>(first.size());
    const std::string_view bytes(first.data(), first.size());
    const bool executed = has_first && (bytes.starts_with("#!") || bytes ==
                                                                       "\x7f"
                                                                       "ELF");
    return !executed || ::access(file.c_str(), X_OK) != 0;
}

std::expected<ReadyProgram, NotReady> make_ready(const SourceProgram& program, const CompileLimits& limits) {
    if (const auto why = why_unreadable(program.file)) {
        return not_ready(Why::unreadable, *why);
    }
    std::error_code error;
    const std::string folder = fs::absolute(program.file, error).parent_path().string();
    const auto language = source_language_of(program.file);
    if (!language || !means_source(program.file)) {
        return ::access(program.file.c_str(), X_OK) == 0
                   ? std::expected<ReadyProgram, NotReady>(ReadyProgram{
                         with_arguments({fs::absolute(program.file, error).string()}, program.arguments), folder, {}})
                   : not_ready(Why::no_program);
    }
    if (*language == SourceLanguage::python) {
        return is_in_path("python3") ? std::expected<ReadyProgram, NotReady>(ReadyProgram{
                                           with_arguments({"python3", as_word(program.file)}, program.arguments), folder, {}})
                                     : not_ready(Why::no_python);
    }
    return compile(program, *language, limits);
}

Result<fs::path> compiled_programs_folder() {
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return std::string_view(value == nullptr ? "" : value);
    };
    if (const auto cache = variable("XDG_CACHE_HOME"); cache.starts_with('/')) {
        return fs::path(cache) / "procatlas" / "programs";
    }
    if (const auto home = variable("HOME"); home.starts_with('/')) {
        return fs::path(home) / ".cache" / "procatlas" / "programs";
    }
    return fail("neither XDG_CACHE_HOME nor HOME names a folder");
}

}  // namespace procatlas
