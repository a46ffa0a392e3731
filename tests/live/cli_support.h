// procatlas's command line, run as a person or a script would.
#pragma once

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/run_line.h"

namespace procatlas {

// `arguments` behind procatlas's name, as typed into a shell.
inline Ran run_procatlas(const std::string& arguments) {
    return run_line("LC_ALL=C.UTF-8 " PROCATLAS_BUILD_DIR "/bin/procatlas " + arguments);
}

inline nlohmann::json trace_json(const std::string& arguments) {
    const Ran ran = run_procatlas("trace --report-exit --json " + arguments + " </dev/null");
    CHECK(ran.status == 0);
    nlohmann::json parsed = nlohmann::json::parse(ran.output, nullptr, false);
    REQUIRE(!parsed.is_discarded());
    return parsed;
}

}  // namespace procatlas
