// What an exec has made of a process, read at its stop, before the new program's first instruction.
#pragma once

#include <sys/types.h>

#include <optional>

#include "core/observe/linux/trace/gatherer.h"

namespace procatlas {

// `former`: the number of the thread that called exec before it became the leader's. Its process has the new memory already.
[[nodiscard]] Gathered gather_exec(Gatherer& gatherer, TracedThread& leader, pid_t former);

// The arguments in `bytes`, each of which ends with a '\0', except perhaps the last.
[[nodiscard]] std::vector<std::string> split_arguments(std::string_view bytes);

}  // namespace procatlas
