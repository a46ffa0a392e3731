#include "core/inspect/code/function_reader.h"

#include <algorithm>
#include <utility>

#include "core/base/text.h"
#include "core/inspect/code/disassembly.h"

namespace procatlas {
namespace {

constexpr char breakpoint_code = '\xCC';
constexpr ByteCount longest_function = 8192;
constexpr ByteCount piece_of_unknown = 64;  // if no symbol says how long the function is

std::string with_offset(const std::string& name, ByteCount offset) {
    return offset == 0 ? name : name + "+0x" + address_text(offset).substr(address_text(offset).find_first_not_of('0'));
}

// "text" if a string of the program is at `address`; empty: none.
std::string string_at(StoppedProcess& process, Address address) {
    constexpr std::size_t most = 40;
    const std::string bytes = process.read_some(address, most + 1);
    const std::string text = bytes.substr(0, bytes.find('\0'));
    const bool ends = text.size() < bytes.size();
    const std::string shown = display_text(text);
    const bool plain =
        !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return c >= ' ' || c == '\n' || c == '\t'; });
    return ends && plain && valid_utf8(text) == text ? '"' + shown + '"' : std::string();
}

}  // namespace

std::string read_code(StoppedProcess& process, DwarfModules& modules, Address address, std::size_t size) {
    std::string bytes = process.read_some(address, size);
    if (bytes.find(breakpoint_code) == bytes.npos) {
        return bytes;
    }
    const Mapping* mapping = process.mapping_at(address);
    if (!mapping || !mapping->permissions.execute) {
        return bytes;
    }
    for (std::size_t at = bytes.find(breakpoint_code); at != bytes.npos; at = bytes.find(breakpoint_code, at + 1)) {
        if (const std::string told = modules.file_bytes(address + at, 1); !told.empty()) {
            bytes[at] = told[0];
        }
    }
    return bytes;
}

AddressRange FunctionReader::extent_of(StoppedProcess& process, Address address, FunctionCode& code) {
    AddressRange extent{};
    if (const FunctionInfo* known = program_.function_at(address)) {
        code.function = known->name;
        extent = known->range;
    } else {
        const Symbol& symbol = modules_.symbol_at(address);
        code.function = symbol.name;
        extent = symbol.size != 0 ? AddressRange{address - symbol.offset, address - symbol.offset + symbol.size}
                                  : AddressRange{address, address + piece_of_unknown};
    }
    const Mapping* mapping = process.mapping_at(address);
    if (!mapping || !mapping->permissions.execute || !extent.contains(address)) {
        return {};
    }
    code.program = mapping->inode != 0 ? std::string(mapping->name) : std::string();
    code.inode = mapping->inode;
    if (extent.size() > longest_function && address - extent.start >= longest_function) {
        extent.start = address;  // an instruction starts there
    }
    extent.start = std::max(extent.start, mapping->range.start);
    extent.end = std::min(extent.end, mapping->range.end);
    return extent;
}

// Names a line at its first instruction only.
void FunctionReader::name_lines(FunctionCode& code) {
    SourceLine last;
    for (Instruction& instruction : code.instructions) {
        const FunctionInfo* function = program_.function_at(instruction.address);
        if (!function) {
            continue;
        }
        SourceLine place = program_.line_at(*function, instruction.address);
        if (place.line != last.line || place.file != last.file) {
            instruction.file = place.file;
            instruction.line = place.line;
        }
        last = std::move(place);
    }
}

std::string FunctionReader::name_of(StoppedProcess& process, Address address) {
    if (const FunctionInfo* function = program_.function_at(address)) {
        return with_offset(function->name, address - function->entry);
    }
    if (auto variable = variables_.global_at(process, address)) {
        return std::move(*variable);
    }
    if (std::string linked = linked_.name_at(address); !linked.empty()) {
        return linked;
    }
    if (const Symbol& symbol = modules_.symbol_at(address); !symbol.name.empty()) {
        return with_offset(symbol.name, symbol.offset);
    }
    const Mapping* mapping = process.mapping_at(address);
    const bool constant = mapping && !mapping->permissions.write && !mapping->permissions.execute;
    return constant ? string_at(process, address) : std::string();
}

Result<FunctionCode> FunctionReader::read(StoppedProcess& process, Address address) {
    FunctionCode code;
    const AddressRange extent = extent_of(process, address, code);
    if (extent.empty()) {
        return fail("no code is mapped at " + hex_address(address));
    }
    const ByteCount wanted = std::min(extent.size(), longest_function);
    code.start = extent.start;
    code.bytes = read_code(process, modules_, extent.start, wanted);
    if (code.bytes.size() < wanted) {
        code.why_cut = "cannot be read: " + hex_address(extent.start + code.bytes.size());
    } else if (wanted < extent.size()) {
        code.why_cut = "the function is longer than " + size_text(longest_function);
    }
    code.instructions = disassemble(code.bytes, extent.start, wanted);
    // The last instruction may be cut off: keeps only the bytes of whole instructions.
    code.bytes.resize(
        code.instructions.empty() ? 0 : code.instructions.back().address + code.instructions.back().size - code.start);
    name_lines(code);
    for (Instruction& instruction : code.instructions) {
        if (instruction.target != 0) {
            instruction.target_name = name_of(process, instruction.target);
        }
    }
    return code;
}

}  // namespace procatlas
