// What `procatlas doctor` found, as text or JSON, and the ways out where programs cannot be followed. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/narrate/messages.h"

namespace procatlas {

// One thing that this machine offers or not.
struct Finding {
    std::string name;  // "ptrace"; doctor.NAME of the locale files says what it is, doctor.NAME.without what is missing without
    bool available = false;
    std::string detail;  // the reason, the version; may be empty
};

struct Diagnosis {
    std::vector<Finding> findings;
    bool in_container = false;
};

// Without the observer, ptrace or seccomp no program can be followed.
[[nodiscard]] bool can_follow(const Diagnosis& diagnosis);

// The ways out, as keys of the locale files, where ptrace is refused: Yama's setting where that is the reason; the flags of
// docker and devcontainers in a container, and where nothing else explains the refusal.
[[nodiscard]] std::vector<std::string_view> ways_out(const Diagnosis& diagnosis);

[[nodiscard]] std::string doctor_text(const Diagnosis& diagnosis, const Messages& words);
// README.md documents it.
[[nodiscard]] std::string doctor_json(const Diagnosis& diagnosis, const Messages& words);

}  // namespace procatlas
