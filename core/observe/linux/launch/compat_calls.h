// The numbers of the calls of 32-bit programs that are watched (x86; arch/x86/entry/syscalls/syscall_32.tbl). `int 0x80` makes
// them in a 64-bit program too.
#pragma once

#include <cstdint>

namespace procatlas::compat {

inline constexpr std::uint32_t fork = 2;
inline constexpr std::uint32_t write = 4;
inline constexpr std::uint32_t execve = 11;
inline constexpr std::uint32_t brk = 45;
inline constexpr std::uint32_t mmap = 90;  // its arguments lie in memory
inline constexpr std::uint32_t munmap = 91;
inline constexpr std::uint32_t clone = 120;
inline constexpr std::uint32_t mprotect = 125;
inline constexpr std::uint32_t writev = 146;
inline constexpr std::uint32_t mremap = 163;
inline constexpr std::uint32_t vfork = 190;
inline constexpr std::uint32_t mmap2 = 192;
inline constexpr std::uint32_t execveat = 358;
inline constexpr std::uint32_t clone3 = 435;

}  // namespace procatlas::compat
