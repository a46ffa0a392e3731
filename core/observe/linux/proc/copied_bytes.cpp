#include "core/observe/linux/proc/copied_bytes.h"

#include <elf.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "core/base/unique_fd.h"
#include "core/observe/linux/proc/proc_file.h"

namespace procatlas {
namespace {

// Words from the stack pointer on: argc, argv, 0, envp, 0, pairs of the auxiliary vector.
template <typename Word>
Address entry_of(const std::string& bytes) {
    const std::size_t count = bytes.size() / sizeof(Word);
    const auto word = [&](std::size_t i) {
        Word value = 0;
        std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
        return value;
    };
    std::size_t at = 1;
    for (int vectors = 0; vectors < 2; ++vectors) {
        while (at < count && word(at) != 0) {
            ++at;
        }
        ++at;
    }
    for (; at + 1 < count && word(at) != AT_NULL; at += 2) {
        if (word(at) == AT_ENTRY) {
            return word(at + 1);
        }
    }
    return 0;
}

UniqueFd open_memory(pid_t tid) {
    return UniqueFd(::open(("/proc/" + std::to_string(tid) + "/mem").c_str(), O_RDONLY | O_CLOEXEC));
}

std::string read_from(const UniqueFd& memory, Address address, std::size_t size) {
    std::string bytes(size, '\0');
    const ssize_t got = ::pread(memory.get(), bytes.data(), size, static_cast<off_t>(address));
    bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return bytes;
}

}  // namespace

std::string read_copied_bytes(pid_t tid, Address address, std::size_t size) {
    return read_from(open_memory(tid), address, size);
}

InitialStack read_initial_stack(pid_t pid, Address stack_pointer, WordSize size, Address arg_start, Address arg_end,
                                std::size_t arguments_limit) {
    constexpr std::size_t vectors_limit = 256 * 1024;
    InitialStack stack;
    const UniqueFd memory = open_memory(pid);
    if (stack_pointer != 0 && stack_pointer < arg_start) {
        const std::string words =
            read_from(memory, stack_pointer, std::min<std::size_t>(arg_start - stack_pointer, vectors_limit));
        stack.entry = size == WordSize::eight ? entry_of<std::uint64_t>(words) : entry_of<std::uint32_t>(words);
    }
    if (arg_start < arg_end) {
        stack.arguments = read_from(memory, arg_start, std::min<std::size_t>(arg_end - arg_start, arguments_limit));
    }
    if (stack.arguments.empty()) {
        stack.arguments = read_proc_file(pid, "cmdline", arguments_limit).value_or("");
    }
    return stack;
}

}  // namespace procatlas
