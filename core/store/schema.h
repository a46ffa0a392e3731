// The tables of a recording file; core/store/README.md tells what they mean.
#pragma once

#include <cstdint>
#include <string>

namespace procatlas {

inline constexpr int recording_application_id = 0x50724174;  // "PrAt"
// `until` of what is still there.
inline constexpr std::uint64_t to_the_end = 0x7fff'ffff'ffff'ffff;
inline constexpr int recording_schema_version = 4;

inline constexpr int oldest_schema_version = 3;  // that can still be opened

// CREATE statements, for an empty database.
extern const char* const recording_schema;
// The same as an older version wrote them; `version` is one from `oldest_schema_version` on.
[[nodiscard]] std::string recording_schema_of(int version);

}  // namespace procatlas
