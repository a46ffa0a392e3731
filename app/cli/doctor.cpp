#include "app/cli/doctor.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "app/cli/doctor_report.h"
#include "core/base/program_path.h"

namespace procatlas {
namespace {

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
    std::string quoted = "'";
    for (const char c : *program) {
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    quoted += "' --probe";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(quoted.c_str(), "re"), ::pclose);
    std::string text;
    std::array<char, 1024> buffer;
    while (pipe) {
        const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe.get());
        if (got == 0) {
            break;
        }
        text.append(buffer.data(), got);
    }
    auto findings = parse_probe(text);
    findings.insert(findings.begin(), {"observer", !findings.empty(), findings.empty() ? "--probe" : ""});
    return findings;
}

std::vector<Finding> probe_window() {
    std::vector<Finding> findings;
    const char* x11 = std::getenv("DISPLAY");
    const char* wayland = std::getenv("WAYLAND_DISPLAY");
    const bool has_x11 = x11 && *x11 != '\0';
    const bool display = has_x11 || (wayland && *wayland != '\0');
    findings.push_back({"display", display, display ? (has_x11 ? x11 : wayland) : ""});
    const auto reader = find_own_program("procatlas-reader");
    findings.push_back({"reader", reader.has_value(), ""});
    const bool python = std::system("command -v python3 >/dev/null 2>&1") == 0;  // NOLINT(cert-env33-c): a fixed command
    findings.push_back({"python", python, ""});
    return findings;
}

// Docker and Podman each leave a file; others (systemd-nspawn, LXC) set a variable for their first process.
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
            fmt::print("{}", doctor_text(diagnosis, words));
            break;
        case DoctorFormat::json:
            fmt::print("{}", doctor_json(diagnosis, words));
            break;
    }
    return can_follow(diagnosis) && std::fflush(stdout) == 0 ? 0 : 1;
}

}  // namespace procatlas
