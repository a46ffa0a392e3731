// The columns of the table `event` that a person can read. The whole encoded event is stored beside them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/model/event.h"

namespace procatlas {

struct EventColumns {
    std::optional<std::uint64_t> code;
    std::optional<std::uint64_t> signal;
    std::optional<Address> address;
    std::optional<std::uint64_t> length;
    std::optional<std::string> text;  // made safe to show
};

[[nodiscard]] EventColumns event_columns(const Event& event);

}  // namespace procatlas
