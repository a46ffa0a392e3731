// The containers of libstdc++, one reading each. What fails is kept by the reader.
#pragma once

#include "core/inspect/values/container_view.h"
#include "core/inspect/values/object_reader.h"

namespace procatlas {

// Elements in a row or in blocks.
ContainerView read_string(ObjectReader& reader, const ObjectPart& object);
ContainerView read_string_view(ObjectReader& reader, const ObjectPart& object);
ContainerView read_vector(ObjectReader& reader, const ObjectPart& object);
ContainerView read_array(ObjectReader& reader, const ObjectPart& object);
ContainerView read_deque(ObjectReader& reader, const ObjectPart& object);
ContainerView read_span(ObjectReader& reader, const ObjectPart& object);
ContainerView read_initializer_list(ObjectReader& reader, const ObjectPart& object);

// Elements in nodes.
ContainerView read_list(ObjectReader& reader, const ObjectPart& object);
ContainerView read_forward_list(ObjectReader& reader, const ObjectPart& object);
ContainerView read_set(ObjectReader& reader, const ObjectPart& object);
ContainerView read_map(ObjectReader& reader, const ObjectPart& object);
ContainerView read_unordered_set(ObjectReader& reader, const ObjectPart& object);
ContainerView read_unordered_map(ObjectReader& reader, const ObjectPart& object);

// One value, or one of several.
ContainerView read_unique_ptr(ObjectReader& reader, const ObjectPart& object);
ContainerView read_shared_ptr(ObjectReader& reader, const ObjectPart& object);
ContainerView read_weak_ptr(ObjectReader& reader, const ObjectPart& object);
ContainerView read_optional(ObjectReader& reader, const ObjectPart& object);
ContainerView read_variant(ObjectReader& reader, const ObjectPart& object);
ContainerView read_tuple(ObjectReader& reader, const ObjectPart& object);
ContainerView read_pair(ObjectReader& reader, const ObjectPart& object);
ContainerView read_function(ObjectReader& reader, const ObjectPart& object);
// A stack, queue or priority queue is the container that it is made of.
ContainerView read_adapter(ObjectReader& reader, const ObjectPart& object);
ContainerView read_atomic(ObjectReader& reader, const ObjectPart& object);
ContainerView read_expected(ObjectReader& reader, const ObjectPart& object);
ContainerView read_any(ObjectReader& reader, const ObjectPart& object);
ContainerView read_bitset(ObjectReader& reader, const ObjectPart& object);
ContainerView read_path(ObjectReader& reader, const ObjectPart& object);
ContainerView read_duration(ObjectReader& reader, const ObjectPart& object);
// 10 in "bitset<10>", also as clang writes it; nullopt: the arguments are others.
[[nodiscard]] std::optional<std::uint64_t> count_in_name(std::string_view name);

// Go's own kinds.
ContainerView read_go(ObjectReader& reader, const Type& kind, const ObjectPart& object);

// Rust's: whether `type` is one that is read, and what it holds.
[[nodiscard]] bool is_known_rust(VariableTypes& types, const Type& type);
ContainerView read_rust(ObjectReader& reader, const ObjectPart& object);
// A BTreeMap; without its values it is the set that is made of it.
enum class TreeOf { keys, entries };
ContainerView read_rust_tree(ObjectReader& reader, const ObjectPart& map, TreeOf what);
ContainerView read_hash_map(ObjectReader& reader, const ObjectPart& object);
ContainerView read_hash_set(ObjectReader& reader, const ObjectPart& object);
ContainerView read_linked_list(ObjectReader& reader, const ObjectPart& object);
// The first member of a Rust object, at any depth, that is of this kind; without a type: none is.
ObjectPart first_word(ObjectReader& reader, const ObjectPart& object, TypeKind kind, int depth = 0);
// 'é', as Rust writes a `char`; a number if it is none.
[[nodiscard]] std::string rust_character(std::uint64_t value);

// The text in `length` bytes from `start` on, and how much was left out.
void tell_bytes(ObjectReader& reader, Address start, std::uint64_t length, ContainerView& view);
// The text between `start` and `start + length`, of `unit` bytes each, and how much was left out. Sets `row` if it is no text.
void tell_text(ObjectReader& reader, Address start, std::uint64_t length, const Type* unit, ContainerView& view);

}  // namespace procatlas
