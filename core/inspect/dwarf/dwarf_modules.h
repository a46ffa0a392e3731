// The program and libraries of a process as libdwfl sees them, opened at their mappings. Their contents may be hostile.
#pragma once

#include <elfutils/libdwfl.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/address.h"
#include "core/inspect/elf/mapped_file.h"
#include "core/inspect/memory/stopped_process.h"

namespace procatlas {

// One ELF file in a process, from its first mapping to its last.
struct ModuleSpan {
    std::string path;
    FileIdentity identity;
    AddressRange range;
    pid_t pid = 0;
    bool own = false;      // the program itself
    std::string contents;  // if it is not a file: [vdso]

    bool operator==(const ModuleSpan&) const = default;
};

struct Symbol {
    std::string name;  // empty: none
    ByteCount offset = 0;
    ByteCount size = 0;  // 0: not known
};

class DwarfModules {
public:
    // The ELF files that `process` has mapped, in ascending order.
    [[nodiscard]] static std::vector<ModuleSpan> spans_of(StoppedProcess& process);

    explicit DwarfModules(std::vector<ModuleSpan> spans);
    // The process has the files `spans` now. False, and nothing is changed, unless all those that were known are among them:
    // one that has gone may have made room for another, of which nothing is known.
    [[nodiscard]] bool take_more(const std::vector<ModuleSpan>& spans);

    [[nodiscard]] const std::vector<ModuleSpan>& spans() const { return spans_; }
    [[nodiscard]] Dwfl_Module* at(Address address) const { return dwfl_addrmodule(dwfl_.get(), address); }
    // The program itself; nullptr: its file cannot be opened.
    [[nodiscard]] Dwfl_Module* own() const { return own_; }
    [[nodiscard]] bool is_own(Address address) const;
    // The symbol that contains `address`.
    [[nodiscard]] const Symbol& symbol_at(Address address);
    // Where the program itself has the symbol of that name; nullopt: it has none.
    [[nodiscard]] std::optional<Address> address_of(const std::string& symbol);
    // The bytes that the mapped file holds for this address; fewer if not all are known.
    [[nodiscard]] std::string file_bytes(Address address, std::size_t size);

private:
    void report(const std::vector<ModuleSpan>& spans);

    struct End {
        void operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }
    };

    std::vector<ModuleSpan> spans_;
    std::deque<ModuleSpan> reported_;  // declared before dwfl_, which points into it
    std::unique_ptr<Dwfl, End> dwfl_;
    Dwfl_Module* own_ = nullptr;
    AddressRange own_range_;
    std::unordered_map<Address, Symbol> symbols_;
    std::unordered_map<std::string, std::optional<Address>> addresses_;
};

}  // namespace procatlas
