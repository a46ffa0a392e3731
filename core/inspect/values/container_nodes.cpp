// Lists, maps, sets and the unordered ones: containers whose elements lie in nodes that point to each other.
#include <array>

#include "core/inspect/values/containers.h"

namespace procatlas {
namespace {

constexpr int tree_height_limit = 128;  // twice the logarithm of the number of nodes that fit into memory
constexpr std::uint64_t counted_nodes_limit = 2'000;

// `arguments` of a template as compilers write them: "> >" at the end of nested ones.
std::string template_name(std::string_view name, std::string_view arguments) {
    return std::string(name) + "<" + std::string(arguments) + (arguments.ends_with('>') ? " >" : ">");
}

// The argument number `index` in the name of a template's instance; empty: none.
std::string_view argument_in(std::string_view name, std::size_t index) {
    std::size_t start = name.find('<');
    int depth = 0;
    for (std::size_t i = start; i < name.size(); ++i) {
        const char c = name[i];
        const bool ends = depth == 1 && (c == ',' || c == '>');
        if (ends && index == 0) {
            std::string_view found = name.substr(start + 1, i - start - 1);
            while (found.starts_with(' ')) {
                found.remove_prefix(1);
            }
            while (found.ends_with(' ')) {
                found.remove_suffix(1);
            }
            return found;
        }
        if (ends) {
            --index;
            start = i;
        }
        depth += c == '<' || c == '(' || c == '[' || c == '{' ? 1 : c == '>' || c == ')' || c == ']' || c == '}' ? -1 : 0;
    }
    return {};
}

// Where the nodes of a kind keep their value.
struct NodeLayout {
    const Type* value = nullptr;
    ByteCount offset = 0;
};

NodeLayout node_of(ObjectReader& reader, const std::string& whole_name, const Type* value) {
    const Type* type = reader.class_named(whole_name);
    if (!reader.ok()) {
        return {};
    }
    const char* const member = reader.has(type, "_M_storage") ? "_M_storage"
                               : reader.has(type, "_M_data")  ? "_M_data"
                                                              : "_M_value_field";
    const ByteCount offset = reader.offset_of(type, member);
    const ByteCount size = reader.size_of(value);
    const ByteCount whole = reader.size_of(type);
    if (reader.ok() && (offset > whole || size > whole - offset)) {
        reader.refuse_layout();
    }
    return {value, offset};
}

ContainerView view_of_nodes() {
    ContainerView view;
    view.opening = "{";
    view.closing = "}";
    return view;
}

void add_value(const NodeLayout& node, Address at, ContainerView& view) {
    view.parts.push_back({node.value, at + node.offset, {}, {}});
}

// Makes pairs to keys and values.
void split_pairs(ObjectReader& reader, ContainerView& view) {
    std::vector<ContainerPart> parts;
    for (const ContainerPart& pair : view.parts) {
        for (const char* const name : {"first", "second"}) {
            const auto& members = reader.sources().types.members_of(*pair.type).fixed;
            for (const Member& member : members) {
                if (member.name == name) {
                    parts.push_back({member.type, pair.at + reader.offset_of(pair.type, name), {}, {}});
                }
            }
        }
    }
    if (parts.size() != 2 * view.parts.size()) {
        reader.refuse_layout();
    }
    view.parts = std::move(parts);
    view.keyed = true;
}

// The nodes of a red-black tree in their order, each reached from its parent and checked to point back to it.
class TreeReader {
public:
    TreeReader(ObjectReader& reader, const ObjectPart& object, std::string_view kind) : reader_(reader), kind_(kind) {
        tree_ = reader.member(object, "_M_t");
        header_ = reader.member(tree_, "_M_impl._M_header");
        count_ = reader.number(tree_, "_M_impl._M_node_count");
        left_ = reader.offset_of(header_.type, "_M_left");
        right_ = reader.offset_of(header_.type, "_M_right");
        parent_ = reader.offset_of(header_.type, "_M_parent");
    }

    ContainerView read() {
        ContainerView view = view_of_nodes();
        const std::uint64_t root = reader_.number(header_, "_M_parent");
        const std::uint64_t leftmost = reader_.number(header_, "_M_left");
        const std::uint64_t rightmost = reader_.number(header_, "_M_right");
        view.sizes = "size " + std::to_string(count_);
        if (!reader_.ok()) {
            return view;
        }
        if (!header_.piece.at) {
            reader_.refuse("where it lies in memory is not known");
        }
        reader_.require((root == 0) == (count_ == 0), kind_);
        if (!reader_.ok() || root == 0) {
            const Address empty = header_.piece.at.value_or(0);
            reader_.require(leftmost == empty && rightmost == empty, kind_);
            return view;
        }
        reader_.require(reader_.word_at(root + parent_, kind_) == *header_.piece.at, kind_);
        const Type* value = reader_.argument_of(tree_.type, "_Val");
        const std::string name(reader_.ok() ? argument_in(tree_.type->name, 1) : std::string_view());
        const NodeLayout node = node_of(reader_, template_name("std::_Rb_tree_node", name), value);
        walk(root, leftmost, node, view);
        view.more = count_ > view.parts.size();
        reader_.require(view.more || view.parts.empty() || last_ == rightmost, kind_);
        view.leads_to = {root};
        return view;
    }

private:
    void descend(Address node, Address parent) {
        for (; node != 0 && reader_.ok(); node = reader_.word_at(node + left_, kind_)) {
            reader_.require(height_ < path_.size() && reader_.word_at(node + parent_, kind_) == parent, kind_);
            if (reader_.ok()) {
                path_[height_++] = node;
                parent = node;
            }
        }
    }

    void walk(Address root, Address leftmost, const NodeLayout& node, ContainerView& view) {
        descend(root, *header_.piece.at);
        reader_.require(height_ > 0 && path_[height_ - 1] == leftmost, kind_);
        while (reader_.ok() && height_ > 0 && view.parts.size() < shown_parts) {
            last_ = path_[--height_];
            add_value(node, last_, view);
            descend(reader_.word_at(last_ + right_, kind_), last_);
        }
        const bool ended = height_ == 0;
        reader_.require(ended ? view.parts.size() == count_ : view.parts.size() < count_, kind_);
    }

    ObjectReader& reader_;
    std::string_view kind_;
    ObjectPart tree_;
    ObjectPart header_;
    std::uint64_t count_ = 0;
    ByteCount left_ = 0;
    ByteCount right_ = 0;
    ByteCount parent_ = 0;
    std::array<Address, tree_height_limit> path_{};
    std::size_t height_ = 0;
    Address last_ = 0;
};

ContainerView read_hash_table(ObjectReader& reader, const ObjectPart& object, std::string_view kind) {
    ContainerView view = view_of_nodes();
    const ObjectPart table = reader.member(object, "_M_h");
    const std::uint64_t count = reader.number(table, "_M_element_count");
    const std::uint64_t buckets = reader.number(table, "_M_bucket_count");
    const Address bucket_row = reader.number(table, "_M_buckets");
    const ObjectPart first = reader.member(table, "_M_before_begin._M_nxt");
    const Address begin = reader.number(first);
    const ByteCount next = reader.offset_of(reader.target_of(first), "_M_nxt");
    ByteCount row_bytes = 0;
    const bool fits = !__builtin_mul_overflow(buckets, sizeof(Address), &row_bytes);
    reader.require(!reader.ok() || (fits && buckets != 0 && reader.is_mapped(bucket_row, row_bytes)), kind);
    reader.require((count == 0) == (begin == 0), kind);
    view.sizes = "size " + std::to_string(count);
    if (!reader.ok()) {
        return view;
    }
    if (count > 0) {
        reader.word_at(begin + next, kind);  // before what else may be missing
        const Type* value = reader.argument_of(table.type, "_Value");
        const std::string arguments(argument_in(table.type->name, 1));
        const Type* traits = reader.argument_of(table.type, "_Traits");
        const bool cached = reader.ok() && traits->name.starts_with("_Hashtable_traits<true");
        const std::string whole = "std::__detail::_Hash_node<" + arguments + (cached ? ", true>" : ", false>");
        const NodeLayout node = node_of(reader, whole, value);
        Address at = begin;
        while (reader.ok() && at != 0 && view.parts.size() < shown_parts) {
            add_value(node, at, view);
            at = reader.word_at(at + next, kind);
        }
        reader.require(at == 0 ? view.parts.size() == count : view.parts.size() < count, kind);
        view.leads_to = {bucket_row, begin};
    }
    view.more = count > view.parts.size();
    return view;
}

// How many nodes there are up to the one that points to `end`.
std::uint64_t count_nodes(ObjectReader& reader, Address at, Address end, ByteCount next, std::string_view kind) {
    std::uint64_t count = 0;
    for (; reader.ok() && at != end && count <= counted_nodes_limit; ++count) {
        at = reader.word_at(at + next, kind);
    }
    return count;
}

}  // namespace

ContainerView read_list(ObjectReader& reader, const ObjectPart& object) {
    constexpr std::string_view kind = "list";
    ContainerView view = view_of_nodes();
    const ObjectPart header = reader.member(object, "_M_impl._M_node");
    const ObjectPart first = reader.member(header, "_M_next");
    const Type* links = reader.target_of(first);
    const ByteCount next = reader.offset_of(links, "_M_next");
    const ByteCount previous = reader.offset_of(links, "_M_prev");
    const Address begin = reader.number(first);
    const Address last = reader.number(header, "_M_prev");
    if (!reader.ok() || !header.piece.at) {
        reader.refuse("where it lies in memory is not known");
        return view;
    }
    const Address end = *header.piece.at;
    const bool told = reader.has(header.type, "_M_size");
    const std::uint64_t count = told ? reader.number(header, "_M_size") : count_nodes(reader, begin, end, next, kind);
    reader.require((count == 0) == (begin == end) && (begin == end) == (last == end), kind);
    view.sizes = told || count <= counted_nodes_limit ? "size " + std::to_string(count)
                                                      : "size more than " + std::to_string(counted_nodes_limit);
    if (!reader.ok() || count == 0) {
        return view;
    }
    reader.require(reader.word_at(begin + previous, kind) == end, kind);
    const std::string_view value = argument_in(object.type->name, 0);
    const NodeLayout node = node_of(reader, template_name("std::_List_node", value), reader.argument_of(object.type, "_Tp"));
    Address before = end;
    Address at = begin;
    while (reader.ok() && at != end && view.parts.size() < shown_parts) {
        reader.require(reader.word_at(at + previous, kind) == before, kind);
        add_value(node, at, view);
        before = at;
        at = reader.word_at(at + next, kind);
    }
    reader.require(at == end ? view.parts.size() == count && last == before : view.parts.size() < count, kind);
    view.more = count > view.parts.size();
    view.leads_to = {begin};
    return view;
}

ContainerView read_forward_list(ObjectReader& reader, const ObjectPart& object) {
    constexpr std::string_view kind = "list";
    ContainerView view = view_of_nodes();
    const ObjectPart first = reader.member(object, "_M_impl._M_head._M_next");
    const ByteCount next = reader.offset_of(reader.target_of(first), "_M_next");
    const Address begin = reader.number(first);
    const std::uint64_t count = count_nodes(reader, begin, 0, next, kind);
    view.sizes = count <= counted_nodes_limit ? "size " + std::to_string(count)
                                              : "size more than " + std::to_string(counted_nodes_limit);
    if (!reader.ok() || count == 0) {
        return view;
    }
    const std::string_view value = argument_in(object.type->name, 0);
    const NodeLayout node =
        node_of(reader, template_name("std::_Fwd_list_node", value), reader.argument_of(object.type, "_Tp"));
    Address at = begin;
    while (reader.ok() && at != 0 && view.parts.size() < shown_parts) {
        add_value(node, at, view);
        at = reader.word_at(at + next, kind);
    }
    view.more = at != 0;
    view.leads_to = {begin};
    return view;
}

ContainerView read_set(ObjectReader& reader, const ObjectPart& object) {
    return TreeReader(reader, object, "set").read();
}

ContainerView read_map(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view = TreeReader(reader, object, "map").read();
    if (reader.ok()) {
        split_pairs(reader, view);
    }
    return view;
}

ContainerView read_unordered_set(ObjectReader& reader, const ObjectPart& object) {
    return read_hash_table(reader, object, "unordered set");
}

ContainerView read_unordered_map(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view = read_hash_table(reader, object, "unordered map");
    if (reader.ok()) {
        split_pairs(reader, view);
    }
    return view;
}

}  // namespace procatlas
