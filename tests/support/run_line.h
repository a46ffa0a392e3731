// A line of the shell, run as a person or a script would.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "core/base/child_program.h"

namespace procatlas {

using Ran = RanProgram;

// Its standard output, and what it exited with (128 and the signal's number where one ended it).
inline RanProgram run_line(const std::string& line) {
    constexpr std::chrono::minutes patience(10);  // the test's own deadline comes first
    auto ran = run_program({.words = {"sh", "-c", line}}, patience);
    REQUIRE_MESSAGE(ran, line);
    return std::move(*ran);
}

}  // namespace procatlas
