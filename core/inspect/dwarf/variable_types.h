// The types of variables in the debug information. Reads each only once. What is not understood of a type is told by `why_not`,
// so that no value is made up.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/address.h"
#include "core/inspect/dwarf/go_types.h"
#include "core/inspect/dwarf/real_format.h"
#include "core/inspect/dwarf/rust_vtables.h"
#include "core/inspect/dwarf/type_definitions.h"

namespace procatlas {

enum class TypeKind {
    none,  // void
    signed_integer,
    unsigned_integer,
    character,  // signed
    unsigned_character,
    boolean,
    floating,
    complex,
    enumeration,
    pointer,
    reference,
    array,
    structure,  // also union and class
    function,
    alias,      // typedef
    qualified,  // const, volatile, restrict, _Atomic
    unknown,
};

struct Type;

struct Member {
    std::string name;  // empty: an anonymous struct or union
    const Type* type = nullptr;
    ByteCount offset = 0;                  // without `place`
    std::optional<Dwarf_Attribute> place;  // an expression: where the member is, from where the object is
    unsigned bit_size = 0;                 // 0: no bit-field
    unsigned bit_offset = 0;               // from the least significant bit of the bytes at `offset`
    bool base_class = false;
    bool virtual_base = false;
    std::string why_not;  // why its value cannot be told; empty: it can
};

// One of the forms that a value can have (an enum of Rust).
struct Variant {
    std::optional<std::uint64_t> discriminant;  // nullopt: every value that no other variant has
    std::vector<Member> members;
};

struct VariantPart {
    std::optional<Member> discriminant;  // says which variant it is; nullopt: there is only one
    std::vector<Variant> variants;
};

struct Members {
    std::vector<Member> fixed;
    std::vector<VariantPart> variant_parts;
    std::string why_not;  // why some are missing; empty: all are here
};

struct Enumerator {
    std::string name;
    std::int64_t value = 0;
};

// One dimension of an array.
struct Dimension {
    std::optional<std::uint64_t> count;      // nullopt: unknown, or given by `dynamic`
    std::optional<Dwarf_Attribute> dynamic;  // the upper bound, to be evaluated in each frame
};

struct Type {
    TypeKind kind = TypeKind::none;
    std::string name;               // as in the source, in C with "struct " and the like; empty: it has no name
    std::optional<ByteCount> size;  // nullopt: not known, or known only in a frame
    const Type* target = nullptr;   // what it points to, consists of or renames; nullptr: void
    std::vector<Dimension> dimensions;
    RealFormat real = RealFormat::unknown;  // of a floating number, or of each part of a complex one
    bool reversed = false;                  // its bytes are in the order that this machine does not use
    GoKind go = GoKind::none;
    bool rust = false;    // Rust's own way to write it
    std::string why_not;  // why a value of it cannot be told; empty: it can
    Dwarf_Die die{};
};

class VariableTypes {
public:
    // `units` are all those of the program, and must outlive this.
    explicit VariableTypes(const std::vector<Dwarf_Die>& units) : definitions_(units), go_types_(units), rust_vtables_(units) {}

    // The type of `die` (a variable, member, pointer, ...); nullptr: void.
    [[nodiscard]] const Type* type_of(Dwarf_Die die);
    [[nodiscard]] const Members& members_of(const Type& structure);
    [[nodiscard]] const std::vector<Enumerator>& enumerators_of(const Type& enumeration);
    // The name of a structure with its namespaces and classes; empty: it has none.
    [[nodiscard]] const std::string& whole_name(const Type& structure);
    // The structure or class of that whole name in any unit. Error: there is none, or it is not clear which.
    [[nodiscard]] Result<const Type*> class_named(const std::string& whole_name);
    // What a template's parameter `name` was given; nullptr: it has no such parameter, or void.
    [[nodiscard]] const Type* argument_of(const Type& structure, std::string_view name);
    // The type of Go that the running program describes at `offset` behind its symbol `runtime.types`; nullptr: none.
    [[nodiscard]] const Type* go_runtime_type(std::uint64_t offset);
    // The type of Rust whose table of a trait's functions lies at `address` of the file; nullptr: not known.
    [[nodiscard]] const Type* rust_implementer(Address address);
    // What `attribute` of a type refers to; nullptr: it has none.
    [[nodiscard]] const Type* type_in(const Type& type, unsigned attribute);
    // The first of the types that `type` renames, or itself, that is of a kind of Go; nullptr: none.
    [[nodiscard]] static const Type* go_type(const Type* type);
    // Without aliases and qualifiers; nullptr: void.
    [[nodiscard]] static const Type* plain(const Type* type);
    // nullopt: not known, or known only in a frame.
    [[nodiscard]] static std::optional<ByteCount> size_of(const Type* type, int depth = 0);
    // The type as in the source, with `inner` in place of the name: "char (*)[3]".
    [[nodiscard]] std::string text_of(const Type* type, const std::string& inner = {}, int depth = 0);

private:
    const Type* read(Dwarf_Die die, int depth);
    const Type* target_of(Dwarf_Die die, int depth);
    const Type* referred(Dwarf_Attribute attribute, int depth);
    void read_definition(Type& type, int depth);
    static void read_base(Type& type);
    static std::optional<std::uint64_t> constant_count(Dwarf_Die range);
    static void read_dimensions(Type& type);
    Member read_member(Dwarf_Die die, const Type& structure);
    void read_bits(Dwarf_Die die, const Type& structure, Member& member);
    void read_child(Dwarf_Die die, const Type& structure, Members& members);
    VariantPart read_variants(Dwarf_Die die, const Type& structure, std::string& why_not);
    std::string parameters_text(const Type& function, int depth);

    TypeDefinitions definitions_;
    GoRuntimeTypes go_types_;
    RustVtables rust_vtables_;
    std::map<void*, Type> types_;  // a map, because pointers to its values must stay valid
    static Type not_there(const char* why_not) {
        return {TypeKind::unknown, {}, {}, nullptr, {}, {}, false, {}, false, why_not, {}};
    }
    Type missing_ = not_there("its type is not in the debug information");
    Type in_old_type_unit_ = not_there("its type is in a type unit of DWARF 2 or 3, which cannot be read");
    std::unordered_map<const Type*, Members> members_;
    std::unordered_map<const Type*, std::vector<Enumerator>> enumerators_;
    std::unordered_map<const Type*, std::string> whole_names_;
    std::unordered_map<std::string, Result<const Type*>> classes_;
};

}  // namespace procatlas
