// Strings, slices, vectors, boxes, counted pointers, cells and the like of Rust's library, by the members that its debug
// information names. Their layout is no promise of Rust's: each is checked, and shown by its members where it is another.
#include <algorithm>
#include <array>

#include "core/inspect/values/containers.h"
#include "core/inspect/values/scalar_text.h"

namespace procatlas {
namespace {

constexpr int rust_depth_limit = 10;

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

ContainerView text_of_vec(ObjectReader& reader, const ObjectPart& bytes) {
    ContainerView view;
    const Buffer buffer = buffer_of(reader, reader.member(bytes, "buf"));
    const std::uint64_t length = reader.number(bytes, "len");
    reader.require(length <= buffer.capacity, "String");
    tell_bytes(reader, buffer.start, length, view);
    if (length != 0) {
        view.leads_to = {buffer.start};
    }
    return view;
}

ContainerView read_rust_string(ObjectReader& reader, const ObjectPart& object) {
    return text_of_vec(reader, reader.member(object, "vec"));
}

ContainerView read_os_string(ObjectReader& reader, const ObjectPart& object) {
    return text_of_vec(reader, reader.member(object, "inner.inner"));
}

ContainerView read_path_buf(ObjectReader& reader, const ObjectPart& object) {
    return read_os_string(reader, reader.member(object, "inner"));
}

ContainerView read_binary_heap(ObjectReader& reader, const ObjectPart& object) {
    return read_vec(reader, reader.member(object, "data"));
}

ContainerView read_tree_map(ObjectReader& reader, const ObjectPart& object) {
    return read_rust_tree(reader, object, TreeOf::entries);
}

ContainerView read_tree_set(ObjectReader& reader, const ObjectPart& object) {
    return read_rust_tree(reader, reader.member(object, "map"), TreeOf::keys);
}

// &str, &[T], Box<[T]>: an address and a length.
ContainerView read_fat_pointer(ObjectReader& reader, const ObjectPart& object) {
    const ObjectPart pointer = reader.member(object, "data_ptr");
    const Address start = reader.number(pointer);
    const std::uint64_t length = reader.number(object, "length");
    const std::string_view name = object.type->name;
    constexpr std::array texts = {std::string_view("&str"), std::string_view("&mut str"), std::string_view("&std::path::Path"),
                                  std::string_view("&std::ffi::os_str::OsStr")};
    const bool text = std::ranges::find(texts, name) != texts.end() || name.starts_with("alloc::boxed::Box<str");
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

// `name` is Rc, Arc or Weak.
ContainerView read_counted_pointer(ObjectReader& reader, const ObjectPart& object, const std::string& name) {
    const bool is_weak = name == "Weak";
    const ObjectPart holder = reader.member(object, "ptr");
    const ObjectPart pointer = first_word(reader, holder, TypeKind::pointer);
    const Address at = reader.number(pointer);
    const Type* block = reader.target_of(pointer);
    const char* const held = reader.ok() && reader.has(block, "data") ? "data" : "value";
    const bool thin =
        reader.ok() && VariableTypes::size_of(holder.type) == sizeof(Address);  // else it has a length or a vtable
    ContainerView view;
    if (!thin || !reader.has(block, "strong") || !reader.has(block, held)) {
        reader.refuse_layout();
        return view;
    }
    if (is_weak && at == ~Address{0}) {
        view.text = "Weak to nothing";
        return view;
    }
    const ObjectPart loaded = reader.load(block, at);
    const std::uint64_t strong = number_within(reader, reader.member(loaded, "strong"));
    const std::uint64_t weak = number_within(reader, reader.member(loaded, "weak"));
    constexpr std::uint64_t sensible = 1ull << 40;
    reader.require((strong > 0 || is_weak) && strong < sensible && weak > 0 && weak < sensible, name);
    if (reader.ok() && strong == 0) {
        view.text = "Weak to what is gone";
        return view;
    }
    const Type* value = reader.member(loaded, held).type;
    const Address value_at = at + reader.offset_of(block, held);
    view.text =
        name + " (strong " + std::to_string(strong) + ", weak " + std::to_string(weak - 1) + ") to " + hex_text(value_at);
    view.behind = true;
    view.parts = {{value, value_at, {}, {}}};
    view.leads_to = {value_at};
    return view;
}

ContainerView read_rc(ObjectReader& reader, const ObjectPart& object) {
    return read_counted_pointer(reader, object, "Rc");
}

ContainerView read_arc(ObjectReader& reader, const ObjectPart& object) {
    return read_counted_pointer(reader, object, "Arc");
}

ContainerView read_weak(ObjectReader& reader, const ObjectPart& object) {
    return read_counted_pointer(reader, object, "Weak");
}

ContainerView view_of_cell(ObjectReader& reader, const ObjectPart& object, std::string_view name) {
    ContainerView view;
    const ObjectPart value = reader.member(object, "value.value");
    view.text = name;
    view.opening = "(";
    view.closing = ")";
    view.parts = {{value.type, 0, value.piece, {}}};
    return view;
}

ContainerView read_cell(ObjectReader& reader, const ObjectPart& object) {
    return view_of_cell(reader, object, "Cell");
}

ContainerView read_ref_cell(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view = view_of_cell(reader, object, "RefCell");
    const ObjectPart count = first_word(reader, reader.member(object, "borrow"), TypeKind::signed_integer);
    const auto borrowed = static_cast<std::int64_t>(reader.number(count));
    view.sizes = borrowed > 0 ? "borrowed" : borrowed < 0 ? "borrowed mutably" : "";
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

// &dyn Trait, Box<dyn Trait>: an address, and that of a table which tells what lies there.
ContainerView read_dyn(ObjectReader& reader, const ObjectPart& object) {
    const Address to = reader.number(object, "pointer");
    const Address table = reader.number(object, "vtable");
    const Type* type = reader.ok() ? reader.sources().types.rust_implementer(table - reader.sources().bias) : nullptr;
    const auto size = VariableTypes::size_of(type);
    if (!reader.ok() || !size) {
        reader.refuse_layout();
        return {};
    }
    reader.require(*size == 0 || reader.is_mapped(to, *size), "dyn");
    ContainerView view;
    view.text = reader.sources().types.text_of(type) + ": " + hex_text(to);
    view.behind = true;
    if (*size != 0) {
        view.parts = {{type, to, {}, {}}};
        view.leads_to = {to};
    }
    return view;
}

struct KnownRust {
    std::string_view name;
    ContainerView (*read)(ObjectReader&, const ObjectPart&);
};

constexpr std::array known_rust_types = {
    KnownRust{"alloc::string::String", read_rust_string},
    KnownRust{"std::ffi::os_str::OsString", read_os_string},
    KnownRust{"std::path::PathBuf", read_path_buf},
    KnownRust{"alloc::vec::Vec", read_vec},
    KnownRust{"alloc::rc::Rc", read_rc},
    KnownRust{"alloc::sync::Arc", read_arc},
    KnownRust{"alloc::rc::Weak", read_weak},
    KnownRust{"alloc::sync::Weak", read_weak},
    KnownRust{"core::cell::Cell", read_cell},
    KnownRust{"core::cell::RefCell", read_ref_cell},
    KnownRust{"alloc::collections::vec_deque::VecDeque", read_vec_deque},
    KnownRust{"alloc::collections::binary_heap::BinaryHeap", read_binary_heap},
    KnownRust{"alloc::collections::linked_list::LinkedList", read_linked_list},
    KnownRust{"alloc::collections::btree::map::BTreeMap", read_tree_map},
    KnownRust{"alloc::collections::btree::set::BTreeSet", read_tree_set},
    KnownRust{"std::collections::hash::map::HashMap", read_hash_map},
    KnownRust{"std::collections::hash::set::HashSet", read_hash_set},
};

const KnownRust* known_rust(std::string_view whole_name) {
    const auto found =
        std::ranges::find_if(known_rust_types, [&](const KnownRust& known) { return is_named(whole_name, known.name); });
    return found == known_rust_types.end() ? nullptr : &*found;
}

}  // namespace

bool is_known_rust(VariableTypes& types, const Type& type) {
    if (type.kind == TypeKind::pointer) {
        return type.name.starts_with('&') || type.name.starts_with("alloc::boxed::Box<");
    }
    if (type.kind != TypeKind::structure) {
        return type.name == "char" || type.name == "()";
    }
    return type.name.starts_with('&') || type.name.starts_with("alloc::boxed::Box<") || known_rust(types.whole_name(type));
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
    if (reader.has(&type, "vtable")) {
        return read_dyn(reader, object);
    }
    if (const KnownRust* known = known_rust(reader.sources().types.whole_name(type))) {
        return known->read(reader, object);
    }
    reader.refuse_layout();
    return {};
}

}  // namespace procatlas
