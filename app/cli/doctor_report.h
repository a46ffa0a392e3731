// The findings of `procatlas doctor` as text or JSON, with remedies if programs cannot be followed. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/narrate/messages.h"

namespace procatlas {

// Something that this machine may or may not support.
struct Finding {
    std::string name;  // "ptrace"; locale files: doctor.NAME describes it, doctor.NAME.without says what is missing without it
    bool available = false;
    std::string detail;  // the reason or the version; may be empty
};

struct Diagnosis {
    std::vector<Finding> findings;
    bool in_container = false;
};

// Whether programs can be followed: needs the observer, ptrace and seccomp.
[[nodiscard]] bool can_follow(const Diagnosis& diagnosis);

// The remedies if ptrace is refused, as keys of the locale files. Yama's setting, if that is the reason. The flags of docker
// and dev containers, in a container or if nothing else explains the refusal.
[[nodiscard]] std::vector<std::string_view> ways_out(const Diagnosis& diagnosis);

[[nodiscard]] std::string doctor_text(const Diagnosis& diagnosis, const Messages& words);
// README.md documents the format.
[[nodiscard]] std::string doctor_json(const Diagnosis& diagnosis, const Messages& words);

}  // namespace procatlas
