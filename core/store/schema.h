// The tables of a recording file. core/store/README.md explains them.
#pragma once

#include <cstdint>
#include <string>

namespace procatlas {

inline constexpr int recording_application_id = 0x50724174;  // "PrAt"
// `until` of a row that is still valid at the end.
inline constexpr std::uint64_t to_the_end = 0x7fff'ffff'ffff'ffff;
inline constexpr int recording_schema_version = 13;

inline constexpr int oldest_schema_version = 3;  // the oldest one that can be opened

// CREATE statements for an empty database.
extern const char* const recording_schema;
// The same for an older `version`, from `oldest_schema_version` on.
[[nodiscard]] std::string recording_schema_of(int version);

}  // namespace procatlas
