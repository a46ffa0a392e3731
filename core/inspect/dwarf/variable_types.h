// The types of variables in the debug information. Reads each only once.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/address.h"

namespace procatlas {

enum class TypeKind {
    none,  // void
    signed_integer,
    unsigned_integer,
    character,  // signed
    unsigned_character,
    boolean,
    floating,
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
    ByteCount offset = 0;
    unsigned bit_size = 0;    // 0: no bit-field
    unsigned bit_offset = 0;  // from the least significant bit of the bytes at `offset`
    bool base_class = false;
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
    std::string name;              // as in the source, in C with "struct " and the like; empty: it has no name
    ByteCount size = 0;            // 0: not known
    const Type* target = nullptr;  // what it points to, consists of or renames; nullptr: void
    std::vector<Dimension> dimensions;
    Dwarf_Die die{};
};

class VariableTypes {
public:
    // The type of `die` (a variable, member, pointer, ...); nullptr: void.
    [[nodiscard]] const Type* type_of(Dwarf_Die die);
    // The members and their offsets; none if the type is only declared.
    [[nodiscard]] const std::vector<Member>& members_of(const Type& structure);
    [[nodiscard]] const std::vector<Enumerator>& enumerators_of(const Type& enumeration);
    // Without aliases and qualifiers; nullptr: void.
    [[nodiscard]] static const Type* plain(const Type* type);
    [[nodiscard]] static ByteCount size_of(const Type* type, int depth = 0);
    // The type as in the source, with `inner` in place of the name: "char (*)[3]".
    [[nodiscard]] std::string text_of(const Type* type, const std::string& inner = {}, int depth = 0);

private:
    const Type* read(Dwarf_Die die, int depth);
    const Type* target_of(Dwarf_Die die, int depth);
    void read_base(Type& type);
    void read_dimensions(Type& type);
    void read_member(Dwarf_Die die, std::vector<Member>& members);
    std::string parameters_text(const Type& function, int depth);

    std::map<void*, Type> types_;  // a map, because pointers to its values must stay valid
    std::unordered_map<const Type*, std::vector<Member>> members_;
    std::unordered_map<const Type*, std::vector<Enumerator>> enumerators_;
};

}  // namespace procatlas
