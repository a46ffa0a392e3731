#include "core/inspect/values/object_reader.h"

#include <utility>

#include "core/inspect/values/scalar_text.h"

namespace procatlas {
namespace {

constexpr int base_depth_limit = 20;
constexpr ByteCount loaded_limit = 65'536;
constexpr int mapping_limit = 10'000;

bool is_word(const Type* type) {
    switch (type ? type->kind : TypeKind::none) {
        case TypeKind::signed_integer:
        case TypeKind::unsigned_integer:
        case TypeKind::character:
        case TypeKind::unsigned_character:
        case TypeKind::boolean:
        case TypeKind::enumeration:
        case TypeKind::pointer:
        case TypeKind::reference:
            return type->why_not.empty() && !type->reversed && type->size.value_or(0) != 0 &&
                   *type->size <= sizeof(std::uint64_t);
        case TypeKind::none:
        case TypeKind::floating:
        case TypeKind::complex:
        case TypeKind::array:
        case TypeKind::structure:
        case TypeKind::function:
        case TypeKind::alias:
        case TypeKind::qualified:
        case TypeKind::unknown:
            break;
    }
    return false;
}

}  // namespace

void ObjectReader::refuse(std::string why_not) {
    if (ok_) {
        ok_ = false;
        why_not_ = std::move(why_not);
    }
}

void ObjectReader::refuse_as_invalid(std::string_view kind) {
    refuse("what lies here is no " + std::string(kind) + ": it is not constructed yet, is destroyed or damaged");
}

void ObjectReader::require(bool holds, std::string_view kind) {
    if (!holds) {
        refuse_as_invalid(kind);
    }
}

std::optional<ObjectReader::Found> ObjectReader::find(const Type* type, std::string_view name, int depth) const {
    type = VariableTypes::plain(type);
    if (!type || type->kind != TypeKind::structure || !type->why_not.empty() || depth > base_depth_limit) {
        return std::nullopt;
    }
    const std::vector<Member>& members = sources_.types.members_of(*type).fixed;
    for (const Member& member : members) {
        if (!member.base_class && member.name == name && !member.place && member.bit_size == 0 && member.why_not.empty()) {
            return Found{VariableTypes::plain(member.type), member.offset};
        }
    }
    for (const Member& member : members) {
        const bool looked_into = member.base_class || member.name.empty();
        if (!looked_into || member.place || member.virtual_base || !member.why_not.empty()) {
            continue;
        }
        if (const auto inner = find(member.type, name, depth + 1)) {
            return Found{inner->type, member.offset + inner->offset};
        }
    }
    return std::nullopt;
}

ObjectReader::Found ObjectReader::find_path(const Type* type, std::string_view path) {
    Found found{type, 0};
    while (ok_ && !path.empty()) {
        const std::string_view name = path.substr(0, path.find('.'));
        path.remove_prefix(name.size() == path.size() ? name.size() : name.size() + 1);
        if (const auto next = find(found.type, name, 0)) {
            found = {next->type, found.offset + next->offset};
        } else {
            refuse_layout();
        }
    }
    return found;
}

ObjectPart ObjectReader::part_of(const ObjectPart& object, const Found& found) {
    if (!ok_ || !found.type) {
        refuse_layout();
        return {};
    }
    const Piece& whole = object.piece;
    if (found.offset > whole.bytes.size()) {
        refuse("it lies behind the part that is read");
        return {};
    }
    return {found.type, {whole.bytes.substr(found.offset), whole.at ? std::optional(*whole.at + found.offset) : std::nullopt}};
}

ObjectPart ObjectReader::member(const ObjectPart& object, std::string_view path) {
    return part_of(object, find_path(object.type, path));
}

ByteCount ObjectReader::offset_of(const Type* type, std::string_view path) {
    return find_path(VariableTypes::plain(type), path).offset;
}

bool ObjectReader::has(const Type* type, std::string_view name) const {
    return find(type, name, 0).has_value();
}

ObjectPart ObjectReader::base(const ObjectPart& object, std::string_view name) {
    if (object.type && object.type->kind == TypeKind::structure) {
        for (const Member& member : sources_.types.members_of(*object.type).fixed) {
            const Type* type = VariableTypes::plain(member.type);
            const bool plain = member.base_class && !member.place && member.why_not.empty() && type;
            if (plain && type->name.starts_with(name)) {
                return part_of(object, {type, member.offset});
            }
        }
    }
    refuse_layout();
    return {};
}

std::uint64_t ObjectReader::number(const ObjectPart& part) {
    if (!ok_) {
        return 0;
    }
    if (!is_word(part.type)) {
        refuse_layout();
        return 0;
    }
    if (part.piece.bytes.size() < *part.type->size) {
        refuse("its memory cannot be read");
        return 0;
    }
    return number_in(part.piece.bytes.substr(0, *part.type->size));
}

const Type* ObjectReader::target_of(const ObjectPart& pointer) {
    const bool points = ok_ && pointer.type && pointer.type->kind == TypeKind::pointer && pointer.type->why_not.empty();
    const Type* target = points ? VariableTypes::plain(pointer.type->target) : nullptr;
    if (!target) {
        refuse_layout();
    }
    return target;
}

const Type* ObjectReader::class_named(const std::string& whole_name) {
    if (!ok_) {
        return nullptr;
    }
    const auto found = sources_.types.class_named(whole_name);
    const Type* type = found ? VariableTypes::plain(*found) : nullptr;
    if (!type || !type->why_not.empty()) {
        refuse("the type of its nodes, " + whole_name + ", is not in the debug information");
        return nullptr;
    }
    return type;
}

const Type* ObjectReader::argument_of(const Type* structure, std::string_view name) {
    const Type* argument = ok_ && structure ? VariableTypes::plain(sources_.types.argument_of(*structure, name)) : nullptr;
    if (!argument) {
        refuse_layout();
    }
    return argument;
}

ByteCount ObjectReader::size_of(const Type* type) {
    const ByteCount size = VariableTypes::size_of(type).value_or(0);
    if (size == 0) {
        refuse_layout();
        return 1;  // so that nobody divides by it
    }
    return size;
}

ObjectPart ObjectReader::load(const Type* type, Address at) {
    type = VariableTypes::plain(type);
    const ByteCount size = size_of(type);
    if (!ok_ || size > loaded_limit) {
        refuse_layout();
        return {};
    }
    kept_.push_back(sources_.process.read_some(at, size));
    if (kept_.back().size() < size) {
        refuse("it leads to memory that cannot be read");
    }
    return {type, {kept_.back(), at}};
}

std::uint64_t ObjectReader::word_at(Address address, std::string_view kind) {
    const auto word = ok_ && address % sizeof(Address) == 0 ? sources_.process.value_at<std::uint64_t>(address) : std::nullopt;
    require(word.has_value(), kind);
    return word.value_or(0);
}

bool ObjectReader::is_mapped(Address start, ByteCount size) const {
    Address end = 0;
    if (start == 0 || __builtin_add_overflow(start, size, &end)) {
        return false;
    }
    Address at = start;
    for (int i = 0; i < mapping_limit; ++i) {
        const Mapping* mapping = sources_.process.mapping_at(at);
        if (!mapping || !mapping->permissions.read) {
            return size == 0 && at == start && mapping;
        }
        if (mapping->range.end >= end) {
            return true;
        }
        at = mapping->range.end;
    }
    return false;
}

}  // namespace procatlas
