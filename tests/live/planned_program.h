// Where to stop a program: from its ELF symbols and `objdump`.
#pragma once

#include <elf.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/grain.h"
#include "tests/support/run_line.h"
#include "tests/support/touch_code.h"

namespace procatlas::live {

class PlannedProgram {
public:
    explicit PlannedProgram(std::string path) : path_(std::move(path)) {
        std::ifstream file(path_, std::ios::binary);
        bytes_.assign(std::istreambuf_iterator<char>(file), {});
        if (bytes_.size() < sizeof(Elf64_Ehdr)) {
            return;
        }
        const auto header = at<Elf64_Ehdr>(0);
        plan.entry = header.e_entry;
        for (int i = 0; i < header.e_phnum; ++i) {
            const auto segment = at<Elf64_Phdr>(header.e_phoff + static_cast<std::size_t>(i) * header.e_phentsize);
            if (segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0) {
                plan.own_code.push_back({segment.p_vaddr, segment.p_vaddr + segment.p_memsz});
                code_offset_ = segment.p_vaddr - segment.p_offset;
            }
        }
        for (int i = 0; i < header.e_shnum; ++i) {
            const auto section = at<Elf64_Shdr>(header.e_shoff + static_cast<std::size_t>(i) * header.e_shentsize);
            if (section.sh_type == SHT_SYMTAB) {
                const auto strings = at<Elf64_Shdr>(header.e_shoff + std::size_t{section.sh_link} * header.e_shentsize);
                read_symbols(section, strings.sh_offset);
            }
        }
        std::ranges::sort(plan.functions, {}, &FunctionSpot::entry);
    }

    // From the line table: the statements within the functions.
    void read_lines() {
        const std::string command = "objdump --dwarf=decodedline '" + path_ + "'";
        std::istringstream lines(run_line(command).output);
        for (std::string line; std::getline(lines, line);) {
            const auto address = line.find(" 0x");
            if (address != line.npos && line.find(".c ") != line.npos && line.find("END") == line.npos) {
                plan.lines.push_back(std::strtoull(line.c_str() + address, nullptr, 16));
            }
        }
        std::ranges::sort(plan.lines);
        plan.lines.erase(std::ranges::unique(plan.lines).begin(), plan.lines.end());
    }

    [[nodiscard]] std::string name_of(Address function) const {
        const auto found = names_.find(function);
        return found == names_.end() ? "?" : found->second;
    }

    // The plan in the process `pid`, which has just become this program.
    [[nodiscard]] BreakpointPlan plan_in(std::int32_t pid) const {
        BreakpointPlan moved = plan;
        if (at<Elf64_Ehdr>(0).e_type != ET_DYN) {
            touch_code(pid, moved);
            return moved;
        }
        std::ifstream maps("/proc/" + std::to_string(pid) + "/maps");
        std::string first;
        std::getline(maps, first);
        const Address base = std::strtoull(first.c_str(), nullptr, 16);
        for (FunctionSpot& function : moved.functions) {
            function.entry += base;
            function.body += base;
        }
        for (Address& line : moved.lines) {
            line += base;
        }
        for (AddressRange& range : moved.own_code) {
            range = {range.start + base, range.end + base};
        }
        moved.entry += base;
        touch_code(pid, moved);
        return moved;
    }

    BreakpointPlan plan;  // at the addresses of the file

private:
    template <typename T>
    T at(std::size_t offset) const {
        T value{};
        if (offset + sizeof value <= bytes_.size()) {
            std::memcpy(&value, bytes_.data() + offset, sizeof value);
        }
        return value;
    }

    void read_symbols(const Elf64_Shdr& section, std::size_t strings) {
        for (std::size_t offset = 0; offset + sizeof(Elf64_Sym) <= section.sh_size; offset += sizeof(Elf64_Sym)) {
            const auto symbol = at<Elf64_Sym>(section.sh_offset + offset);
            const std::string name = bytes_.data() + strings + symbol.st_name;
            const bool of_start_files =
                name.starts_with("_") || name.find("tm_clones") != std::string::npos || name == "frame_dummy";
            if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_size == 0 || of_start_files) {
                continue;
            }
            constexpr std::string_view prologue = "\x55\x48\x89\xe5";
            const bool has_prologue = bytes_.compare(symbol.st_value - code_offset_, prologue.size(), prologue) == 0;
            plan.functions.push_back({symbol.st_value, symbol.st_value + (has_prologue ? prologue.size() : 0), {}});
            names_[symbol.st_value] = name;
        }
    }

    std::string path_;
    std::string bytes_;
    Address code_offset_ = 0;
    std::map<Address, std::string> names_;
};

}  // namespace procatlas::live
