// Answers questions about processes. Caches what it learnt about the last few processes, as long as each runs the same program
// with the same libraries.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/inspect/client/reader_protocol.h"
#include "core/inspect/code/function_reader.h"
#include "core/inspect/dwarf/dwarf_modules.h"
#include "core/inspect/dwarf/program_info.h"
#include "core/inspect/memory/stopped_process.h"
#include "core/inspect/values/call_stack.h"
#include "core/inspect/values/program_variables.h"

namespace procatlas {

class Inspector {
public:
    [[nodiscard]] Result<BreakpointPlan> answer(const PlanRequest& request);
    [[nodiscard]] Result<Inside> answer(const InsideRequest& request);
    [[nodiscard]] Result<MemoryBytes> answer(const BytesRequest& request);
    [[nodiscard]] Result<FunctionCode> answer(const FunctionRequest& request);
    [[nodiscard]] static Result<SourceText> answer(const SourceRequest& request);

private:
    struct Known {
        explicit Known(pid_t pid) : process(pid) {}

        StoppedProcess process;
        std::string why_not;                         // why its registers and code are not understood; empty: they are
        std::optional<std::string> other_allocator;  // why its malloc is not glibc's; nullopt: not asked yet
        std::unique_ptr<DwarfModules> modules;
        std::unique_ptr<ProgramInfo> program;
        std::unique_ptr<OwnCode> own_code;
        std::unique_ptr<ProgramVariables> variables;
        std::unique_ptr<CallStack> stack;
        std::unique_ptr<FunctionReader> functions;
    };

    // The present state of the process; `task` as in StoppedProcess::refresh.
    Result<Known*> look_at(pid_t pid, pid_t task);
    static std::shared_ptr<const MemoryPieces> read_pieces(Known& known);
    static void bring_into_memory(StoppedProcess& process, const BreakpointPlan& plan);

    std::list<Known> known_;  // most recently asked about first
};

}  // namespace procatlas
