// Strings, slices, vectors, boxes, counted pointers, cells and hash tables of Rust's library, by the members that its debug
// information names. Their layout is no promise of Rust's: each is checked, and shown by its members where it is another.
#include <algorithm>
#include <array>

#include "core/inspect/values/containers.h"
#include "core/inspect/values/scalar_text.h"

namespace procatlas {
namespace {

constexpr int rust_depth_limit = 10;
constexpr std::uint64_t table_slots_read = 65'536;

bool is_named(std::string_view whole, std::string_view name) {
    return whole.starts_with(name) && (whole.size() == name.size() || whole[name.size()] == '<');
}

}  // namespace

ObjectPart first_word(ObjectReader& reader, const ObjectPart& object, TypeKind kind, int depth) {
    if (!object.type || object.type->kind == kind || depth > rust_depth_limit) {
        return object;
    }
    if (object.type->kind == TypeKind::structure) {
        for (const Member& member : reader.sources().types.members_of(*object.type).fixed) {
            if (VariableTypes::size_of(member.type).value_or(0) == 0 || member.place || !member.why_not.empty()) {
                continue;
            }
            const ObjectPart inner = first_word(reader, reader.member(object, member.name), kind, depth + 1);
            if (inner.type && inner.type->kind == kind) {
                return inner;
            }
        }
    }
    return {};
}

namespace {

std::uint64_t number_within(ObjectReader& reader, const ObjectPart& object) {
    const ObjectPart found = first_word(reader, object, TypeKind::unsigned_integer);
    if (!found.type) {
        reader.refuse_layout();
    }
    return reader.number(found);
}

// What a buffer of the library has: where it begins, and room for how many.
struct Buffer {
    Address start = 0;
    std::uint64_t capacity = 0;
};

Buffer buffer_of(ObjectReader& reader, const ObjectPart& raw) {
    Buffer buffer;
    const ObjectPart holder = reader.ok() && reader.has(raw.type, "inner") ? reader.member(raw, "inner") : raw;
    buffer.start = reader.number(first_word(reader, reader.member(holder, "ptr"), TypeKind::pointer));
    buffer.capacity = number_within(reader, reader.member(holder, "cap"));
    return buffer;
}

ContainerView rust_row(ObjectReader& reader, const Type* element, Address start, std::uint64_t length, std::string_view kind) {
    ContainerView view;
    ByteCount whole = 0;
    const ByteCount size = element ? VariableTypes::size_of(element).value_or(0) : 0;
    reader.require(!__builtin_mul_overflow(length, size, &whole) && (whole == 0 || reader.is_mapped(start, whole)), kind);
    view.sizes = "len " + std::to_string(length);
    if (size == 0) {
        view.text = length == 0 ? "{}" : "{...}";
        return view;
    }
    view.opening = "{";
    view.closing = "}";
    view.element = element;
    view.row = start;
    view.count = length;
    if (whole != 0) {
        view.leads_to = {start};
    }
    return view;
}

ContainerView read_vec(ObjectReader& reader, const ObjectPart& object) {
    const Buffer buffer = buffer_of(reader, reader.member(object, "buf"));
    const std::uint64_t length = reader.number(object, "len");
    const Type* element = reader.argument_of(object.type, "T");
    if (!reader.ok()) {
        return {};
    }
    reader.require(length <= buffer.capacity || VariableTypes::size_of(element) == 0, "Vec");
    ContainerView view = rust_row(reader, element, buffer.start, length, "Vec");
    view.sizes += ", capacity " + std::to_string(buffer.capacity);
    return view;
}

ContainerView read_rust_string(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view;
    const ObjectPart bytes = reader.member(object, "vec");
    const Buffer buffer = buffer_of(reader, reader.member(bytes, "buf"));
    const std::uint64_t length = reader.number(bytes, "len");
    reader.require(length <= buffer.capacity, "String");
    tell_bytes(reader, buffer.start, length, view);
    if (length != 0) {
        view.leads_to = {buffer.start};
    }
    return view;
}

// &str, &[T], Box<[T]>: an address and a length.
ContainerView read_fat_pointer(ObjectReader& reader, const ObjectPart& object) {
    const ObjectPart pointer = reader.member(object, "data_ptr");
    const Address start = reader.number(pointer);
    const std::uint64_t length = reader.number(object, "length");
    const std::string_view name = object.type->name;
    const bool text = name == "&str" || name == "&mut str" || name.starts_with("alloc::boxed::Box<str");
    if (!text) {
        const bool slice = name.starts_with("&[") || name.starts_with("&mut [") || name.starts_with("alloc::boxed::Box<[");
        if (!slice) {
            reader.refuse_layout();
        }
        return rust_row(reader, reader.target_of(pointer), start, length, "slice");
    }
    ContainerView view;
    tell_bytes(reader, start, length, view);
    if (length != 0) {
        view.leads_to = {start};
    }
    return view;
}

ContainerView read_vec_deque(ObjectReader& reader, const ObjectPart& object) {
    constexpr std::string_view kind = "VecDeque";
    ContainerView view;
    const Buffer buffer = buffer_of(reader, reader.member(object, "buf"));
    const std::uint64_t head = number_within(reader, reader.member(object, "head"));
    const std::uint64_t length = reader.number(object, "len");
    const Type* element = reader.argument_of(object.type, "T");
    const ByteCount size = reader.size_of(element);
    ByteCount whole = 0;
    reader.require(length <= buffer.capacity && (head < buffer.capacity || head == 0) &&
                       !__builtin_mul_overflow(buffer.capacity, size, &whole) &&
                       (whole == 0 || reader.is_mapped(buffer.start, whole)),
                   kind);
    for (std::uint64_t i = 0; reader.ok() && i < length && i < shown_parts; ++i) {
        view.parts.push_back({element, buffer.start + (head + i) % buffer.capacity * size, {}, {}});
    }
    view.opening = "{";
    view.closing = "}";
    view.more = length > view.parts.size();
    view.sizes = "len " + std::to_string(length) + ", capacity " + std::to_string(buffer.capacity);
    if (whole != 0) {
        view.leads_to = {buffer.start};
    }
    return view;
}

ContainerView read_rc(ObjectReader& reader, const ObjectPart& object, const std::string& name) {
    const ObjectPart holder = reader.member(object, "ptr");
    const ObjectPart pointer = first_word(reader, holder, TypeKind::pointer);
    const Address at = reader.number(pointer);
    const Type* block = reader.target_of(pointer);
    const char* const held = reader.ok() && reader.has(block, "data") ? "data" : "value";
    const bool thin =
        reader.ok() && VariableTypes::size_of(holder.type) == sizeof(Address);  // else it has a length or a vtable
    if (!thin || !reader.has(block, "strong") || !reader.has(block, held)) {
        reader.refuse_layout();
        return {};
    }
    const ObjectPart loaded = reader.load(block, at);
    const std::uint64_t strong = number_within(reader, reader.member(loaded, "strong"));
    const std::uint64_t weak = number_within(reader, reader.member(loaded, "weak"));
    constexpr std::uint64_t sensible = 1ull << 40;
    reader.require(strong > 0 && strong < sensible && weak > 0 && weak < sensible, name);
    ContainerView view;
    const Type* value = reader.member(loaded, held).type;
    const Address value_at = at + reader.offset_of(block, held);
    view.text =
        name + " (strong " + std::to_string(strong) + ", weak " + std::to_string(weak - 1) + ") to " + hex_text(value_at);
    view.behind = true;
    view.parts = {{value, value_at, {}, {}}};
    view.leads_to = {value_at};
    return view;
}

ContainerView read_cell(ObjectReader& reader, const ObjectPart& object, std::string_view name) {
    ContainerView view;
    const ObjectPart value = reader.member(object, "value.value");
    view.text = name;
    view.opening = "(";
    view.closing = ")";
    view.parts = {{value.type, 0, value.piece, {}}};
    if (name == "RefCell") {
        const ObjectPart count = first_word(reader, reader.member(object, "borrow"), TypeKind::signed_integer);
        const auto borrowed = static_cast<std::int64_t>(reader.number(count));
        view.sizes = borrowed > 0 ? "borrowed" : borrowed < 0 ? "borrowed mutably" : "";
    }
    return view;
}

// hashbrown: a control byte for each slot says whether it is full; the slots lie in front of the control bytes, the first one
// last.
ContainerView read_raw_table(ObjectReader& reader, const ObjectPart& table, bool keyed) {
    constexpr std::string_view kind = "hash table";
    const ObjectPart inner = reader.ok() && reader.has(table.type, "table") ? reader.member(table, "table") : table;
    const Type* slot = reader.argument_of(table.type, "T");
    const ByteCount size = reader.size_of(slot);
    const std::uint64_t mask = reader.number(inner, "bucket_mask");
    const std::uint64_t items = reader.number(inner, "items");
    const std::uint64_t left = reader.number(inner, "growth_left");
    const Address control = reader.number(first_word(reader, reader.member(inner, "ctrl"), TypeKind::pointer));
    ContainerView view;
    view.opening = "{";
    view.closing = "}";
    view.keyed = keyed;
    view.sizes = "len " + std::to_string(items);
    if (!reader.ok()) {
        return view;
    }
    const std::uint64_t slots = mask + 1;
    ByteCount bytes = 0;
    reader.require((slots & mask) == 0 && slots != 0 && items <= slots && left <= slots - items &&
                       !__builtin_mul_overflow(slots, size, &bytes) && bytes <= control && reader.is_mapped(control, slots),
                   kind);
    reader.require(items == 0 || reader.is_mapped(control - bytes, bytes), kind);
    if (!reader.ok() || items == 0) {
        return view;
    }
    const std::uint64_t looked_at = std::min(slots, table_slots_read);
    const std::string full = reader.sources().process.read_some(control, looked_at);
    reader.require(full.size() == looked_at, kind);
    std::uint64_t found = 0;
    for (std::uint64_t i = 0; reader.ok() && i < looked_at; ++i) {
        if ((static_cast<unsigned char>(full[i]) & 0x80) != 0) {
            continue;
        }
        const Address at = control - (i + 1) * size;
        if (++found > shown_parts) {
            continue;
        }
        view.parts.push_back({slot, at, {}, {}});
    }
    reader.require(looked_at < slots ? found <= items : found == items, kind);
    view.more = items > view.parts.size();
    view.leads_to = {control - bytes};
    return view;
}

// The slots of a table are tuples of a key and a value; those of a set have a value of no size.
void split_slots(ObjectReader& reader, bool keyed, ContainerView& view) {
    std::vector<ContainerPart> parts;
    for (const ContainerPart& slot : view.parts) {
        for (const char* const name : {"__0", "__1"}) {
            if (name[2] == '1' && !keyed) {
                continue;
            }
            for (const Member& member : reader.sources().types.members_of(*slot.type).fixed) {
                if (member.name == name) {
                    parts.push_back({member.type, slot.at + reader.offset_of(slot.type, name), {}, {}});
                }
            }
        }
    }
    if (parts.size() != view.parts.size() * (keyed ? 2 : 1)) {
        reader.refuse_layout();
    }
    view.parts = std::move(parts);
}

ContainerView read_hash_map(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view = read_raw_table(reader, reader.member(object, "base.table"), true);
    if (reader.ok()) {
        split_slots(reader, true, view);
    }
    return view;
}

ContainerView read_hash_set(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view = read_raw_table(reader, reader.member(object, "base.map.table"), false);
    if (reader.ok()) {
        split_slots(reader, false, view);
    }
    return view;
}

ContainerView read_reference(ObjectReader& reader, const ObjectPart& object) {
    const Address to = reader.number(object);
    ContainerView view;
    view.text = hex_text(to);
    view.behind = true;
    const Type* target = VariableTypes::plain(object.type->target);
    if (to != 0) {
        view.leads_to = {to};
    }
    if (to != 0 && target && target->why_not.empty() && VariableTypes::size_of(target).value_or(0) != 0) {
        view.parts = {{object.type->target, to, {}, {}}};
    }
    return view;
}

ContainerView read_character(ObjectReader& reader, const ObjectPart& object) {
    const std::uint64_t value = reader.number(object);
    ContainerView view;
    if (reader.ok()) {
        view.text = rust_character(value);
    }
    return view;
}

}  // namespace

bool is_known_rust(VariableTypes& types, const Type& type) {
    if (type.kind == TypeKind::pointer) {
        return type.name.starts_with('&') || type.name.starts_with("alloc::boxed::Box<");
    }
    if (type.kind != TypeKind::structure) {
        return type.name == "char" || type.name == "()";
    }
    if (type.name.starts_with('&') || type.name.starts_with("alloc::boxed::Box<")) {
        return true;
    }
    constexpr std::array names = {
        std::string_view("alloc::string::String"),
        std::string_view("alloc::vec::Vec"),
        std::string_view("alloc::rc::Rc"),
        std::string_view("alloc::sync::Arc"),
        std::string_view("core::cell::Cell"),
        std::string_view("core::cell::RefCell"),
        std::string_view("alloc::collections::vec_deque::VecDeque"),
        std::string_view("alloc::collections::btree::map::BTreeMap"),
        std::string_view("alloc::collections::btree::set::BTreeSet"),
        std::string_view("std::collections::hash::map::HashMap"),
        std::string_view("std::collections::hash::set::HashSet"),
    };
    const std::string_view whole = types.whole_name(type);
    return std::ranges::any_of(names, [&](std::string_view name) { return is_named(whole, name); });
}

ContainerView read_rust(ObjectReader& reader, const ObjectPart& object) {
    const Type& type = *object.type;
    if (type.name == "()") {
        ContainerView unit;
        unit.text = "()";
        return unit;
    }
    if (type.kind == TypeKind::pointer) {
        return read_reference(reader, object);
    }
    if (type.kind != TypeKind::structure) {
        return read_character(reader, object);
    }
    if (reader.has(&type, "data_ptr")) {
        return read_fat_pointer(reader, object);
    }
    const std::string_view whole = reader.sources().types.whole_name(type);
    const auto is = [&](std::string_view name) { return is_named(whole, name); };
    if (is("alloc::string::String")) {
        return read_rust_string(reader, object);
    }
    if (is("alloc::vec::Vec")) {
        return read_vec(reader, object);
    }
    if (is("alloc::rc::Rc") || is("alloc::sync::Arc")) {
        return read_rc(reader, object, is("alloc::rc::Rc") ? "Rc" : "Arc");
    }
    if (is("core::cell::Cell") || is("core::cell::RefCell")) {
        return read_cell(reader, object, is("core::cell::Cell") ? "Cell" : "RefCell");
    }
    if (is("alloc::collections::vec_deque::VecDeque")) {
        return read_vec_deque(reader, object);
    }
    if (is("std::collections::hash::map::HashMap")) {
        return read_hash_map(reader, object);
    }
    if (is("std::collections::hash::set::HashSet")) {
        return read_hash_set(reader, object);
    }
    if (is("alloc::collections::btree::map::BTreeMap")) {
        return read_rust_tree(reader, object, TreeOf::entries);
    }
    if (is("alloc::collections::btree::set::BTreeSet")) {
        return read_rust_tree(reader, reader.member(object, "map"), TreeOf::keys);
    }
    reader.refuse_layout();
    return {};
}

}  // namespace procatlas
