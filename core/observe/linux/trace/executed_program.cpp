#include "core/observe/linux/trace/executed_program.h"

#include <linux/audit.h>
#include <sys/ptrace.h>

#include <utility>

#include "core/observe/linux/proc/copied_bytes.h"
#include "core/observe/linux/proc/proc_file.h"
#include "core/observe/linux/proc/proc_stat.h"

namespace procatlas {
namespace {
constexpr std::size_t arguments_limit = 64 * 1024;

// Of the program that a stopped thread is in.
struct ProgramStart {
    StopPlace place;
    WordSize word_size = WordSize::eight;
};

ProgramStart read_program_start(pid_t tid) {
    __ptrace_syscall_info info{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof info, &info) <= 0) {
        return {};
    }
    ProgramStart start{{info.instruction_pointer, info.stack_pointer}};
#if defined(__x86_64__)
    start.word_size = info.arch == AUDIT_ARCH_I386 ? WordSize::four : WordSize::eight;
#endif
    return start;
}

}  // namespace

std::vector<std::string> split_arguments(std::string_view bytes) {
    std::vector<std::string> arguments;
    while (!bytes.empty()) {
        const auto end = bytes.find('\0');
        arguments.emplace_back(bytes.substr(0, end));
        bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    }
    return arguments;
}

Gathered gather_exec(Gatherer& gatherer, TracedThread& leader, pid_t former) {
    TracedProcess& process = *leader.process;
    const pid_t pid = process.key.pid;
    ExecEvent exec;
    exec.path = read_proc_link(pid, "exe").value_or("");
    exec.former_thread = former == pid ? 0 : former;
    exec.mappings_before = std::exchange(process.mappings_before_exec, 0);
    process.calls.is_told_by_hook = false;
    process.calls.frame_pieces.clear();
    if (const auto stat = read_proc_stat(pid)) {
        process.marks = stat->marks;
    }
    const auto [place, word_size] = read_program_start(pid);
    const InitialStack stack = read_initial_stack(pid, place.stack_pointer, word_size, process.marks.arg_start,
                                                  process.marks.arg_end, arguments_limit);
    process.marks.entry = stack.entry;
    exec.arguments = split_arguments(stack.arguments);
    exec.arguments_cut = stack.arguments.size() == arguments_limit;
    const bool unprivileged = lost_its_privilege(pid);
    std::string path = exec.path;

    Gathered gathered = gatherer.gather(leader, std::move(exec), EventClass::lifecycle,
                                        {.map = Reading::Map::always, .files = Reading::Files::all, .place = place});
    if (gathered.memory) {
        std::get<ExecEvent>(gathered.event.detail).mappings_after = count_mappings(*gathered.memory);
    }
    if (unprivileged) {
        gathered.afterwards = std::make_unique<NoteEvent>(NoteEvent{NoteCode::privilege_dropped, std::move(path), 0});
    }
    return gathered;
}

}  // namespace procatlas
