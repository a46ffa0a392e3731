#include "core/inspect/values/container_view.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "core/inspect/values/containers.h"

namespace procatlas {
namespace {

using ReadContainer = ContainerView (*)(ObjectReader&, const ObjectPart&);

struct KnownContainer {
    std::string_view name;
    ReadContainer read;
    std::string_view scope = {};  // empty: `std` itself or the namespace of the C++11 ABI
};

constexpr std::array known_containers = {
    KnownContainer{"basic_string", read_string},
    KnownContainer{"basic_string_view", read_string_view},
    KnownContainer{"vector", read_vector},
    KnownContainer{"array", read_array},
    KnownContainer{"deque", read_deque},
    KnownContainer{"span", read_span},
    KnownContainer{"initializer_list", read_initializer_list},
    KnownContainer{"list", read_list},
    KnownContainer{"forward_list", read_forward_list},
    KnownContainer{"set", read_set},
    KnownContainer{"multiset", read_set},
    KnownContainer{"map", read_map},
    KnownContainer{"multimap", read_map},
    KnownContainer{"unordered_set", read_unordered_set},
    KnownContainer{"unordered_multiset", read_unordered_set},
    KnownContainer{"unordered_map", read_unordered_map},
    KnownContainer{"unordered_multimap", read_unordered_map},
    KnownContainer{"unique_ptr", read_unique_ptr},
    KnownContainer{"shared_ptr", read_shared_ptr},
    KnownContainer{"weak_ptr", read_weak_ptr},
    KnownContainer{"optional", read_optional},
    KnownContainer{"variant", read_variant},
    KnownContainer{"tuple", read_tuple},
    KnownContainer{"pair", read_pair},
    KnownContainer{"function", read_function},
    KnownContainer{"stack", read_adapter},
    KnownContainer{"queue", read_adapter},
    KnownContainer{"priority_queue", read_adapter},
    KnownContainer{"atomic", read_atomic},
    KnownContainer{"expected", read_expected},
    KnownContainer{"any", read_any},
    KnownContainer{"bitset", read_bitset},
    KnownContainer{"path", read_path, "std::filesystem::__cxx11::"},
    KnownContainer{"duration", read_duration, "std::chrono::"},
};

// The debug mode and libc++ have namespaces of their own.
const KnownContainer* known_container(VariableTypes& types, const Type& type) {
    const std::string_view own = type.name;
    const std::string_view name = own.substr(0, own.find('<'));
    const auto found = std::ranges::find(known_containers, name, &KnownContainer::name);
    if (found == known_containers.end() || type.rust) {
        return nullptr;
    }
    const std::string_view whole = types.whole_name(type);
    const std::string_view scope = whole.substr(0, whole.size() - std::min(whole.size(), own.size()));
    const bool fits = found->scope.empty() ? scope == "std::" || scope == "std::__cxx11::" : scope == found->scope;
    return fits ? &*found : nullptr;
}

}  // namespace

// What was read apart, such as the elements behind a pointer, may lie where something else lay before.
bool DecodedContainers::has(const Piece& piece) const {
    const std::less_equal<> not_behind;
    return !bytes_.empty() && not_behind(bytes_.data(), piece.bytes.data()) &&
           not_behind(piece.bytes.data() + piece.bytes.size(), bytes_.data() + bytes_.size());
}

void DecodedContainers::keep(const Type* type, const Piece& piece, Result<ContainerView> view) {
    if (has(piece)) {
        views_.insert_or_assign({type, piece.bytes.data()}, std::move(view));
    }
}

std::optional<Result<ContainerView>> DecodedContainers::take(const Type* type, const Piece& piece) {
    auto found = has(piece) ? views_.extract({type, piece.bytes.data()}) : decltype(views_)::node_type();
    return found ? std::optional(std::move(found.mapped())) : std::nullopt;
}

std::optional<Result<ContainerView>> container_in(const ValueSources& sources, const Type* type, const Piece& piece) {
    const Type* plain = VariableTypes::plain(type);
    const Type* go = VariableTypes::go_type(type);
    const bool rust =
        plain && plain->rust && (plain->why_not.empty() || plain->size == 0) && is_known_rust(sources.types, *plain);
    const bool known_size = plain && plain->why_not.empty() && plain->size;
    const KnownContainer* known =
        known_size && !go && plain->kind == TypeKind::structure ? known_container(sources.types, *plain) : nullptr;
    if (!known && !go && !rust) {
        return std::nullopt;
    }
    ObjectReader reader(sources);
    const ObjectPart object{plain, piece};
    ContainerView view = known ? known->read(reader, object) : go ? read_go(reader, *go, object) : read_rust(reader, object);
    if (reader.ok()) {
        return view;
    }
    if (reader.why_not().empty()) {
        return std::nullopt;
    }
    return fail(reader.why_not());
}

}  // namespace procatlas
