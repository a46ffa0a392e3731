// Takes an object of a library apart by the names that the debug information gives its members.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "core/inspect/values/value_pieces.h"

namespace procatlas {

// An object, or a member of one.
struct ObjectPart {
    const Type* type = nullptr;  // without aliases and qualifiers; nullptr: there is none
    Piece piece;
};

// Keeps the first failure: what is read after it is nothing, so that only the end of a reading has to be checked.
class ObjectReader {
public:
    explicit ObjectReader(const ValueSources& sources) : sources_(sources) {}

    [[nodiscard]] const ValueSources& sources() const { return sources_; }
    [[nodiscard]] bool ok() const { return ok_; }
    // Why the object cannot be read as what its type says. Empty: nothing failed, or its members are not those that we know.
    [[nodiscard]] const std::string& why_not() const { return why_not_; }

    void refuse(std::string why_not);
    // The library's type has other members than we know.
    void refuse_layout() { refuse({}); }
    // What lies here cannot be a `kind`.
    void refuse_as_invalid(std::string_view kind);
    void require(bool holds, std::string_view kind);

    // "_M_impl._M_start"; each is looked for in base classes and in anonymous unions too.
    ObjectPart member(const ObjectPart& object, std::string_view path);
    // Where the member begins, from where an object of `type` does.
    ByteCount offset_of(const Type* type, std::string_view path);
    [[nodiscard]] bool has(const Type* type, std::string_view name) const;
    // A base class whose name begins with `name`.
    ObjectPart base(const ObjectPart& object, std::string_view name);

    // An integer, truth value or pointer.
    std::uint64_t number(const ObjectPart& part);
    std::uint64_t number(const ObjectPart& object, std::string_view path) { return number(member(object, path)); }
    // What a pointer points to.
    const Type* target_of(const ObjectPart& pointer);
    const Type* class_named(const std::string& whole_name);
    const Type* argument_of(const Type* structure, std::string_view name);
    ByteCount size_of(const Type* type);

    // The object of `type` at `at`; its bytes live as long as this.
    ObjectPart load(const Type* type, Address at);
    std::uint64_t word_at(Address address, std::string_view kind);
    // Whether memory may be read there from the first byte to the last.
    [[nodiscard]] bool is_mapped(Address start, ByteCount size) const;

private:
    struct Found {
        const Type* type = nullptr;
        ByteCount offset = 0;
    };
    [[nodiscard]] std::optional<Found> find(const Type* type, std::string_view name, int depth) const;
    Found find_path(const Type* type, std::string_view path);
    ObjectPart part_of(const ObjectPart& object, const Found& found);

    const ValueSources& sources_;
    bool ok_ = true;
    std::string why_not_;
    std::deque<std::string> kept_;
};

}  // namespace procatlas
