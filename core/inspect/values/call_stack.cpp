#include "core/inspect/values/call_stack.h"

#include <algorithm>
#include <chrono>
#include <ranges>

#include "core/base/text.h"
#include "core/inspect/dwarf/dwarf_attributes.h"
#include "core/model/places.h"

namespace procatlas {
namespace {

constexpr std::size_t frame_limit = 100'000;
constexpr std::chrono::milliseconds time_limit{1000};
constexpr ByteCount stale_bytes = 1024;  // below the stack pointer
constexpr ByteCount bytes_limit = 65'536;
constexpr std::size_t variable_limit = 200'000;  // in all frames

}  // namespace

CallStack::CallStack(DwarfModules& modules, ProgramVariables& variables, OwnCode& own_code)
    : modules_(modules), variables_(variables), own_code_(own_code), unwinder_(modules) {}

// If the program has jumped to something that is not code, the call has left its return address on top of the stack.
std::optional<UnwoundFrame> CallStack::guess_caller(StoppedProcess& process, const FrameRegisters& registers) {
    const Mapping* mapping = process.mapping_at(*registers.get(return_address_register));
    const Address top = registers.get(stack_pointer_register).value_or(0);
    const auto back = mapping && mapping->permissions.execute ? std::nullopt : process.value_at<std::uint64_t>(top);
    const Mapping* caller = back ? process.mapping_at(*back) : nullptr;
    if (!caller || !caller->permissions.execute) {
        return std::nullopt;
    }
    UnwoundFrame frame{top + sizeof(std::uint64_t), false, registers};
    frame.caller->set(return_address_register, *back);
    frame.caller->set(stack_pointer_register, frame.cfa);
    return frame;
}

std::unique_ptr<CallStack::Step> CallStack::work_out(StoppedProcess& process, const FrameRegisters& registers, Address lookup,
                                                     Depth depth) {
    auto step = std::make_unique<Step>();
    step->registers = registers;
    step->lookup = lookup;
    process.note_reads(&step->reads);
    auto unwound = unwinder_.unwind(process, registers, lookup);
    const bool may_guess = !unwound && depth == Depth::innermost;
    if (const auto guess = may_guess ? guess_caller(process, registers) : std::nullopt) {
        unwound = *guess;
        step->guessed = true;
    }
    if (unwound) {
        step->unwound = *unwound;
    } else {
        step->why_end = unwound.error().message;
    }
    for (StackFrame& frame : frames_of(process, *step)) {
        step->variables += frame.variables.size();
        step->frames.push_back(std::make_shared<const StackFrame>(std::move(frame)));
    }
    process.note_reads(nullptr);
    return step;
}

std::unique_ptr<CallStack::Step> CallStack::take_known(Walk& last, std::size_t& at, StoppedProcess& process,
                                                       const FrameRegisters& registers, Address lookup) {
    const auto bottom_of = [](const FrameRegisters& r) { return r.get(stack_pointer_register).value_or(0); };
    while (at < last.steps.size() && bottom_of(last.steps[at]->registers) < bottom_of(registers)) {
        ++at;
    }
    const Step* known = at < last.steps.size() ? last.steps[at].get() : nullptr;
    const bool same = known && known->registers == registers && known->lookup == lookup && !known->guessed &&
                      known->reads.is_complete() && process.reads_the_same(known->reads);
    return same ? std::move(last.steps[at++]) : nullptr;
}

std::string CallStack::walk(StoppedProcess& process, const Registers& registers, Walk& last, Walk& now) {
    const auto deadline = std::chrono::steady_clock::now() + time_limit;
    FrameRegisters here{registers, (1u << registers.size()) - 1};
    bool exact = true;  // the program counter is not a return address
    std::size_t at = 0;
    std::size_t variables = 0;
    for (std::size_t i = 0; i < frame_limit; ++i) {
        const Address counter = *here.get(return_address_register);
        const Address lookup = exact ? counter : counter - 1;
        auto known = i == 0 ? nullptr : take_known(last, at, process, here, lookup);
        const Step& step = *now.steps.emplace_back(
            known ? std::move(known) : work_out(process, here, lookup, i == 0 ? Depth::innermost : Depth::outer));
        variables += step.variables;
        if (variables >= variable_limit) {
            return "there are more variables than can be shown";
        }
        if (!step.unwound || !step.unwound->caller) {
            return step.why_end;
        }
        const Address next = step.unwound->caller->get(stack_pointer_register).value_or(0);
        if (!step.unwound->signal && next <= here.get(stack_pointer_register).value_or(0)) {
            return "the frames lead in a circle";
        }
        if (std::chrono::steady_clock::now() > deadline) {
            return "there are more frames than can be read in a second";
        }
        exact = step.unwound->signal;
        here = *step.unwound->caller;
    }
    return "there are more than 100,000 frames";
}

std::string CallStack::function_name(Address lookup, const CodeSpot* spot) {
    return spot && !spot->function->name.empty() ? spot->function->name : modules_.symbol_at(lookup).name;
}

// The frame, and before it those of functions that are inlined at its address, innermost first.
std::vector<StackFrame> CallStack::frames_of(StoppedProcess& process, const Step& step) {
    StackFrame frame;
    frame.program_counter = *step.registers.get(return_address_register);
    frame.own = modules_.is_own(frame.program_counter);
    const Address bottom = step.registers.get(stack_pointer_register).value_or(0);
    frame.extent = {bottom, bottom};
    if (step.unwound) {
        frame.extent.end = std::max(bottom, step.unwound->cfa);
        frame.return_address = step.unwound->caller ? *step.unwound->caller->get(return_address_register) : 0;
    }
    const CodeSpot* spot = frame.own ? variables_.spot_at(step.lookup) : nullptr;
    const bool signal = step.unwound && step.unwound->signal;
    frame.function = signal ? "<signal handler called>" : function_name(step.lookup, spot);  // gdb's name for it
    std::vector<StackFrame> frames;
    if (!spot) {
        frames.push_back(std::move(frame));
        return frames;
    }
    frame.library = own_code_.author_of(*spot->function) == Author::library;
    frame.optimised = is_optimised(spot->function->die);
    const auto variables = [&](const std::vector<CodeSpot::Local>& locals) {
        return step.unwound ? variables_.locals_of(process, *spot, locals, step.registers, step.unwound->cfa)
                            : std::vector<Variable>();
    };
    SourceLine line = spot->line;
    for (const CodeSpot::Inlined& inlined : std::views::reverse(spot->inlined)) {
        StackFrame& one = frames.emplace_back();
        one.function = inlined.name;
        one.file = line.file;
        one.line = line.line;
        one.program_counter = frame.program_counter;
        one.extent = {bottom, bottom};
        one.own = frame.own;
        one.optimised = frame.optimised;
        one.library = !line.file.empty() && !own_code_.is_own_path(line.file);
        one.variables = variables(inlined.locals);
        line = inlined.called_at;
    }
    frame.file = line.file;
    frame.line = line.line;
    frame.variables = variables(spot->locals);
    frames.push_back(std::move(frame));
    return frames;
}

void CallStack::read_bytes(StoppedProcess& process, Address stack_pointer, Stack& stack) {
    const Mapping* mapping = process.mapping_at(stack_pointer);
    if (!mapping) {
        return;
    }
    const Address below = stack_pointer > stale_bytes ? stack_pointer - stale_bytes : 0;
    stack.bytes_start = std::max(below, mapping->range.start);
    stack.bytes = process.read_some(stack.bytes_start, std::min(bytes_limit, mapping->range.end - stack.bytes_start));
}

Stack CallStack::read(StoppedProcess& process, pid_t thread, const Registers& registers) {
    constexpr std::size_t threads_kept = 64;
    constexpr std::size_t steps_kept = 20'000;
    if (walks_.size() >= threads_kept && !walks_.contains(thread)) {
        walks_.clear();
    }
    Walk& last = walks_[thread];
    if (last.map_version != process.map_version()) {
        last.steps.clear();
    }
    Walk now{process.map_version(), {}};
    Stack stack;
    stack.why_cut = walk(process, registers, last, now);
    for (const auto& step : now.steps) {
        stack.frames.insert(stack.frames.end(), step->frames.begin(), step->frames.end());
    }
    if (now.steps.size() > steps_kept) {
        now.steps.clear();
    }
    last = std::move(now);
    read_bytes(process, registers[stack_pointer_register], stack);
    return stack;
}

}  // namespace procatlas
