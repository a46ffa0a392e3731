#include "core/observe/linux/proc/proc_stat.h"

#include <array>
#include <charconv>

#include "core/observe/linux/proc/proc_file.h"

namespace procatlas {

Result<ProcStat> parse_proc_stat(std::string_view line) {
    // Field 2, the name, is the only one that may hold anything: the last ')' ends it.
    const auto name_end = line.rfind(')');
    if (name_end == std::string_view::npos || name_end + 3 > line.size()) {
        return fail("not a line of /proc/PID/stat");
    }
    std::string_view rest = line.substr(name_end + 2);
    ProcStat stat;
    stat.state = rest.front();
    const auto name_begin = line.find('(');
    stat.name = name_begin < name_end ? line.substr(name_begin + 1, name_end - name_begin - 1) : std::string_view();
    constexpr std::size_t first = 3;
    constexpr std::size_t last = 51;
    std::array<std::uint64_t, last + 1> field{};
    std::size_t number = first;
    while (!rest.empty() && number <= last) {
        const auto space = rest.find(' ');
        const std::string_view token = rest.substr(0, space);
        if (number > first && !token.starts_with('-')) {  // negative ones (tty, priority) are none of ours
            const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), field[number]);
            if (error != std::errc{} && number != first) {
                return fail("a field of /proc/PID/stat is not a number");
            }
        }
        ++number;
        rest = space == std::string_view::npos ? std::string_view{} : rest.substr(space + 1);
    }
    if (number <= 28) {
        return fail("a line of /proc/PID/stat is too short");
    }
    stat.parent = static_cast<pid_t>(field[4]);
    stat.session = static_cast<pid_t>(field[6]);
    constexpr std::uint64_t kernel_thread = 0x0020'0000;  // PF_KTHREAD of the kernel's include/linux/sched.h
    stat.kernel_thread = (field[9] & kernel_thread) != 0;
    stat.threads = field[20];
    stat.waited_faults = field[11];
    stat.start_ticks = field[22];
    AddressMarks& m = stat.marks;
    m.start_code = field[26];
    m.end_code = field[27];
    m.start_stack = field[28];
    m.start_data = field[45];
    m.end_data = field[46];
    m.start_brk = field[47];
    m.arg_start = field[48];
    m.arg_end = field[49];
    m.env_start = field[50];
    m.env_end = field[51];
    return stat;
}

Result<ProcStat> read_proc_stat(pid_t pid) {
    auto text = read_small_proc_file(pid, "stat");
    if (!text) {
        return std::unexpected(text.error());
    }
    return parse_proc_stat(*text);
}

}  // namespace procatlas
