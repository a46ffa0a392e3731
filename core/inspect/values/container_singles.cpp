// Smart pointers, optional, variant, tuple, function: classes that hold one value, one of several, or a few.
#include <algorithm>

#include "core/inspect/values/containers.h"
#include "core/inspect/values/scalar_text.h"

namespace procatlas {
namespace {

constexpr std::size_t tuple_limit = 200;
constexpr std::size_t alternative_limit = 1000;
constexpr std::size_t callable_name_limit = 200;
constexpr std::uint32_t sensible_owners = 1u << 30;

// What a smart pointer leads to. `text` names it: "unique_ptr".
ContainerView pointing_view(ObjectReader& reader, const std::string& text, Address to, const Type* target) {
    ContainerView view;
    if (!reader.ok()) {
        return view;
    }
    if (to == 0) {
        view.text = text + " to nothing";
        return view;
    }
    view.text = text + " to " + hex_text(to);
    view.leads_to = {to};
    view.behind = true;
    if (target && target->kind != TypeKind::none && target->kind != TypeKind::function && target->why_not.empty()) {
        view.parts = {{target, to, {}, {}}};
    }
    return view;
}

// The type of what an uninitialised piece of storage may hold, and the piece.
ObjectPart stored(ObjectReader& reader, const ObjectPart& holder) {
    const ObjectPart storage = reader.member(holder, "_M_storage");
    if (!reader.ok()) {
        return {};
    }
    const bool raw = storage.type->kind == TypeKind::array ||
                     (storage.type->kind == TypeKind::structure && (storage.type->name.starts_with("__aligned_membuf") ||
                                                                    storage.type->name.starts_with("__aligned_buffer")));
    if (!raw) {
        return storage;
    }
    const Type* type = reader.argument_of(holder.type, "_Type");
    if (reader.ok() && reader.size_of(type) > reader.size_of(storage.type)) {
        reader.refuse_layout();
    }
    return {type, storage.piece};
}

std::uint32_t owners(ObjectReader& reader, const Type* block, Address at, std::string_view name, std::string_view kind) {
    const ByteCount offset = reader.offset_of(block, name);
    const auto count = reader.ok() ? reader.sources().process.value_at<std::uint32_t>(at + offset) : std::nullopt;
    reader.require(count.has_value() && *count <= sensible_owners, kind);
    return count.value_or(0);
}

// `name` is shared_ptr or weak_ptr.
ContainerView read_counted(ObjectReader& reader, const ObjectPart& object, const std::string& name) {
    const ObjectPart pointer = reader.member(object, "_M_ptr");
    const ObjectPart counts = reader.member(object, "_M_refcount._M_pi");
    const Address to = reader.number(pointer);
    const Address block = reader.number(counts);
    const bool weak = name == "weak_ptr";
    const Type* target =
        pointer.type && pointer.type->kind == TypeKind::pointer ? VariableTypes::plain(pointer.type->target) : nullptr;
    if (!reader.ok()) {
        return {};
    }
    if (block == 0) {
        return pointing_view(reader, name, to, target);
    }
    const Type* block_type = reader.target_of(counts);
    if (reader.ok() && !block_type->why_not.empty()) {
        ContainerView view = pointing_view(reader, name, to, nullptr);
        view.text += " (how many share it is not in the debug information)";
        return view;
    }
    reader.require(block % sizeof(Address) == 0 && reader.is_mapped(block, reader.size_of(block_type)), name);
    const std::uint32_t use = owners(reader, block_type, block, "_M_use_count", name);
    const std::uint32_t all = owners(reader, block_type, block, "_M_weak_count", name);
    reader.require((use > 0 || weak) && all > 0, name);
    const std::uint32_t weak_ones = use > 0 ? all - 1 : all;
    if (reader.ok() && use == 0) {
        ContainerView view;
        view.text = "weak_ptr to what is gone";
        return view;
    }
    const std::string shared =
        " (use count " + std::to_string(use) + (weak_ones > 0 ? ", weak count " + std::to_string(weak_ones) : "") + ")";
    ContainerView view = pointing_view(reader, name, to, target);
    const std::size_t arrow = view.text.find(" to ");
    view.text.insert(arrow == view.text.npos ? view.text.size() : arrow, shared);
    return view;
}

// The number in "_Head_base<2, double, false>"; clang writes "2ul".
std::optional<std::size_t> head_number(std::string_view name) {
    constexpr std::string_view start = "_Head_base<";
    if (!name.starts_with(start)) {
        return std::nullopt;
    }
    std::size_t number = 0;
    std::size_t digits = 0;
    for (const char c : name.substr(start.size())) {
        if (c < '0' || c > '9' || ++digits > 4) {
            break;
        }
        number = number * 10 + static_cast<std::size_t>(c - '0');
    }
    return digits > 0 ? std::optional(number) : std::nullopt;
}

// A tuple is a chain of base classes, each of which has one element and the rest of the chain as base classes.
void add_heads(ObjectReader& reader, const ObjectPart& chain, std::vector<ContainerPart>& heads, int depth) {
    constexpr int deepest = 100;
    if (!reader.ok() || !chain.type || chain.type->kind != TypeKind::structure || depth > deepest) {
        reader.refuse_layout();
        return;
    }
    for (const Member& member : reader.sources().types.members_of(*chain.type).fixed) {
        const Type* type = VariableTypes::plain(member.type);
        if (!member.base_class || !type) {
            continue;
        }
        const ObjectPart base = reader.base(chain, type->name);
        if (type->name.starts_with("_Tuple_impl<")) {
            add_heads(reader, base, heads, depth + 1);
        } else if (const auto number = head_number(type->name)) {
            if (*number >= tuple_limit) {
                reader.refuse_layout();
                return;
            }
            heads.resize(std::max(heads.size(), *number + 1));
            if (reader.has(type, "_M_head_impl")) {
                const ObjectPart head = reader.member(base, "_M_head_impl");
                heads[*number] = {head.type, 0, head.piece, {}};
            } else {
                reader.refuse_layout();
            }
        }
    }
}

std::vector<ContainerPart> heads_of(ObjectReader& reader, const ObjectPart& tuple) {
    std::vector<ContainerPart> heads;
    add_heads(reader, tuple, heads, 0);
    if (std::ranges::any_of(heads, [](const ContainerPart& head) { return !head.type; })) {
        reader.refuse_layout();
    }
    return heads;
}

// "main::{lambda(int)#1}" in "std::_Function_handler<int (int), main::{lambda(int)#1}>::_M_invoke(...)"; empty: another name.
std::string callable_in(const std::string& invoker) {
    constexpr std::string_view start = "std::_Function_handler<";
    const std::size_t end = invoker.find(">::_M_invoke(");
    if (!invoker.starts_with(start) || end == invoker.npos) {
        return {};
    }
    int depth = 0;
    for (std::size_t i = start.size(); i < end; ++i) {
        const char c = invoker[i];
        if (c == ',' && depth == 0) {
            const std::size_t from = std::min(i + 2, end);
            return invoker.substr(from, end - from);
        }
        depth += c == '<' || c == '(' ? 1 : c == '>' || c == ')' ? -1 : 0;
    }
    return {};
}

}  // namespace

ContainerView read_unique_ptr(ObjectReader& reader, const ObjectPart& object) {
    const ObjectPart data = reader.member(object, "_M_t");
    const bool wrapped = reader.ok() && reader.has(data.type, "_M_t");
    const std::vector<ContainerPart> heads = heads_of(reader, wrapped ? reader.member(data, "_M_t") : data);
    if (!reader.ok() || heads.empty() || heads.front().type->kind != TypeKind::pointer || !heads.front().within) {
        reader.refuse_layout();  // a deleter may say that its pointer is something else
        return {};
    }
    const Type* pointer = heads.front().type;
    const Address to = reader.number({pointer, *heads.front().within});
    const bool of_array = object.type->name.find("[]") != std::string::npos;  // nobody knows how many there are
    const ByteCount target_size = VariableTypes::size_of(pointer->target).value_or(0);
    reader.require(to == 0 || target_size == 0 || reader.is_mapped(to, target_size), "unique_ptr");
    return pointing_view(reader, "unique_ptr", to, of_array ? nullptr : VariableTypes::plain(pointer->target));
}

ContainerView read_shared_ptr(ObjectReader& reader, const ObjectPart& object) {
    return read_counted(reader, object, "shared_ptr");
}

ContainerView read_weak_ptr(ObjectReader& reader, const ObjectPart& object) {
    return read_counted(reader, object, "weak_ptr");
}

ContainerView read_optional(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view;
    const ObjectPart payload = reader.member(object, "_M_payload");
    const std::uint64_t engaged = reader.number(payload, "_M_engaged");
    const ObjectPart value = reader.member(payload, "_M_payload._M_value");
    reader.require(engaged <= 1, "optional");
    view.text = engaged == 0 ? "nullopt" : "optional: ";
    if (reader.ok() && engaged == 1) {
        view.parts = {{value.type, 0, value.piece, {}}};
    }
    return view;
}

ContainerView read_variant(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view;
    const ObjectPart teller = reader.member(object, "_M_index");
    const std::uint64_t index = reader.number(teller);
    ObjectPart alternatives = reader.member(object, "_M_u");
    if (!reader.ok()) {
        return view;
    }
    const std::uint64_t none = teller.type->size == 1 ? 0xff : teller.type->size == 2 ? 0xffff : ~0ull;
    if (index == none) {
        view.text = "variant: valueless by exception";
        return view;
    }
    for (std::uint64_t i = 0; reader.ok() && i < index && i < alternative_limit; ++i) {
        reader.require(reader.has(alternatives.type, "_M_rest"), "variant");
        alternatives = reader.ok() ? reader.member(alternatives, "_M_rest") : ObjectPart();
    }
    reader.require(reader.ok() && index < alternative_limit && reader.has(alternatives.type, "_M_first"), "variant");
    const ObjectPart value = reader.ok() ? stored(reader, reader.member(alternatives, "_M_first")) : ObjectPart();
    if (reader.ok() && value.type) {
        view.text = "variant: " + reader.sources().types.text_of(value.type) + " ";
        view.parts = {{value.type, 0, value.piece, {}}};
    }
    return view;
}

ContainerView read_tuple(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view;
    view.opening = "(";
    view.closing = ")";
    if (object.type->name != "tuple<>") {
        view.parts = heads_of(reader, object);
    } else {
        view.text = "()";
        view.opening = view.closing = {};
    }
    return view;
}

ContainerView read_pair(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view;
    view.opening = "{";
    view.closing = "}";
    const ObjectPart first = reader.member(object, "first");
    const ObjectPart second = reader.member(object, "second");
    view.parts = {{first.type, 0, first.piece, "first = "}, {second.type, 0, second.piece, "second = "}};
    return view;
}

ContainerView read_function(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view;
    const Address manager = reader.number(object, "_M_manager");
    const Address invoker = reader.number(object, "_M_invoker");
    if (!reader.ok()) {
        return view;
    }
    if (manager == 0) {
        view.text = "function: empty";
        return view;
    }
    const Mapping* code = reader.sources().process.mapping_at(invoker);
    const Mapping* manager_code = reader.sources().process.mapping_at(manager);
    reader.require(code && code->permissions.execute && manager_code && manager_code->permissions.execute, "function");
    const Symbol symbol = reader.sources().modules.symbol_at(invoker);
    const std::string callable = symbol.offset == 0 ? callable_in(demangled(symbol.name)) : std::string();
    view.text = "function: " +
                (callable.empty() ? "what it calls has no name in the program" : callable.substr(0, callable_name_limit));
    if (callable.find("(*)(") != callable.npos) {
        const Address target = reader.number(object, "_M_functor._M_unused._M_function_pointer");
        const Symbol called = reader.ok() ? reader.sources().modules.symbol_at(target) : Symbol();
        const std::string name = demangled(called.name);
        view.text = "function: " + hex_text(target);
        if (!called.name.empty() && called.offset == 0) {
            view.text += " <" + (name.empty() ? called.name : name).substr(0, callable_name_limit) + ">";
        }
    }
    return view;
}

ContainerView read_adapter(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view;
    const ObjectPart inner = reader.member(object, "c");
    view.parts = {{inner.type, 0, inner.piece, {}}};
    return view;
}

ContainerView read_atomic(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view;
    const bool based = reader.has(object.type, "_M_base");
    const ObjectPart inner = reader.member(object, based ? "_M_base" : reader.has(object.type, "_M_b") ? "_M_b" : "_M_i");
    const ObjectPart value = reader.ok() && reader.has(inner.type, "_M_i")   ? reader.member(inner, "_M_i")
                             : reader.ok() && reader.has(inner.type, "_M_p") ? reader.member(inner, "_M_p")
                                                                             : inner;
    view.parts = {{value.type, 0, value.piece, {}}};
    return view;
}

}  // namespace procatlas
