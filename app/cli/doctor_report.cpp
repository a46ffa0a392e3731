#include "app/cli/doctor_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/text.h"

namespace procatlas {
namespace {

using nlohmann::ordered_json;

bool refused(const Diagnosis& diagnosis, std::string_view name) {
    const auto found = std::ranges::find(diagnosis.findings, name, &Finding::name);
    return found != diagnosis.findings.end() && !found->available;
}

std::string key_of(const Finding& finding) {
    return "doctor." + finding.name;
}

}  // namespace

bool can_follow(const Diagnosis& diagnosis) {
    return !refused(diagnosis, "observer") && !refused(diagnosis, "ptrace") && !refused(diagnosis, "seccomp");
}

std::vector<std::string_view> ways_out(const Diagnosis& diagnosis) {
    std::vector<std::string_view> ways;
    if (!refused(diagnosis, "ptrace")) {
        return ways;
    }
    const bool yama = refused(diagnosis, "yama");
    if (yama) {
        ways.emplace_back("doctor.way.yama");
    }
    if (diagnosis.in_container || !yama) {
        ways.emplace_back("doctor.way.docker");
        ways.emplace_back("doctor.way.devcontainer");
    }
    return ways;
}

std::string doctor_text(const Diagnosis& diagnosis, const Messages& words) {
    std::string text;
    for (const Finding& f : diagnosis.findings) {
        const std::string key = key_of(f);
        text += fmt::format("{} {}{}\n", f.available ? "✓" : "✗", words.text(key),
                            f.detail.empty() ? "" : fmt::format(" ({})", display_text(f.detail)));
        if (!f.available && words.has(key + ".without")) {
            text += fmt::format("    {}\n", words.text(key + ".without"));
        }
    }
    for (const std::string_view way : ways_out(diagnosis)) {
        text += fmt::format("→ {}\n", words.text(way));
    }
    return text;
}

std::string doctor_json(const Diagnosis& diagnosis, const Messages& words) {
    ordered_json report;
    report["procatlas"] = PROCATLAS_VERSION;
    report["can_follow"] = can_follow(diagnosis);
    report["in_container"] = diagnosis.in_container;
    report["findings"] = ordered_json::array();
    for (const Finding& f : diagnosis.findings) {
        const std::string key = key_of(f);
        ordered_json finding{{"name", f.name}, {"available", f.available}, {"what", words.text(key)}};
        finding["detail"] = f.detail.empty() ? ordered_json() : ordered_json(valid_utf8(f.detail));
        if (!f.available && words.has(key + ".without")) {
            finding["without"] = words.text(key + ".without");
        }
        report["findings"].push_back(std::move(finding));
    }
    report["ways_out"] = ordered_json::array();
    for (const std::string_view way : ways_out(diagnosis)) {
        report["ways_out"].push_back({{"name", way.substr(way.rfind('.') + 1)}, {"text", words.text(way)}});
    }
    return report.dump(2) + "\n";
}

}  // namespace procatlas
