#include "app/cli/doctor.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "app/cli/doctor_report.h"
#include "app/cli/terminal_text.h"
#include "app/control/display.h"
#include "core/base/child_program.h"
#include "core/base/program_path.h"

namespace procatlas {
namespace {

constexpr std::chrono::seconds probe_patience(30);

// What `procatlas-observer --probe` prints: "name<TAB>yes|no<TAB>detail" lines.
std::vector<Finding> parse_probe(std::string_view text) {
    std::vector<Finding> findings;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const auto first = line.find('\t');
        const auto second = line.find('\t', first + 1);
        if (first != std::string_view::npos && second != std::string_view::npos) {
            findings.push_back({std::string(line.substr(0, first)), line.substr(first + 1, second - first - 1) == "yes",
                                std::string(line.substr(second + 1))});
        }
    }
    return findings;
}

std::vector<Finding> probe_observer() {
    const auto program = find_own_program("procatlas-observer");
    if (!program) {
        return {{"observer", false, program.error().message}};
    }
    const auto probe = run_program({.words = {*program, "--probe"}}, probe_patience);
    auto findings = parse_probe(probe ? probe->output : std::string());
    findings.insert(findings.begin(), {"observer", !findings.empty(), findings.empty() ? "--probe" : ""});
    return findings;
}

std::vector<Finding> probe_window() {
    std::vector<Finding> findings;
    const Display display = find_display();
    findings.push_back({"display", display.problem.empty(), display.problem.empty() ? display.name : display.problem});
    if (display.wayland) {
        findings.push_back({"fractional", display.fractional, ""});
    }
    const auto reader = find_own_program("procatlas-reader");
    findings.push_back({"reader", reader.has_value(), ""});
    findings.push_back({"opener", find_own_program("procatlas-opener").has_value(), ""});
    findings.push_back({"python", is_in_path("python3"), ""});
    const char* named = std::getenv("PROCATLAS_SSH");
    const std::string ssh = named && *named != '\0' ? named : "ssh";
    findings.push_back({"ssh", is_in_path(ssh) || ::access(ssh.c_str(), X_OK) == 0, ssh});
    return findings;
}

// Docker and Podman create a file. Others (systemd-nspawn, LXC) set a variable of their first process.
bool in_container() {
    std::error_code error;
    return std::filesystem::exists("/.dockerenv", error) || std::filesystem::exists("/run/.containerenv", error) ||
           std::filesystem::exists("/run/systemd/container", error) || std::getenv("container") != nullptr;
}

}  // namespace

int print_doctor(const Messages& words, DoctorFormat format) {
    Diagnosis diagnosis{probe_observer(), in_container()};
    for (Finding& finding : probe_window()) {
        diagnosis.findings.push_back(std::move(finding));
    }
    switch (format) {
        case DoctorFormat::text:
            fmt::print("{}", terminal_text(doctor_text(diagnosis, words)));
            break;
        case DoctorFormat::json:
            fmt::print("{}", doctor_json(diagnosis, words));
            break;
    }
    return can_follow(diagnosis) && std::fflush(stdout) == 0 ? 0 : 1;
}

}  // namespace procatlas
