#include "core/inspect/code/breakpoint_plan.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/inspect/code/instruction_starts.h"
#include "core/inspect/dwarf/go_types.h"
#include "core/model/inside.h"

namespace procatlas {
namespace {

// How much code is disassembled to find where instructions start. More would take too long; beyond it every address is
// accepted.
constexpr ByteCount most_code = 4u << 20;

// `push rbp; mov rbp, rsp`: only after these does a frame exist that parameters are stored into. Reads the file, because memory
// may contain breakpoints.
bool makes_frame(DwarfModules& modules, Address entry) {
    const std::string bytes = modules.file_bytes(entry, 8);
    std::string_view code = bytes;
    if (code.starts_with("\xF3\x0F\x1E\xFA")) {  // endbr64
        code.remove_prefix(4);
    }
    return code.starts_with("\x55\x48\x89\xE5") || code.starts_with("\x55\x48\x8B\xEC");
}

// The rows of `rows` in `range`.
std::span<const LineRow> rows_in(std::span<const LineRow> rows, const AddressRange& range) {
    const auto first = std::ranges::lower_bound(rows, range.start, {}, &LineRow::address);
    const auto last = std::ranges::lower_bound(first, rows.end(), range.end, {}, &LineRow::address);
    return {first, last};
}

// Where statements of wanted files begin. Of several rows at one address only the last has code, so it is the line there.
std::vector<LineRow> statements_in(std::span<const LineRow> rows, const std::function<bool(const LineRow&)>& is_wanted) {
    std::vector<LineRow> statements;
    for (auto row = rows.begin(); row != rows.end();) {
        const LineRow* last = nullptr;
        bool statement = false;
        const Address address = row->address;
        for (; row != rows.end() && row->address == address; ++row) {
            last = row->sequence_end ? last : &*row;
            statement |= row->statement && !row->sequence_end && row->line != 0;
        }
        if (statement && is_wanted(*last)) {
            statements.push_back(*last);
        }
    }
    return statements;
}

// Finds the body as gdb does: at the compiler's mark for the end of the prologue, else at the second address of the line table.
Address body_of(DwarfModules& modules, const FunctionInfo& function, std::span<const LineRow> rows) {
    const auto behind_entry = [&](const LineRow& row) { return row.address > function.entry && !row.sequence_end; };
    const auto told =
        std::ranges::find_if(rows, [&](const LineRow& r) { return r.prologue_end && r.address >= function.entry; });
    if (told != rows.end()) {
        return told->address;
    }
    const auto second = std::ranges::find_if(rows, behind_entry);
    return second != rows.end() && makes_frame(modules, function.entry) ? second->address : function.entry;
}

// Sorted, and those that overlap made one.
std::vector<AddressRange> joined(std::vector<AddressRange> ranges) {
    std::ranges::sort(ranges, {}, &AddressRange::start);
    std::vector<AddressRange> whole;
    for (const AddressRange& range : ranges) {
        if (!whole.empty() && range.start < whole.back().end) {
            whole.back().end = std::max(whole.back().end, range.end);
        } else {
            whole.push_back(range);
        }
    }
    return whole;
}

// Collects which lines have code, by file.
class SourceLines {
public:
    void add(const LineRow& row, Dwarf_Die unit) {
        if (row.file == nullptr || row.line == 0 || count_ >= most) {
            return;
        }
        const auto [path, fresh] = paths_.try_emplace(row.file);
        if (fresh) {
            path->second = source_path(row.file, unit);
        }
        count_ += lines_[path->second].insert(row.line).second ? 1 : 0;
    }

    std::vector<LinesWithCode> take() const {
        std::vector<LinesWithCode> found;
        for (const auto& [file, lines] : lines_) {
            found.push_back({file, {lines.begin(), lines.end()}});
        }
        return found;
    }

private:
    static constexpr std::size_t most = 200'000;

    std::unordered_map<const char*, std::string> paths_;
    std::map<std::string, std::set<std::uint32_t>> lines_;
    std::size_t count_ = 0;
};

std::string why_no_function(const ProgramInfo& program, std::size_t of_libraries) {
    if (of_libraries == 0) {
        return program.why_part().empty() ? "its debug information names no function of the code that is mapped"
                                          : program.why_part();
    }
    const std::string part = program.why_part().empty() ? "" : "; " + program.why_part();
    return std::string(only_library_functions) + part;
}

}  // namespace

BreakpointPlan plan_breakpoints(const AddressSpace& space, Address entry, DwarfModules& modules, const ProgramInfo& program,
                                OwnCode& own, FollowedCode followed) {
    BreakpointPlan plan;
    plan.entry = entry;
    plan.goroutines = goroutine_layout(program.units());
    for (const Mapping& m : space.mappings) {
        if (m.permissions.execute && modules.is_own(m.range.start)) {
            plan.own_code.push_back(m.range);
        }
    }
    const auto in_own_code = [&](Address address) {
        return std::ranges::any_of(plan.own_code, [&](const AddressRange& range) { return range.contains(address); });
    };
    std::unordered_map<const void*, std::vector<LineRow>> rows_of_unit;
    SourceLines sources;
    ByteCount budget = most_code;
    for (const FunctionInfo& function : program.functions()) {
        const AddressRange& range = function.range;
        if (!in_own_code(range.start) || !in_own_code(range.end - 1)) {
            continue;
        }
        const Author author = followed == FollowedCode::with_libraries ? Author::student : own.author_of(function);
        if (author != Author::student) {
            plan.libraries.push_back(range);
        }
        if (author == Author::compiler) {
            continue;
        }
        const auto [rows, fresh] = rows_of_unit.try_emplace(function.unit.addr);
        if (fresh) {
            rows->second = program.lines_of(function.unit);
        }
        const auto inside = rows_in(rows->second, range);
        const auto is_own_row = [&](const LineRow& row) {
            return followed == FollowedCode::with_libraries || own.is_own_file(row.file, function.unit);
        };
        // An optimised function of a library may have taken in a function of the student's.
        if ((author == Author::library && std::ranges::none_of(inside, is_own_row)) ||
            !is_start_of_code(modules, range.start)) {
            continue;
        }
        const ByteCount size = std::min(range.size(), budget);
        const std::string code = modules.file_bytes(range.start, size);
        if (code.size() < size) {
            continue;
        }
        const InstructionStarts starts(code, range.start);
        budget -= size;
        if (author == Author::student && range.contains(function.entry) && starts.may_be(function.entry)) {
            const Address body = body_of(modules, function, inside);
            plan.functions.push_back({function.entry, starts.may_be(body) ? body : function.entry, function.name});
        }
        for (const LineRow& row : statements_in(inside, is_own_row)) {
            if (row.address != function.entry && starts.may_be(row.address)) {
                plan.lines.push_back(row.address);
                sources.add(row, function.unit);
            }
        }
    }
    std::ranges::sort(plan.functions, {}, &FunctionSpot::entry);
    const auto twice = std::ranges::unique(plan.functions, {}, &FunctionSpot::entry);
    plan.functions.erase(twice.begin(), twice.end());
    if (plan.functions.empty()) {
        plan.why_none = why_no_function(program, plan.libraries.size());
    }
    plan.libraries = joined(std::move(plan.libraries));
    std::ranges::sort(plan.lines);
    const auto repeated = std::ranges::unique(plan.lines);
    plan.lines.erase(repeated.begin(), repeated.end());
    plan.sources = sources.take();
    return plan;
}

}  // namespace procatlas
