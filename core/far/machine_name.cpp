#include "core/far/machine_name.h"

#include <algorithm>
#include <cctype>

#include "core/base/text.h"

namespace procatlas {
namespace {

bool is_plain(unsigned char byte) {
    return byte >= 0x80 || std::isalnum(byte) != 0;
}

}  // namespace

std::string why_no_machine(std::string_view machine) {
    constexpr std::string_view allowed = "._-@:/[]%+~";
    const auto at = machine.rfind('@');
    const std::string_view name = at == machine.npos ? machine : machine.substr(at + 1);
    const bool fine = std::ranges::all_of(
        machine, [&](char c) { return is_plain(static_cast<unsigned char>(c)) || allowed.find(c) != allowed.npos; });
    if (fine && !machine.starts_with('-') && !name.empty() && !name.starts_with('-') && at != 0) {
        return {};
    }
    return "\"" + display_text(machine) + "\" is no [USER@]MACHINE";
}

}  // namespace procatlas
