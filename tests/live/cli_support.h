// procatlas's command line, run as a person or a script would.
#pragma once

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

namespace procatlas {

struct Ran {
    int status = -1;
    std::string output;
};

// A whole line of the shell.
inline Ran run_line(const std::string& line) {
    Ran ran;
    FILE* pipe = ::popen(line.c_str(), "r");
    REQUIRE(pipe);
    std::array<char, 65536> buffer;
    for (std::size_t got = 1; got > 0;) {
        got = std::fread(buffer.data(), 1, buffer.size(), pipe);
        ran.output.append(buffer.data(), got);
    }
    const int status = ::pclose(pipe);
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ran;
}

// `arguments` behind procatlas's name, as typed into a shell.
inline Ran run_procatlas(const std::string& arguments) {
    return run_line("LC_ALL=C.UTF-8 " PROCATLAS_BUILD_DIR "/bin/procatlas " + arguments);
}

inline nlohmann::json trace_json(const std::string& arguments) {
    const Ran ran = run_procatlas("trace --json " + arguments + " </dev/null");
    CHECK(ran.status == 0);
    nlohmann::json parsed = nlohmann::json::parse(ran.output, nullptr, false);
    REQUIRE(!parsed.is_discarded());
    return parsed;
}

}  // namespace procatlas
