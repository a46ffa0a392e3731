// The first bytes of objects of a stopped thread's memory, at addresses that a program has named: anything may be there. Only
// pages that are in memory are read (present_bytes.h says why).
#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <vector>

#include "core/base/address.h"

namespace procatlas {

// Of a list of CPython: count, type, number of items, their block, room in it; of a dictionary one word more.
inline constexpr ByteCount object_head_size = 48;

// For each address at most `object_head_size` bytes, fewer at the end of a page; empty: they are not there, or not in memory.
[[nodiscard]] std::vector<std::string> read_object_heads(pid_t tid, std::span<const Address> addresses);

}  // namespace procatlas
