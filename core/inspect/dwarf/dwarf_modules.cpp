#include "core/inspect/dwarf/dwarf_modules.h"

#include <fcntl.h>
#include <gelf.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string_view>

#include "core/base/unique_fd.h"
#include "core/inspect/elf/mapped_file.h"

namespace procatlas {
namespace {

constexpr std::size_t module_limit = 4096;
constexpr std::size_t symbols_kept = 100'000;
constexpr std::size_t symbol_name_limit = 1000;
constexpr ByteCount vdso_limit = 1u << 20;

// Opens the program's own file by the kernel's link too, which works even if the file was deleted.
UniqueFd open_module(const ModuleSpan& span) {
    if (auto file = open_mapped_file(span.pid, span.path, span.identity)) {
        return std::move(*file);
    }
    if (span.own) {
        UniqueFd file(::open(("/proc/" + std::to_string(span.pid) + "/exe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
        const auto found = file ? identity_in_maps(file.get()) : Result<FileIdentity>(fail("no file"));
        if (found && *found == span.identity) {
            return file;
        }
    }
    return {};
}

int find_elf(Dwfl_Module*, void** data, const char*, Dwarf_Addr, char** file_name, Elf** elf) {
    auto& span = *static_cast<ModuleSpan*>(*data);
    if (!span.contents.empty()) {
        *elf = elf_memory(span.contents.data(), span.contents.size());
        return -1;
    }
    UniqueFd file = open_module(span);
    if (file) {
        // ELF_C_READ, not MMAP: a file that is truncated meanwhile must cause an error, not SIGBUS.
        *elf = elf_begin(file.get(), ELF_C_READ, nullptr);
    }
    if (*elf) {
        *file_name = ::strdup(span.path.c_str());  // libdwfl frees it; it looks for separate debug information from there
    }
    return *elf ? file.release() : -1;
}

// Finds separate debug information by its build-id, or by the name and checksum in .gnu_debuglink. libdwfl would also take any
// file of a likely name, without a check.
int find_separate(Dwfl_Module* module, void** data, const char* name, Dwarf_Addr base, const char* file, const char* link,
                  GElf_Word checksum, char** found) {
    return link ? dwfl_standard_find_debuginfo(module, data, name, base, file, link, checksum, found)
                : dwfl_build_id_find_debuginfo(module, data, name, base, file, link, checksum, found);
}

const Dwfl_Callbacks callbacks{find_elf, find_separate, dwfl_offline_section_address, nullptr};

FileIdentity identity_of(const Mapping& m) {
    return {m.device_major, m.device_minor, m.inode};
}

bool continues(const ModuleSpan& span, const Mapping& m) {
    const bool bss = m.inode == 0 && m.name.empty() && m.permissions.write && m.range.start == span.range.end;
    return bss || (span.identity == identity_of(m) && span.path == m.name && m.offset != 0);
}

}  // namespace

std::vector<ModuleSpan> DwarfModules::spans_of(StoppedProcess& process) {
    std::vector<ModuleSpan> spans;
    std::vector<bool> runs;
    for (const Mapping& m : process.space().mappings) {
        const bool file = m.inode != 0 && m.name.starts_with('/');
        if (m.name == "[vdso]" && m.range.size() <= vdso_limit) {
            spans.push_back({std::string(m.name), {}, m.range, 0, false, process.read_some(m.range.start, m.range.size())});
            runs.push_back(true);
        } else if (!spans.empty() && continues(spans.back(), m)) {
            spans.back().range.end = m.range.end;
            runs.back() = runs.back() || m.permissions.execute;
        } else if (file && spans.size() < module_limit) {
            spans.push_back({std::string(m.name), identity_of(m), m.range, process.pid(), false, {}});
            runs.push_back(m.permissions.execute);
        }
    }
    std::size_t at = 0;
    std::erase_if(spans, [&](const ModuleSpan&) { return !runs[at++]; });
    for (ModuleSpan& span : spans) {
        span.own = span.range.contains(process.entry());
    }
    return spans;
}

DwarfModules::DwarfModules(std::vector<ModuleSpan> spans) : spans_(std::move(spans)), dwfl_(dwfl_begin(&callbacks)) {
    elf_version(EV_CURRENT);
    dwfl_report_begin(dwfl_.get());
    report(spans_);
}

bool DwarfModules::take_more(const std::vector<ModuleSpan>& spans) {
    const auto is_in = [](const std::vector<ModuleSpan>& all, const ModuleSpan& one) {
        return std::ranges::find(all, one) != all.end();
    };
    if (!std::ranges::all_of(spans_, [&](const ModuleSpan& known) { return is_in(spans, known); })) {
        return false;
    }
    std::vector<ModuleSpan> fresh;
    std::ranges::copy_if(spans, std::back_inserter(fresh), [&](const ModuleSpan& s) { return !is_in(spans_, s); });
    symbols_.clear();
    dwfl_report_begin_add(dwfl_.get());
    report(fresh);
    spans_ = spans;
    return true;
}

void DwarfModules::report(const std::vector<ModuleSpan>& spans) {
    for (const ModuleSpan& one : spans) {
        ModuleSpan& span = reported_.emplace_back(one);
        Dwfl_Module* module = dwfl_report_module(dwfl_.get(), span.path.c_str(), span.range.start, span.range.end);
        void** data = nullptr;
        if (!module) {
            continue;
        }
        dwfl_module_info(module, &data, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
        *data = &span;
        if (span.own) {
            own_ = module;
            own_range_ = span.range;
        }
    }
    dwfl_report_end(dwfl_.get(), nullptr, nullptr);
}

bool DwarfModules::is_own(Address address) const {
    return own_range_.contains(address);
}

const Symbol& DwarfModules::symbol_at(Address address) {
    if (const auto found = symbols_.find(address); found != symbols_.end()) {
        return found->second;
    }
    if (symbols_.size() > symbols_kept) {
        symbols_.clear();
    }
    Symbol symbol;
    GElf_Sym entry{};
    GElf_Off offset = 0;
    Dwfl_Module* module = at(address);
    const char* name = module ? dwfl_module_addrinfo(module, address, &offset, &entry, nullptr, nullptr, nullptr) : nullptr;
    if (name && (entry.st_size == 0 || offset < entry.st_size)) {
        const std::string_view whole(name);
        symbol = {std::string(whole.substr(0, std::min(whole.find('@'), symbol_name_limit))), offset,
                  entry.st_size};  // without the version
    }
    return symbols_[address] = std::move(symbol);
}

std::optional<Address> DwarfModules::address_of(const std::string& symbol) {
    const auto [found, fresh] = addresses_.try_emplace(symbol);
    const int count = fresh && own_ ? dwfl_module_getsymtab(own_) : 0;
    for (int i = 0; i < count && !found->second; ++i) {
        GElf_Sym entry{};
        GElf_Addr at = 0;
        const char* name = dwfl_module_getsym_info(own_, i, &entry, &at, nullptr, nullptr, nullptr);
        if (name && symbol == name && entry.st_shndx != SHN_UNDEF) {
            found->second = at;
        }
    }
    return found->second;
}

std::string DwarfModules::file_bytes(Address address, std::size_t size) {
    Dwfl_Module* module = at(address);
    Dwarf_Addr bias = 0;
    Elf* elf = module ? dwfl_module_getelf(module, &bias) : nullptr;
    if (!elf) {
        return {};
    }
    // Uses segments, which the kernel loads, and not sections, which may claim anything.
    const Address wanted = address - bias;
    std::size_t segments = 0;
    elf_getphdrnum(elf, &segments);
    for (std::size_t i = 0; i < segments; ++i) {
        GElf_Phdr segment;
        if (!gelf_getphdr(elf, static_cast<int>(i), &segment) || segment.p_type != PT_LOAD || wanted < segment.p_vaddr ||
            wanted - segment.p_vaddr >= segment.p_filesz) {
            continue;
        }
        const Address distance = wanted - segment.p_vaddr;
        const auto offset = static_cast<std::int64_t>(segment.p_offset + distance);
        const Elf_Data* data =
            elf_getdata_rawchunk(elf, offset, std::min<Address>(size, segment.p_filesz - distance), ELF_T_BYTE);
        return data && data->d_buf ? std::string(static_cast<const char*>(data->d_buf), data->d_size) : std::string();
    }
    return {};
}

}  // namespace procatlas
