// Python programs under procatlas, and what of it was told by Python itself.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/live/cli_support.h"
#include "tests/scratch_folder.h"

namespace procatlas {

using nlohmann::json;

inline const std::string python = "/usr/bin/python3";

inline std::string write_file(const ScratchFolder& folder, const std::string& name, const std::string& text) {
    std::string path = folder.path(name);
    std::ofstream(path) << text;
    return path;
}

inline bool is_told_by_python(const json& event) {
    return event.contains("frames") && !event["frames"].empty() && event["frames"][0].value("language", "") == "python";
}

inline int line_of(const json& frame) {
    return frame["line"].is_null() ? 0 : frame["line"].get<int>();
}

// "call f:3", "line f:4", ... of one process, or of all.
inline std::vector<std::string> steps_of(const json& trace, std::int32_t pid = 0) {
    std::vector<std::string> steps;
    for (const json& event : trace["events"]) {
        if (is_told_by_python(event) && (pid == 0 || event["pid"] == pid)) {
            const json& frame = event["frames"][0];
            steps.push_back(event["kind"].get<std::string>() + " " + frame["function"].get<std::string>() + ":" +
                            std::to_string(line_of(frame)));
        }
    }
    return steps;
}

inline json trace_python(const std::string& script, const std::string& grain = "lines",
                         const std::string& interpreter = python) {
    const Ran ran =
        run_procatlas("trace --report-exit --json --grain " + grain + " -- " + interpreter + " " + script + " </dev/null");
    json parsed = json::parse(ran.output, nullptr, false);
    REQUIRE(!parsed.is_discarded());
    return parsed;
}

inline std::string output_of_process(const json& trace, std::int32_t pid = 0) {
    std::string text;
    for (const json& event : trace["events"]) {
        if (event["kind"] == "output" && (pid == 0 || event["pid"] == pid)) {
            text += event["text"].get<std::string>();
        }
    }
    return text;
}

}  // namespace procatlas
