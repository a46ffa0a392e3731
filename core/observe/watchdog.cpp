#include "core/observe/watchdog.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>

#include "core/base/unique_fd.h"

namespace procatlas {
namespace {

constexpr unsigned a_second = 4;        // ticks
constexpr unsigned sleeping_limit = 8;  // one that neither runs nor answers
constexpr unsigned running_limit = 40;  // one that computes, or waits for a processor

// The word at `index`, where words are separated by one space; empty: there are not so many.
std::string_view word_at(std::string_view text, std::size_t index) {
    for (; index > 0 && !text.empty(); --index) {
        const auto space = text.find(' ');
        text.remove_prefix(space == text.npos ? text.size() : space + 1);
    }
    return text.substr(0, text.find_first_of(" \n"));
}

std::optional<std::uint64_t> number_at(std::string_view text, std::size_t index) {
    const std::string_view word = word_at(text, index);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    return error == std::errc() && end == word.data() + word.size() && !word.empty() ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<KernelsWord> parse_kernels_word(std::string_view stat) {
    const auto name_end = stat.rfind(") ");  // the name may hold anything
    if (name_end == stat.npos) {
        return std::nullopt;
    }
    const std::string_view rest = stat.substr(name_end + 2);  // from field 3 on
    const auto user = number_at(rest, 11);
    const auto kernel = number_at(rest, 12);
    const auto start = number_at(rest, 19);
    if (rest.empty() || !user || !kernel || !start) {
        return std::nullopt;
    }
    return KernelsWord{rest.front(), *user + *kernel, *start};
}

std::optional<KernelsWord> read_kernels_word(std::int32_t pid) {
    const UniqueFd file(::open(("/proc/" + std::to_string(pid) + "/stat").c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 1024> text{};
    const ssize_t got = file ? ::read(file.get(), text.data(), text.size()) : -1;
    return got > 0 ? parse_kernels_word({text.data(), static_cast<std::size_t>(got)}) : std::nullopt;
}

Watchdog::Verdict Watchdog::end(std::string why) {
    why_ = std::move(why);
    return Verdict::end;
}

Watchdog::Verdict Watchdog::tick(const std::optional<KernelsWord>& word) {
    if (heard_) {
        heard_ = false;
        asked_ = false;
        told_ = false;
        return Verdict::works;
    }
    if (!asked_) {
        asked_ = true;
        silent_ = 0;
        when_asked_ = word;
        return Verdict::ask;
    }
    ++silent_;
    if (word && word->state == 'T') {
        return end("a signal had stopped it");
    }
    if (silent_ < a_second) {
        return Verdict::works;
    }
    const bool runs =
        place_ == Place::far || (word && (word->state == 'R' || (when_asked_ && word->cpu_ticks != when_asked_->cpu_ticks)));
    if (silent_ >= (runs ? running_limit : sleeping_limit)) {
        return end("it did not answer for " + std::to_string(silent_ / a_second) + " seconds");
    }
    if (!told_) {
        told_ = true;
        return Verdict::tell;
    }
    return Verdict::works;
}

}  // namespace procatlas
