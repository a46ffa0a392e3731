#include "app/cli/doctor.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/program_path.h"
#include "core/base/text.h"

namespace procatlas {
namespace {

struct Finding {
    std::string name;
    bool available = false;
    std::string detail;
};

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

}  // namespace

int print_doctor(const Messages& words) {
    auto findings = probe_observer();
    for (Finding& finding : probe_window()) {
        findings.push_back(std::move(finding));
    }
    bool can_follow = true;
    for (const Finding& f : findings) {
        const std::string key = "doctor." + f.name;
        fmt::print("{} {}{}\n", f.available ? "✓" : "✗", words.text(key),
                   f.detail.empty() ? "" : fmt::format(" ({})", display_text(f.detail)));
        if (!f.available && words.has(key + ".without")) {
            fmt::print("    {}\n", words.text(key + ".without"));
        }
        const bool vital = f.name == "observer" || f.name == "ptrace" || f.name == "seccomp";
        can_follow = can_follow && (f.available || !vital);
    }
    return can_follow && std::fflush(stdout) == 0 ? 0 : 1;
}

}  // namespace procatlas
