#include "core/scene/inside_things.h"

#include <string>

#include "core/base/text.h"

namespace procatlas {

Thing thing_of(const Variable& variable, std::string_view function) {
    Thing thing{.kind = ThingKind::variable,
                .address = variable.address,
                .size = variable.size,
                .name = variable.name,
                .function = std::string(function),
                .value = variable.value};
    thing.text = variable.name + (variable.value.empty() ? "" : " = " + variable.value);
    return thing;
}

Thing thing_of(const StackFrame& frame) {
    Thing thing{.kind = ThingKind::frame,
                .address = frame.extent.start,
                .size = frame.extent.size(),
                .name = frame.function,
                .file = frame.file,
                .line = frame.line};
    thing.text = frame.function;
    if (!frame.file.empty()) {
        thing.text += " (" + std::string(base_name(frame.file)) + ":" + std::to_string(frame.line) + ")";
    }
    return thing;
}

Thing thing_of(const HeapChunk& chunk) {
    constexpr ByteCount header = 16;
    const bool whole = chunk.size > header;
    return {.kind = ThingKind::block,
            .address = chunk.start + (whole ? header : 0),
            .size = chunk.size - (whole ? header : 0),
            .text = hex_address(chunk.start + (whole ? header : 0)) + " · " + size_text(chunk.size)};
}

}  // namespace procatlas
