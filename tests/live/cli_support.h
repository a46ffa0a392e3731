// procatlas's command line, run as a person or a script would.
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "core/store/read_recording.h"
#include "tests/support/run_line.h"

namespace procatlas {

inline const std::string procatlas_program = PROCATLAS_BUILD_DIR "/bin/procatlas";

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

// A recording that can be opened, of at least `events` events, in one file.
inline void check_one_whole_file(const std::filesystem::path& path, std::size_t events) {
    const auto read = read_recording(path);
    REQUIRE_MESSAGE(read, path);
    CHECK(read->recording.events().size() >= events);
    CHECK_FALSE(std::filesystem::exists(path.native() + "-wal"));
    CHECK_FALSE(std::filesystem::exists(path.native() + "-shm"));
}

// Why the first program that says so has no calls and lines; empty: none does.
inline std::string why_no_calls(const nlohmann::json& recording) {
    for (const nlohmann::json& event : recording["events"]) {
        if (event["kind"] == "exec" && event.contains("not_available")) {
            return event["not_available"].get<std::string>();
        }
    }
    return {};
}

}  // namespace procatlas
