#include "core/inspect/inspector.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "core/base/text.h"
#include "core/base/whole_file.h"
#include "core/inspect/code/breakpoint_plan.h"
#include "core/inspect/code/disassembly.h"
#include "core/inspect/elf/elf_image.h"
#include "core/inspect/elf/program_kind.h"
#include "core/inspect/heap/allocator.h"
#include "core/inspect/heap/heap_chunks.h"

namespace procatlas {
namespace {

constexpr std::size_t processes_kept = 8;
constexpr std::size_t longest_instruction = 15;

#ifdef __x86_64__
constexpr bool knows_machine = true;
#else
constexpr bool knows_machine = false;  // its registers and instructions are not supported yet
#endif

std::string python_path_of(pid_t pid) {
    constexpr std::size_t longest = 64u << 10;
    constexpr int most_variables = 10'000;
    std::ifstream environment("/proc/" + std::to_string(pid) + "/environ");
    std::string variable;
    for (int i = 0; i < most_variables && std::getline(environment, variable, '\0'); ++i) {
        if (variable.starts_with("PYTHONPATH=") && variable.size() < longest) {
            return variable.substr(variable.find('=') + 1);
        }
    }
    return {};
}

}  // namespace

Result<Inspector::Known*> Inspector::look_at(pid_t pid, pid_t task) {
    if (!knows_machine) {
        return fail("the inside of processes is shown on x86-64 only");
    }
    const auto found = std::ranges::find(known_, pid, [](const Known& k) { return k.process.pid(); });
    if (found == known_.end()) {
        known_.emplace_front(pid);
    } else {
        known_.splice(known_.begin(), known_, found);
    }
    if (known_.size() > processes_kept) {
        known_.pop_back();
    }
    Known& known = known_.front();
    if (auto fresh = known.process.refresh(task); !fresh) {
        known_.pop_front();
        return std::unexpected(fresh.error());
    }
    auto spans = DwarfModules::spans_of(known.process);
    if (!known.modules || known.modules->spans() != spans) {
        known.why_not = why_not_looked_into(pid);
        known.functions.reset();
        known.stack.reset();
        known.variables.reset();
        known.other_allocator.reset();
        // While a program starts, its libraries come one after another; its own debug information, which may be large, stays.
        if (!known.modules || !known.modules->take_more(spans)) {
            known.own_code.reset();
            known.program.reset();
            known.modules = std::make_unique<DwarfModules>(std::move(spans));
            known.program = std::make_unique<ProgramInfo>(known.modules->own());
            known.own_code = std::make_unique<OwnCode>(*known.program);
        }
        known.variables = std::make_unique<ProgramVariables>(*known.modules, *known.program, *known.own_code);
        known.stack = std::make_unique<CallStack>(*known.modules, *known.variables, *known.own_code);
        known.functions = std::make_unique<FunctionReader>(*known.modules, *known.program, *known.variables);
    }
    return &known;
}

// Reads about the first page of the program's own data and bss, and of the heap.
std::shared_ptr<const MemoryPieces> Inspector::read_pieces(Known& known) {
    constexpr ByteCount looked_at = 4096;
    constexpr std::size_t most = 4 * looked_at / MemoryPieces::piece_size;
    MemoryPieces found;
    for (const Mapping& m : known.process.space().mappings) {
        const bool own = m.permissions.write && known.modules->is_own(m.range.start);
        if (!own && m.name != "[heap]") {
            continue;
        }
        const std::string bytes = known.process.read_some(m.range.start, std::min(m.range.size(), looked_at));
        for (ByteCount at = 0; at < bytes.size() && found.pieces.size() < most; at += MemoryPieces::piece_size) {
            found.pieces.push_back(std::make_shared<const MemoryBytes>(
                MemoryBytes{m.range.start + at, bytes.substr(at, MemoryPieces::piece_size), {}}));
        }
    }
    return std::make_shared<const MemoryPieces>(std::move(found));
}

// The observer puts breakpoints only into pages that are in memory already: it must not wait for a file system, and this may.
void Inspector::bring_into_memory(StoppedProcess& process, const BreakpointPlan& plan) {
    constexpr Address page = 4096;
    Address last = 0;
    const auto bring = [&](Address address) {
        if (address / page != last) {
            last = address / page;
            process.touch(address);
        }
    };
    for (const FunctionSpot& spot : plan.functions) {
        bring(spot.entry);
        bring(spot.body);
    }
    std::ranges::for_each(plan.lines, bring);
    bring(plan.entry);
}

Result<BreakpointPlan> Inspector::answer(const PlanRequest& request) {
    const auto known = look_at(request.pid, request.pid);
    if (!known) {
        return std::unexpected(known.error());
    }
    const std::string python_path = python_path_of(request.pid);
    if (!(*known)->why_not.empty()) {
        BreakpointPlan nothing;
        nothing.why_none = (*known)->why_not;
        nothing.python_path = python_path;
        return nothing;
    }
    StoppedProcess& process = (*known)->process;
    BreakpointPlan plan = plan_breakpoints(process.space(), process.entry(), *(*known)->modules, *(*known)->program,
                                           *(*known)->own_code, request.followed);
    plan.python_path = python_path;
    bring_into_memory(process, plan);
    return plan;
}

Result<Inside> Inspector::answer(const InsideRequest& request) {
    const auto looked = look_at(request.pid, request.thread != 0 ? request.thread : request.pid);
    if (!looked) {
        return std::unexpected(looked.error());
    }
    Known& known = **looked;
    if (!known.why_not.empty()) {
        return fail(known.why_not);
    }
    Inside inside;
    if (request.stack) {
        inside.stack = std::make_shared<const Stack>(known.stack->read(known.process, request.thread, request.registers));
        const Address counter = request.registers[return_address_register];
        const auto instructions =
            disassemble(read_code(known.process, *known.modules, counter, longest_instruction), counter, 1);
        inside.instruction = instructions.empty() ? "" : instructions.front().text;
    }
    if (request.globals) {
        inside.globals = std::make_shared<const std::vector<Variable>>(known.variables->globals(known.process));
    }
    if (request.heap) {
        if (!known.other_allocator) {
            known.other_allocator = why_not_glibc_malloc(*known.modules);
        }
        inside.heap = std::make_shared<const Heap>(read_heap(known.process, *known.other_allocator));
    }
    if (request.pieces) {
        inside.pieces = read_pieces(known);
    }
    return inside;
}

Result<MemoryBytes> Inspector::answer(const BytesRequest& request) {
    const auto known = look_at(request.pid, request.pid);
    if (!known) {
        return std::unexpected(known.error());
    }
    const AddressRange& range = request.range;
    if (range.empty() || range.size() > bytes_request_limit) {
        return fail("this range of memory is none, or too long to read at once");
    }
    MemoryBytes memory{range.start, read_code((*known)->process, *(*known)->modules, range.start, range.size()), {}};
    if (memory.bytes.size() < range.size()) {
        const Address end = range.start + memory.bytes.size();
        const bool mapped = (*known)->process.mapping_at(end) != nullptr;
        memory.why_cut = (mapped ? "cannot be read: 0x" : "nothing is mapped at 0x") + address_text(end);
    }
    return memory;
}

Result<FunctionCode> Inspector::answer(const FunctionRequest& request) {
    const auto known = look_at(request.pid, request.pid);
    if (!known) {
        return std::unexpected(known.error());
    }
    if (!(*known)->why_not.empty()) {
        return fail((*known)->why_not);
    }
    return (*known)->functions->read((*known)->process, request.address);
}

Result<SourceText> Inspector::answer(const SourceRequest& request) {
    const std::string process = "/proc/" + std::to_string(request.pid);
    const std::string path = request.path.starts_with('/') ? request.path : process + "/cwd/" + request.path;
    const auto file = open_regular_file(path);
    // If the program was moved, its source may have been moved along.
    std::error_code error;
    const auto beside = std::filesystem::read_symlink(process + "/exe", error).parent_path() / base_name(request.path);
    const bool moved = !file && !error && open_regular_file(beside.native()).has_value();
    if (!file && !moved) {
        return std::unexpected(file.error());
    }
    auto text = read_whole_file(moved ? beside : std::filesystem::path(path), source_limit);
    if (!text) {
        return std::unexpected(text.error());
    }
    return SourceText{std::move(*text)};
}

}  // namespace procatlas
