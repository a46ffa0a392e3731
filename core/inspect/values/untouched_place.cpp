#include "core/inspect/values/untouched_place.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace procatlas {

bool is_untouched(StoppedProcess& process, AddressRange code, const Variable& variable, const FrameRegisters& registers,
                  Address cfa) {
    constexpr std::uint64_t frame_pointer_register = 6;
    constexpr ByteCount most = 4096;
    constexpr ByteCount saved = 16;  // the caller's frame pointer and the return address
    if (code.start == 0 || code.start > code.end || code.end - code.start > most) {
        return false;
    }
    if (code.empty()) {
        return true;
    }
    const auto frame_pointer = registers.get(frame_pointer_register);
    const std::string bytes = process.read_some(code.start, code.end - code.start);
    if (!frame_pointer || *frame_pointer + saved != cfa || variable.address == 0 || bytes.size() < code.end - code.start) {
        return false;
    }
    const auto byte = [&](std::size_t at) { return at < bytes.size() ? static_cast<std::uint8_t>(bytes[at]) : 0U; };
    const auto names_it = [&](std::int64_t displacement) {
        const Address place = *frame_pointer + static_cast<Address>(displacement);
        return place >= variable.address && place - variable.address < std::max<ByteCount>(variable.size, 1);
    };
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const unsigned form = byte(i) & 0xC7U;
        const bool with_index = (form & 7U) == 4 && (byte(i + 1) & 7U) == 5;
        if ((form & 7U) != 5 && !with_index) {
            continue;
        }
        const std::size_t at = i + (with_index ? 2 : 1);
        const unsigned whole = byte(at) | byte(at + 1) << 8U | byte(at + 2) << 16U | byte(at + 3) << 24U;
        const bool near = (form & 0xC0U) == 0x40;
        const bool far = (form & 0xC0U) == 0x80;
        if ((near && names_it(static_cast<std::int8_t>(byte(at)))) || (far && names_it(static_cast<std::int32_t>(whole)))) {
            return false;
        }
    }
    return true;
}

}  // namespace procatlas
