// The frames of a stopped thread, with the variables of the program's own frames.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/inspect/dwarf/frame_unwinder.h"
#include "core/inspect/dwarf/own_code.h"
#include "core/inspect/values/program_variables.h"
#include "core/model/grain.h"
#include "core/model/inside.h"

namespace procatlas {

class CallStack {
public:
    CallStack(DwarfModules& modules, ProgramVariables& variables, OwnCode& own_code);

    // Reads frames, variables and the raw bytes of the stack. A frame that would come out as at the last call for this thread
    // is not worked out again, and is the same object.
    [[nodiscard]] Stack read(StoppedProcess& process, pid_t thread, const Registers& registers);

private:
    // A frame as it was worked out.
    struct Step {
        FrameRegisters registers;
        Address lookup = 0;                                     // the address that says where in its code it is
        std::optional<UnwoundFrame> unwound;                    // nullopt: the walk cannot go beyond it
        std::string why_end;                                    // why not
        bool guessed = false;                                   // how to go on was guessed, which only the innermost frame may
        std::vector<std::shared_ptr<const StackFrame>> frames;  // the frame, and before it those that are inlined there
        std::size_t variables = 0;
        ReadLog reads;  // all that it depends on, besides the registers and the map
    };
    // The steps of a thread's last walk, innermost first.
    struct Walk {
        std::uint64_t map_version = 0;
        std::vector<std::unique_ptr<Step>> steps;
    };
    enum class Depth { innermost, outer };

    std::unique_ptr<Step> work_out(StoppedProcess& process, const FrameRegisters& registers, Address lookup, Depth depth);
    // Takes the step out of the walk that began with these registers, if it would be the same now; else null. Steps below `at`
    // lie farther inside.
    static std::unique_ptr<Step> take_known(Walk& last, std::size_t& at, StoppedProcess& process,
                                            const FrameRegisters& registers, Address lookup);
    // Returns why the stack was cut; empty: it is whole.
    std::string walk(StoppedProcess& process, const Registers& registers, Walk& last, Walk& now);
    std::vector<StackFrame> frames_of(StoppedProcess& process, const Step& step);
    static std::optional<UnwoundFrame> guess_caller(StoppedProcess& process, const FrameRegisters& registers);
    static void read_bytes(StoppedProcess& process, Address stack_pointer, Stack& stack);
    std::string function_name(Address lookup, const CodeSpot* spot);

    DwarfModules& modules_;
    ProgramVariables& variables_;
    OwnCode& own_code_;
    FrameUnwinder unwinder_;
    std::unordered_map<pid_t, Walk> walks_;  // by thread
};

}  // namespace procatlas
