#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/live/python_message.h"
#include "core/model/inside.h"
#include "tests/fuzz/require.h"

// What any process may write to the descriptor of messages. The first byte says how much of the input lies in memory.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace procatlas;
    if (size == 0) {
        return 0;
    }
    const std::string input(reinterpret_cast<const char*>(data + 1), size - 1);
    ProgramMessage message;
    const std::size_t heads = std::min<std::size_t>(data[0], input.size() / 48);
    for (std::size_t i = 0; i < heads; ++i) {
        message.heads.push_back(input.substr(input.size() - (i + 1) * 48, 48));
    }
    message.bytes = input;
    if (const auto told = parse_python_message(message)) {
        REQUIRE(told->inside && told->inside->stack && !told->inside->stack->frames.empty());
        REQUIRE(std::ranges::is_sorted(*told->inside->objects, {}, &PythonObject::address));
        for (const PythonObject& object : *told->inside->objects) {
            REQUIRE(object.references.has_value() != !object.why_no_count.empty());
            REQUIRE(object.items.start <= object.items.end);
        }
    }
    return 0;
}
