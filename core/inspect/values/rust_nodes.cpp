// What Rust's library keeps in nodes. LinkedList: one element each. BTreeMap and BTreeSet: up to eleven keys, and inner nodes
// have one child more than they have keys.
#include <algorithm>

#include "core/inspect/values/containers.h"

namespace procatlas {
namespace {

constexpr std::string_view tree_kind = "B-tree";
constexpr std::uint64_t keys_of_node = 11;
constexpr std::uint64_t height_limit = 20;  // each node but the root has five keys or more
constexpr std::size_t nodes_read = 2000;

// What `option` has, if it is `Some`.
ObjectPart content_of(ObjectReader& reader, const ObjectPart& option) {
    const Members* members = option.type ? &reader.sources().types.members_of(*option.type) : nullptr;
    if (!reader.ok() || !members || members->variant_parts.size() != 1) {
        reader.refuse_layout();
        return {};
    }
    const auto variant = variant_of(reader.sources(), members->variant_parts.front(), option.piece);
    if (!variant || (*variant)->members.size() != 1) {
        reader.refuse_as_invalid("Option");
        return {};
    }
    const Member& only = (*variant)->members.front();
    const auto piece = piece_of(reader.sources(), only, option.piece);
    if (only.name == "None" || !piece) {
        return {};
    }
    return reader.member({VariableTypes::plain(only.type), piece->piece()}, "__0");
}

class RustTree {
public:
    RustTree(ObjectReader& reader, const Type* leaf, TreeOf what) : reader_(reader), leaf_(leaf), what_(what) {
        const std::string name = reader.ok() ? reader.sources().types.whole_name(*leaf) : std::string();
        const std::size_t at = name.find("LeafNode<");
        if (at == name.npos) {
            reader.refuse_layout();
            return;
        }
        inner_name_ = name.substr(0, at) + "InternalNode" + name.substr(at + std::string_view("LeafNode").size());
        key_ = reader.argument_of(leaf, "K");
        value_ = reader.argument_of(leaf, "V");
        keys_ = reader.offset_of(leaf, "keys");
        values_ = reader.offset_of(leaf, "vals");
    }

    // In the order of the keys.
    void visit(Address node, std::uint64_t height, ContainerView& view) {
        const ObjectPart loaded = reader_.load(leaf_, node);
        const std::uint64_t keys = reader_.number(loaded, "len");
        reader_.require(keys > 0 && keys <= keys_of_node && ++nodes_ < nodes_read, tree_kind);
        const Address children = height == 0 || !reader_.ok() ? 0 : node + offset_of_children();
        view.leads_to.push_back(node);
        for (std::uint64_t i = 0; reader_.ok() && i <= keys && !is_full(view); ++i) {
            if (height != 0) {
                visit(reader_.word_at(children + i * sizeof(Address), tree_kind), height - 1, view);
            }
            if (i < keys && !is_full(view)) {
                add(node, i, view);
            }
        }
    }

private:
    [[nodiscard]] bool is_full(const ContainerView& view) const {
        return view.parts.size() >= (what_ == TreeOf::entries ? 2 : 1) * shown_parts;
    }
    ByteCount offset_of_children() {
        if (!inner_) {
            inner_ = reader_.class_named(inner_name_);
        }
        return reader_.offset_of(inner_, "edges");
    }
    void add(Address node, std::uint64_t i, ContainerView& view) {
        view.parts.push_back({key_, node + keys_ + i * VariableTypes::size_of(key_).value_or(0), {}, {}});
        if (what_ == TreeOf::entries) {
            view.parts.push_back({value_, node + values_ + i * VariableTypes::size_of(value_).value_or(0), {}, {}});
        }
    }

    ObjectReader& reader_;
    const Type* leaf_;
    TreeOf what_;
    std::string inner_name_;
    const Type* inner_ = nullptr;
    const Type* key_ = nullptr;
    const Type* value_ = nullptr;
    ByteCount keys_ = 0;
    ByteCount values_ = 0;
    std::size_t nodes_ = 0;
};

}  // namespace

ContainerView read_linked_list(ObjectReader& reader, const ObjectPart& object) {
    constexpr std::string_view kind = "LinkedList";
    ContainerView view;
    view.opening = "{";
    view.closing = "}";
    const std::uint64_t length = reader.number(object, "len");
    view.sizes = "len " + std::to_string(length);
    ObjectPart link = content_of(reader, reader.member(object, "head"));
    for (std::uint64_t i = 0; reader.ok() && i < length && i < shown_parts; ++i) {
        reader.require(link.type != nullptr, kind);
        const ObjectPart pointer = first_word(reader, link, TypeKind::pointer);
        const Address at = reader.number(pointer);
        const ObjectPart node = reader.load(reader.target_of(pointer), at);
        const ObjectPart element = reader.member(node, "element");
        view.parts.push_back({element.type, element.piece.at.value_or(0), {}, {}});
        view.leads_to.push_back(at);
        link = content_of(reader, reader.member(node, "next"));
    }
    view.more = length > view.parts.size();
    reader.require(view.more || !link.type, kind);
    return view;
}

ContainerView read_rust_tree(ObjectReader& reader, const ObjectPart& map, TreeOf what) {
    ContainerView view;
    view.opening = "{";
    view.closing = "}";
    view.keyed = what == TreeOf::entries;
    const std::uint64_t length = reader.number(map, "length");
    view.sizes = "len " + std::to_string(length);
    const ObjectPart root = content_of(reader, reader.member(map, "root"));
    if (!reader.ok() || length == 0) {
        return view;
    }
    reader.require(root.type != nullptr, tree_kind);
    const std::uint64_t height = reader.number(root, "height");
    const ObjectPart pointer = first_word(reader, reader.member(root, "node"), TypeKind::pointer);
    const Address node = reader.number(pointer);
    reader.require(height <= height_limit, tree_kind);
    const Type* leaf = reader.target_of(pointer);
    if (!reader.ok()) {
        return view;
    }
    RustTree(reader, leaf, what).visit(node, height, view);
    const std::size_t found = view.parts.size() / (what == TreeOf::entries ? 2 : 1);
    reader.require(found == std::min<std::uint64_t>(length, shown_parts), tree_kind);
    view.more = length > found;
    return view;
}

}  // namespace procatlas
