#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/inspect/code/breakpoint_plan.h"
#include "core/inspect/code/linked_names.h"
#include "core/inspect/dwarf/frame_unwinder.h"
#include "core/inspect/values/program_variables.h"
#include "tests/fuzz/require.h"

// The program of a made-up process, whose memory cannot be read: all that is understood of it comes from the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace procatlas;
    constexpr AddressRange range{0x400000, 0x500000};
    ModuleSpan span;
    span.path = "program";
    span.range = range;
    span.own = true;
    span.contents.assign(reinterpret_cast<const char*>(data), size);
    if (span.contents.empty()) {
        return 0;
    }
    AddressSpace space;
    space.mappings.push_back({range, {true, false, true, false}, 0, 1, 1, 1, "program"});
    DwarfModules modules({span});
    const ProgramInfo program(modules.own());
    OwnCode own(program);
    const BreakpointPlan plan = plan_breakpoints(space, range.start, modules, program, own, FollowedCode::own);
    for (const FunctionSpot& spot : plan.functions) {
        REQUIRE(range.contains(spot.entry) && range.contains(spot.body));
    }
    REQUIRE(std::ranges::is_sorted(plan.lines));

    StoppedProcess process(0);
    ProgramVariables variables(modules, program, own);
    FrameUnwinder unwinder(modules);
    LinkedNames linked(modules);
    const FrameRegisters registers{{}, ~0u};
    for (std::size_t i = 0; i < std::min<std::size_t>(plan.lines.size(), 20); ++i) {
        const Address line = plan.lines[i];
        static_cast<void>(unwinder.unwind(process, registers, line));
        static_cast<void>(modules.symbol_at(line));
        static_cast<void>(linked.name_at(line));
        if (const CodeSpot* spot = variables.spot_at(line)) {
            static_cast<void>(variables.locals_of(process, *spot, spot->locals, registers, range.start));
        }
    }
    VariableTypes types(program.units());
    const ValueSources sources{process, modules, types, nullptr, 0};
    const std::string bytes(256, '\1');
    for (const StaticInfo& one : program.statics()) {
        const Type* type = types.type_of(one.die);
        static_cast<void>(types.text_of(type));
        DecodedContainers decoded(bytes);
        static_cast<void>(value_text(sources, type, {bytes, range.start}, decoded));
        static_cast<void>(pointers_in(sources, type, {bytes, range.start}, decoded));
    }
    static_cast<void>(variables.globals(process));
    return 0;
}
