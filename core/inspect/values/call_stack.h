// The frames of a stopped thread, with the variables of the program's own frames.
#pragma once

#include <functional>

#include "core/inspect/dwarf/frame_unwinder.h"
#include "core/inspect/dwarf/own_code.h"
#include "core/inspect/values/program_variables.h"
#include "core/model/grain.h"
#include "core/model/inside.h"

namespace procatlas {

class CallStack {
public:
    CallStack(DwarfModules& modules, ProgramVariables& variables, OwnCode& own_code);

    // Reads frames, variables and the raw bytes of the stack.
    [[nodiscard]] Stack read(StoppedProcess& process, const Registers& registers);

private:
    // What the walk knows about a frame. Returning false ends the walk.
    struct Step {
        const FrameRegisters& registers;
        Address lookup = 0;
        const UnwoundFrame* unwound = nullptr;  // null: the walk cannot go beyond it
    };
    using Visit = std::function<bool(const Step&)>;

    // Returns why the stack was cut; empty: it is whole.
    std::string walk(StoppedProcess& process, const Registers& registers, const Visit& visit);
    std::vector<StackFrame> frames_of(StoppedProcess& process, const Step& step);
    static std::optional<UnwoundFrame> guess_caller(StoppedProcess& process, const FrameRegisters& registers);
    static void read_bytes(StoppedProcess& process, Address stack_pointer, Stack& stack);
    std::string function_name(Address lookup, const CodeSpot* spot);

    DwarfModules& modules_;
    ProgramVariables& variables_;
    OwnCode& own_code_;
    FrameUnwinder unwinder_;
};

}  // namespace procatlas
