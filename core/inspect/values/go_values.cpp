// Strings, slices, maps, interfaces, pointers, channels and functions of Go, by the members that its debug information names.
#include <algorithm>

#include "core/inspect/values/containers.h"
#include "core/inspect/values/scalar_text.h"

namespace procatlas {
namespace {

constexpr unsigned go_key_attribute = 0x2901;
constexpr unsigned go_element_attribute = 0x2902;
constexpr std::size_t buckets_read = 10'000;

ContainerView view_of_text(std::string text) {
    ContainerView view;
    view.text = std::move(text);
    return view;
}

ContainerView read_go_string(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view;
    const Address start = reader.number(object, "str");
    tell_bytes(reader, start, reader.number(object, "len"), view);
    if (start != 0) {
        view.leads_to = {start};
    }
    return view;
}

ContainerView read_slice(ObjectReader& reader, const Type& kind, const ObjectPart& object) {
    ContainerView view;
    const ObjectPart pointer = reader.member(object, "array");
    const Address start = reader.number(pointer);
    const std::uint64_t length = reader.number(object, "len");
    const std::uint64_t capacity = reader.number(object, "cap");
    const Type* told = reader.sources().types.type_in(kind, go_element_attribute);
    view.element = told ? told : reader.target_of(pointer);
    const ByteCount size = reader.ok() ? VariableTypes::size_of(view.element).value_or(0) : 0;
    ByteCount whole = 0;
    reader.require(length <= capacity && !__builtin_mul_overflow(capacity, size, &whole), "slice");
    reader.require(start == 0 ? capacity == 0 : whole == 0 || reader.is_mapped(start, whole), "slice");
    if (!reader.ok()) {
        return view;
    }
    if (start == 0) {
        return view_of_text("nil");
    }
    if (size == 0) {
        return view_of_text("{...} len " + std::to_string(length));
    }
    view.opening = "{";
    view.closing = "}";
    view.row = start;
    view.count = length;
    view.sizes = "len " + std::to_string(length) + ", cap " + std::to_string(capacity);
    view.leads_to = {start};
    return view;
}

// The map of Go up to 1.23: buckets of eight entries, each with a chain behind it. While it grows, an old bucket counts until
// it is moved.
class GoMap {
public:
    GoMap(ObjectReader& reader, const Type& kind, const ObjectPart& header) : reader_(reader), header_(header) {
        key_ = reader.sources().types.type_in(kind, go_key_attribute);
        value_ = reader.sources().types.type_in(kind, go_element_attribute);
        count_ = reader.number(header, "count");
        log_ = reader.number(header, "B");
        bucket_ = reader.target_of(reader.member(header, "buckets"));
        hashes_ = reader.offset_of(bucket_, "tophash");
        keys_ = column("keys", key_);
        values_ = column("values", value_);
        overflow_ = reader.offset_of(bucket_, "overflow");
    }

    ContainerView read() {
        constexpr std::uint64_t same_size_grow = 8;
        ContainerView view;
        view.opening = "{";
        view.closing = "}";
        view.keyed = true;
        view.sizes = "len " + std::to_string(count_);
        const Address buckets = reader_.number(header_, "buckets");
        const Address old = reader_.number(header_, "oldbuckets");
        const std::uint64_t flags = reader_.number(header_, "flags");
        constexpr std::uint64_t largest_log = 40;
        reader_.require(log_ <= largest_log && count_ <= (1ull << (largest_log + 3)) && (buckets != 0 || count_ == 0), "map");
        if (!reader_.ok() || count_ == 0) {
            return view;
        }
        const ByteCount size = reader_.size_of(bucket_);
        const std::uint64_t number = 1ull << log_;
        const std::uint64_t old_number = (flags & same_size_grow) != 0 ? number : number / 2;
        std::uint64_t at = 0;
        for (; reader_.ok() && at < number && view.parts.size() < 2 * shown_parts && read_ < buckets_read; ++at) {
            const Address old_one = old != 0 && old_number != 0 ? old + (at & (old_number - 1)) * size : 0;
            if (old_one == 0 || is_moved(old_one)) {
                add_chain(buckets + at * size, view);
            } else if (at < old_number) {
                add_chain(old_one, view);
            }
        }
        const bool whole = at == number && view.parts.size() < 2 * shown_parts && read_ < buckets_read;
        const std::uint64_t found = view.parts.size() / 2;
        view.more = found < count_;
        if (whole && found != count_) {
            reader_.refuse("the map is being changed");
        }
        view.leads_to = {buckets};
        return view;
    }

private:
    struct Column {
        ByteCount offset = 0;
        ByteCount size = 0;
        bool behind_pointers = false;  // of an entry that is too large for the bucket
    };

    Column column(std::string_view name, const Type* type) {
        Column found;
        found.offset = reader_.offset_of(bucket_, name);
        const ByteCount size = type ? VariableTypes::size_of(type).value_or(0) : 0;
        const ByteCount whole = bucket_ && reader_.ok() ? size_of_member(name) : 0;
        found.size = whole / entries;
        found.behind_pointers = size != found.size && found.size == sizeof(Address);
        if (!type || (size != found.size && !found.behind_pointers)) {
            reader_.refuse_layout();
        }
        return found;
    }
    ByteCount size_of_member(std::string_view name) {
        for (const Member& member : reader_.sources().types.members_of(*bucket_).fixed) {
            if (member.name == name) {
                return VariableTypes::size_of(member.type).value_or(0);
            }
        }
        return 0;
    }

    bool is_moved(Address bucket) {
        const auto hash = reader_.sources().process.value_at<std::uint8_t>(bucket + hashes_);
        reader_.require(hash.has_value(), "map");
        return hash && *hash > 1 && *hash < first_hash;  // it says where its entries went
    }

    void add_chain(Address bucket, ContainerView& view) {
        while (reader_.ok() && bucket != 0 && view.parts.size() < 2 * shown_parts && ++read_ < buckets_read) {
            std::uint8_t hashes[entries] = {};
            reader_.require(reader_.sources().process.read(bucket + hashes_, hashes, sizeof hashes), "map");
            for (std::size_t i = 0; reader_.ok() && i < entries; ++i) {
                if (hashes[i] >= first_hash) {
                    add(key_, keys_, bucket, i, view);
                    add(value_, values_, bucket, i, view);
                }
            }
            bucket = reader_.word_at(bucket + overflow_, "map");
        }
    }
    void add(const Type* type, const Column& column, Address bucket, std::size_t i, ContainerView& view) {
        const Address at = bucket + column.offset + i * column.size;
        view.parts.push_back({type, column.behind_pointers ? reader_.word_at(at, "map") : at, {}, {}});
    }

    static constexpr std::size_t entries = 8;
    static constexpr std::uint8_t first_hash = 5;  // what is smaller says that the entry is empty or moved

    ObjectReader& reader_;
    const ObjectPart& header_;
    const Type* key_ = nullptr;
    const Type* value_ = nullptr;
    const Type* bucket_ = nullptr;
    std::uint64_t count_ = 0;
    std::uint64_t log_ = 0;
    ByteCount hashes_ = 0;
    Column keys_;
    Column values_;
    ByteCount overflow_ = 0;
    std::size_t read_ = 0;
};

ContainerView read_go_map(ObjectReader& reader, const Type& kind, const ObjectPart& object) {
    const Address at = reader.number(object);
    const Type* header = reader.target_of(object);
    if (!reader.ok() || at == 0) {
        return view_of_text("nil");
    }
    if (!reader.has(header, "buckets")) {
        reader.refuse("it is a map of a newer version of Go than can be read here");
        return {};
    }
    const ObjectPart loaded = reader.load(header, at);
    ContainerView view = GoMap(reader, kind, loaded).read();
    view.leads_to.insert(view.leads_to.begin(), at);
    return view;
}

// The type that the running program describes at `address`, if the debug information names it and both agree about it.
const Type* dynamic_type(ObjectReader& reader, const ObjectPart& pointer, Address address) {
    constexpr std::uint64_t kind_bits = 31;
    const auto base = reader.sources().modules.address_of("runtime.types");
    const ObjectPart told = reader.load(reader.target_of(pointer), address);
    const bool old = reader.ok() && reader.has(told.type, "size");
    const std::uint64_t size = reader.number(told, old ? "size" : "Size_");
    const std::uint64_t kind = reader.number(told, old ? "kind" : "Kind_") & kind_bits;
    if (!reader.ok() || !base) {
        return nullptr;
    }
    VariableTypes& types = reader.sources().types;
    for (const Address key : {address - *base, address - reader.sources().bias}) {
        const Type* type = types.go_runtime_type(key);
        if (type && VariableTypes::size_of(type) == size && go_kind_number(type->die) == kind) {
            return type;
        }
    }
    return nullptr;
}

// Whether an interface holds the value itself, and not a pointer to it.
bool is_direct(ObjectReader& reader, const ObjectPart& pointer, Address address) {
    constexpr std::uint64_t direct_bit = 32;
    const ObjectPart told = reader.load(reader.target_of(pointer), address);
    return (reader.number(told, reader.ok() && reader.has(told.type, "size") ? "kind" : "Kind_") & direct_bit) != 0;
}

ContainerView read_interface(ObjectReader& reader, const ObjectPart& object) {
    ObjectPart pointer;
    Address type_at = 0;
    if (reader.has(object.type, "tab")) {
        const ObjectPart table = reader.member(object, "tab");
        const Address at = reader.number(table);
        if (at == 0) {
            return view_of_text("nil");
        }
        const ObjectPart loaded = reader.load(reader.target_of(table), at);
        pointer = reader.member(loaded, reader.ok() && reader.has(loaded.type, "_type") ? "_type" : "Type");
    } else {
        pointer = reader.member(object, "_type");
    }
    type_at = reader.number(pointer);
    if (!reader.ok() || type_at == 0) {
        return view_of_text("nil");
    }
    const ObjectPart data = reader.member(object, "data");
    const Address held = reader.number(data);
    const Type* type = dynamic_type(reader, pointer, type_at);
    const bool direct = is_direct(reader, pointer, type_at);
    if (!reader.ok()) {
        return {};
    }
    if (!type) {
        reader.refuse("the type of what it holds is not in the debug information");
        return {};
    }
    ContainerView view = view_of_text(reader.sources().types.text_of(type) + ": ");
    view.parts = {{type, held, direct ? std::optional(data.piece) : std::nullopt, {}}};
    if (!direct && held != 0) {
        view.leads_to = {held};
    }
    return view;
}

ContainerView read_go_pointer(ObjectReader& reader, const ObjectPart& object) {
    const Address to = reader.number(object);
    if (!reader.ok() || to == 0) {
        return view_of_text("nil");
    }
    ContainerView view = view_of_text(hex_text(to));
    view.leads_to = {to};
    view.behind = true;
    const Type* target = VariableTypes::plain(object.type->target);
    if (target && target->why_not.empty() && VariableTypes::size_of(target).value_or(0) != 0) {
        view.parts = {{object.type->target, to, {}, {}}};
    }
    return view;
}

// A function is a pointer to a block that begins with the address of its code.
ContainerView read_go_function(ObjectReader& reader, const ObjectPart& object) {
    if (object.piece.bytes.size() < sizeof(Address)) {
        reader.refuse("its memory cannot be read");
        return {};
    }
    const Address block = number_in(object.piece.bytes.substr(0, sizeof(Address)));
    if (block == 0) {
        return view_of_text("nil");
    }
    const Address code = reader.word_at(block, "function");
    const Mapping* mapping = reader.ok() ? reader.sources().process.mapping_at(code) : nullptr;
    reader.require(mapping && mapping->permissions.execute, "function");
    if (!reader.ok()) {
        return {};
    }
    const Symbol& symbol = reader.sources().modules.symbol_at(code);
    ContainerView view = view_of_text(symbol.name.empty() || symbol.offset != 0 ? hex_text(code) : symbol.name);
    view.leads_to = {block};
    return view;
}

// What waits in it lies in a ring.
ContainerView read_channel(ObjectReader& reader, const Type& kind, const ObjectPart& object) {
    const Address at = reader.number(object);
    if (!reader.ok() || at == 0) {
        return view_of_text("nil");
    }
    const ObjectPart channel = reader.load(reader.target_of(object), at);
    const std::uint64_t waiting = reader.number(channel, "qcount");
    const std::uint64_t room = reader.number(channel, "dataqsiz");
    const std::uint64_t next = reader.number(channel, "recvx");
    const Address ring = reader.number(channel, "buf");
    const Type* element = reader.sources().types.type_in(kind, go_element_attribute);
    const ByteCount size = VariableTypes::size_of(element).value_or(0);
    ByteCount whole = 0;
    reader.require(waiting <= room && (next < room || next == 0) && !__builtin_mul_overflow(room, size, &whole) &&
                       (whole == 0 || reader.is_mapped(ring, whole)),
                   "channel");
    ContainerView view = view_of_text(hex_text(at) + " ");
    view.opening = "{";
    view.closing = "}";
    for (std::uint64_t i = 0; reader.ok() && element && i < waiting && i < shown_parts; ++i) {
        view.parts.push_back({element, ring + (next + i) % room * size, {}, {}});
    }
    view.more = waiting > view.parts.size();
    view.sizes = "len " + std::to_string(waiting) + ", cap " + std::to_string(room);
    view.leads_to = {at};
    return view;
}

}  // namespace

ContainerView read_go(ObjectReader& reader, const Type& kind, const ObjectPart& object) {
    switch (kind.go) {
        case GoKind::string:
            return read_go_string(reader, object);
        case GoKind::slice:
            return read_slice(reader, kind, object);
        case GoKind::map:
            return read_go_map(reader, kind, object);
        case GoKind::interface:
            return read_interface(reader, object);
        case GoKind::pointer:
            return read_go_pointer(reader, object);
        case GoKind::function:
            return read_go_function(reader, object);
        case GoKind::channel:
            return read_channel(reader, kind, object);
        case GoKind::none:
            break;
    }
    reader.refuse_layout();
    return {};
}

}  // namespace procatlas
