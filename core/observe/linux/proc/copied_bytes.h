// The only bytes of a tracee that the observer looks at: those that the kernel has just copied there or from there. Their pages
// are present, so reading them cannot block.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>

#include "core/base/address.h"

namespace procatlas {

// As many of `size` bytes at `address` as can be read, through /proc/TID/mem: process_vm_readv(2) pins the pages, for which the
// kernel copies those that are shared with another process.
[[nodiscard]] std::string read_copied_bytes(pid_t tid, Address address, std::size_t size);

// What the kernel has put on the stack for a program that has not run yet.
struct InitialStack {
    std::string arguments;  // each with its '\0', cut at the limit
    Address entry = 0;      // AT_ENTRY (getauxval(3)); 0: not available
};
// At the stop of exec, with the stack pointer and the argument marks of that moment. Where the process may not be looked into,
// the kernel is asked for the arguments.
enum class WordSize { four, eight };  // bytes; four: a 32-bit program
[[nodiscard]] InitialStack read_initial_stack(pid_t pid, Address stack_pointer, WordSize size, Address arg_start,
                                              Address arg_end, std::size_t arguments_limit);

}  // namespace procatlas
