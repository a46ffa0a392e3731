// Strings, vectors and other containers that keep their elements in a row or in blocks.
#include <algorithm>

#include "core/base/text.h"
#include "core/inspect/values/containers.h"
#include "core/inspect/values/scalar_text.h"

namespace procatlas {
namespace {

constexpr std::size_t text_bytes_read = 65'536;
constexpr std::uint64_t text_units_read = 1000;  // of a text that is not in bytes

struct ElementRow {
    Address start = 0;
    Address finish = 0;
    Address end = 0;
    const Type* element = nullptr;
    ByteCount size = 1;
};

bool is_character_type(const Type& type, ByteCount size) {
    const bool wide = (type.kind == TypeKind::signed_integer || type.kind == TypeKind::unsigned_integer) &&
                      (type.name == "wchar_t" || type.name == "char16_t" || type.name == "char32_t");
    const bool narrow = type.kind == TypeKind::character || type.kind == TypeKind::unsigned_character;
    return (narrow && size == 1) || (wide && (size == 2 || size == 4));
}

void append_utf8(std::string& text, std::uint32_t c) {
    const auto byte = [&](std::uint32_t value) { text += static_cast<char>(value); };
    if (c < 0x80) {
        byte(c);
    } else if (c < 0x800) {
        byte(0xc0 | c >> 6);
        byte(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        byte(0xe0 | c >> 12);
        byte(0x80 | (c >> 6 & 0x3f));
        byte(0x80 | (c & 0x3f));
    } else {
        byte(0xf0 | c >> 18);
        byte(0x80 | (c >> 12 & 0x3f));
        byte(0x80 | (c >> 6 & 0x3f));
        byte(0x80 | (c & 0x3f));
    }
}

// nullopt: they are no text.
std::optional<std::string> utf8_of(std::string_view bytes, ByteCount unit) {
    std::string text;
    while (bytes.size() >= unit) {
        std::uint64_t c = number_in(bytes.substr(0, unit));
        bytes.remove_prefix(unit);
        const bool high = unit == 2 && c >= 0xd800 && c < 0xdc00 && bytes.size() >= unit;
        if (const std::uint64_t low = high ? number_in(bytes.substr(0, unit)) : 0; low >= 0xdc00 && low < 0xe000) {
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            bytes.remove_prefix(unit);
        }
        if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
            return std::nullopt;
        }
        append_utf8(text, static_cast<std::uint32_t>(c));
    }
    return text;
}

// `more`: there is more text than this.
void show_text(std::string text, std::uint64_t length, bool more, ContainerView& view) {
    if (more && !text.empty()) {  // nobody has counted how often the last one is repeated
        text.resize(text.find_last_not_of(text.back()) + 1);
    }
    view.text = string_text(text);
    if (more && !view.text.ends_with("...")) {
        view.text += "...";
    }
    view.more = view.text.ends_with("...");
    view.sizes = view.more ? "length " + std::to_string(length) : std::string();
}

// What cannot be the bounds of a row is refused.
void check_row(ObjectReader& reader, const ElementRow& row, std::string_view kind) {
    const bool ordered = row.start <= row.finish && row.finish <= row.end;
    const bool whole = ordered && (row.finish - row.start) % row.size == 0 && (row.end - row.start) % row.size == 0;
    const bool aligned = row.start % std::min<ByteCount>(row.size & (~row.size + 1), sizeof(Address)) == 0;
    const bool none = row.start == 0 && row.end == 0;
    reader.require(whole && aligned && (none || reader.is_mapped(row.start, row.end - row.start)), kind);
}

ContainerView view_of_row(const Type* element, Address start, std::uint64_t count) {
    ContainerView view;
    view.opening = "{";
    view.closing = "}";
    view.element = element;
    view.row = start;
    view.count = count;
    return view;
}

ContainerView bits_of(ObjectReader& reader, const ObjectPart& object) {
    constexpr std::string_view kind = "vector";
    const Address start = reader.number(object, "_M_impl._M_start._M_p");
    const Address finish = reader.number(object, "_M_impl._M_finish._M_p");
    const Address end = reader.number(object, "_M_impl._M_end_of_storage");
    const std::uint64_t first = reader.number(object, "_M_impl._M_start._M_offset");
    const std::uint64_t last = reader.number(object, "_M_impl._M_finish._M_offset");
    const ByteCount word = reader.size_of(reader.target_of(reader.member(object, "_M_impl._M_start._M_p")));
    ContainerView view;
    if (!reader.ok()) {
        return view;
    }
    check_row(reader, {start, finish, end, nullptr, word}, kind);
    reader.require(first == 0 && last < word * 8 && (last == 0 || finish < end) && word <= sizeof(std::uint64_t), kind);
    const std::uint64_t size = (finish - start) * 8 + last;
    const std::uint64_t shown = std::min<std::uint64_t>(size, shown_parts);
    if (!reader.ok()) {
        return view;
    }
    const std::string bytes = reader.sources().process.read_some(start, (shown + 7) / 8);
    if (bytes.size() < (shown + 7) / 8) {
        reader.refuse("its memory cannot be read");
        return view;
    }
    view.text = "{";
    for (std::uint64_t i = 0; i < shown; ++i) {
        view.text += i == 0 ? "" : ", ";
        view.text += (static_cast<unsigned char>(bytes[i / 8]) >> (i % 8) & 1) != 0 ? "true" : "false";
    }
    view.more = shown < size;
    view.text += view.more ? "...}" : "}";
    view.sizes = "size " + std::to_string(size) + ", capacity " + std::to_string((end - start) * 8);
    if (start != 0) {
        view.leads_to = {start};
    }
    return view;
}

// Before the C++11 ABI, a string is a pointer to its characters, and before them lies what it knows of itself.
ContainerView copied_on_write(ObjectReader& reader, const ObjectPart& object) {
    constexpr std::string_view kind = "string";
    const ObjectPart pointer = reader.member(object, "_M_dataplus._M_p");
    const Address start = reader.number(pointer);
    const Type* unit = reader.target_of(pointer);
    ContainerView view;
    if (!reader.ok()) {
        return view;
    }
    const Type* rep = reader.class_named(reader.sources().types.whole_name(*object.type) + "::_Rep_base");
    const Address at = start - reader.size_of(rep);
    const std::uint64_t length = reader.word_at(at + reader.offset_of(rep, "_M_length"), kind);
    const std::uint64_t capacity = reader.word_at(at + reader.offset_of(rep, "_M_capacity"), kind);
    reader.require(start > at && length <= capacity, kind);
    tell_text(reader, start, length, unit, view);
    view.leads_to = {start};
    return view;
}

// clang leaves out what `_M_dataplus` consists of. It is one pointer if there is room for no more up to the next member.
Address start_of_characters(ObjectReader& reader, const ObjectPart& object) {
    const ObjectPart holder = reader.member(object, "_M_dataplus");
    if (!reader.ok() || reader.has(holder.type, "_M_p")) {
        return reader.number(object, "_M_dataplus._M_p");
    }
    const ByteCount next = reader.offset_of(object.type, "_M_string_length");
    if (next - reader.offset_of(object.type, "_M_dataplus") != sizeof(Address)) {
        reader.refuse_layout();
    } else if (holder.piece.bytes.size() < sizeof(Address)) {
        reader.refuse("its memory cannot be read");
    }
    return reader.ok() ? number_in(holder.piece.bytes.substr(0, sizeof(Address))) : 0;
}

}  // namespace

std::string rust_character(std::uint64_t value) {
    if (value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) {
        return std::to_string(value);
    }
    std::string text;
    append_utf8(text, static_cast<std::uint32_t>(value));
    const std::string quoted = string_text(text);
    return text == "\"" ? "'\"'" : text == "'" ? "'\\''" : "'" + quoted.substr(1, quoted.size() - 2) + "'";
}

void tell_bytes(ObjectReader& reader, Address start, std::uint64_t length, ContainerView& view) {
    reader.require(length == 0 || reader.is_mapped(start, length), "string");
    if (!reader.ok()) {
        return;
    }
    const std::size_t wanted = std::min<ByteCount>(length, text_bytes_read);
    const std::string bytes = wanted == 0 ? std::string() : reader.sources().process.read_some(start, wanted);
    if (bytes.size() < wanted) {
        reader.refuse("its memory cannot be read");
        return;
    }
    show_text(bytes, length, wanted < length, view);
}

void tell_text(ObjectReader& reader, Address start, std::uint64_t length, const Type* unit, ContainerView& view) {
    const ByteCount size = reader.size_of(unit);
    if (reader.ok() && size == 1 && is_character_type(*unit, size)) {
        tell_bytes(reader, start, length, view);
        return;
    }
    ByteCount whole = 0;
    const bool fits = !__builtin_mul_overflow(length, size, &whole);
    reader.require(fits && (length == 0 || reader.is_mapped(start, whole)), "string");
    if (!reader.ok()) {
        return;
    }
    const std::size_t wanted = std::min<ByteCount>(whole, text_units_read * size);
    const std::string bytes = wanted == 0 ? std::string() : reader.sources().process.read_some(start, wanted);
    if (bytes.size() < wanted) {
        reader.refuse("its memory cannot be read");
        return;
    }
    if (const auto text = is_character_type(*unit, size) ? utf8_of(bytes, size) : std::nullopt) {
        show_text(*text, length, wanted < whole, view);
        return;
    }
    view = view_of_row(unit, start, length);
    view.sizes = "length " + std::to_string(length);
}

ContainerView read_string(ObjectReader& reader, const ObjectPart& object) {
    constexpr std::string_view kind = "string";
    if (!reader.has(object.type, "_M_string_length")) {
        return copied_on_write(reader, object);
    }
    ContainerView view;
    const Address start = start_of_characters(reader, object);
    const std::uint64_t length = reader.number(object, "_M_string_length");
    const ObjectPart own = reader.member(object, "_M_local_buf");
    const Type* unit = own.type && own.type->kind == TypeKind::array ? VariableTypes::plain(own.type->target) : nullptr;
    const ByteCount size = reader.size_of(unit);
    const ByteCount room = reader.size_of(own.type) / size;
    if (!reader.ok() || !own.piece.at) {
        reader.refuse("where it lies in memory is not known");
        return view;
    }
    const bool inside = start == *own.piece.at;
    const std::uint64_t capacity = inside ? room - 1 : reader.number(object, "_M_allocated_capacity");
    ByteCount end = 0;
    reader.require(length <= capacity && !__builtin_mul_overflow(length, size, &end) && start % size == 0, kind);
    std::uint64_t terminator = 0;
    reader.require(reader.ok() && reader.is_mapped(start, end + size) &&
                       reader.sources().process.read(start + end, &terminator, std::min<ByteCount>(size, sizeof terminator)) &&
                       terminator == 0,
                   kind);
    tell_text(reader, start, length, unit, view);
    if (!inside) {
        view.leads_to = {start};
    }
    return view;
}

ContainerView read_string_view(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view;
    const ObjectPart pointer = reader.member(object, "_M_str");
    const Address start = reader.number(pointer);
    tell_text(reader, start, reader.number(object, "_M_len"), reader.target_of(pointer), view);
    if (start != 0) {
        view.leads_to = {start};
    }
    return view;
}

ContainerView read_vector(ObjectReader& reader, const ObjectPart& object) {
    if (reader.has(reader.member(object, "_M_impl._M_start").type, "_M_offset")) {
        return bits_of(reader, object);
    }
    ElementRow row;
    const ObjectPart pointer = reader.member(object, "_M_impl._M_start");
    row.start = reader.number(pointer);
    row.finish = reader.number(object, "_M_impl._M_finish");
    row.end = reader.number(object, "_M_impl._M_end_of_storage");
    row.element = reader.target_of(pointer);
    row.size = reader.size_of(row.element);
    if (!reader.ok()) {
        return {};
    }
    check_row(reader, row, "vector");
    ContainerView view = view_of_row(row.element, row.start, (row.finish - row.start) / row.size);
    view.sizes = "size " + std::to_string(view.count) + ", capacity " + std::to_string((row.end - row.start) / row.size);
    if (row.start != 0) {
        view.leads_to = {row.start};
    }
    return view;
}

ContainerView read_array(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view;
    const ObjectPart elements = reader.member(object, "_M_elems");
    if (reader.ok() && elements.type->kind == TypeKind::array) {
        view.parts = {{elements.type, 0, elements.piece, {}}};
    } else {
        view.text = "{}";  // without elements there is no array
    }
    return view;
}

// `count` elements that belong to somebody else, from where `pointer` points to.
ContainerView view_of_others(ObjectReader& reader, const ObjectPart& pointer, std::uint64_t count, std::string_view kind) {
    const Address start = reader.number(pointer);
    const Type* element = reader.target_of(pointer);
    ByteCount whole = 0;
    const bool fits = !__builtin_mul_overflow(count, reader.size_of(element), &whole);
    reader.require(fits && (count == 0 || reader.is_mapped(start, whole)), kind);
    ContainerView view = view_of_row(element, start, count);
    view.sizes = "size " + std::to_string(count);
    if (start != 0) {
        view.leads_to = {start};
    }
    return view;
}

ContainerView read_span(ObjectReader& reader, const ObjectPart& object) {
    const ObjectPart pointer = reader.member(object, "_M_ptr");
    const ObjectPart extent = reader.member(object, "_M_extent");
    if (!reader.ok() || reader.has(extent.type, "_M_extent_value")) {
        return view_of_others(reader, pointer, reader.number(extent, "_M_extent_value"), "span");
    }
    const auto count = count_in_name(extent.type->name);  // its size is a part of its type
    if (!count) {
        reader.refuse_layout();
    }
    return view_of_others(reader, pointer, count.value_or(0), "span");
}

ContainerView read_initializer_list(ObjectReader& reader, const ObjectPart& object) {
    const ObjectPart pointer = reader.member(object, "_M_array");
    return view_of_others(reader, pointer, reader.number(object, "_M_len"), "list");
}

ContainerView read_deque(ObjectReader& reader, const ObjectPart& object) {
    constexpr std::string_view kind = "deque";
    const auto cursor = [&](std::string_view which, std::string_view name) {
        return reader.number(object, "_M_impl." + std::string(which) + "." + std::string(name));
    };
    const Type* element = reader.target_of(reader.member(object, "_M_impl._M_start._M_cur"));
    const ByteCount size = reader.size_of(element);
    const Address map = reader.number(object, "_M_impl._M_map");
    const std::uint64_t slots = reader.number(object, "_M_impl._M_map_size");
    const Address first = cursor("_M_start", "_M_first");
    const Address at = cursor("_M_start", "_M_cur");
    const Address node = cursor("_M_start", "_M_node");
    const Address last_first = cursor("_M_finish", "_M_first");
    const Address last_at = cursor("_M_finish", "_M_cur");
    const Address last_node = cursor("_M_finish", "_M_node");
    const ByteCount block = cursor("_M_start", "_M_last") - first;
    const ByteCount last_block = cursor("_M_finish", "_M_last") - last_first;
    ContainerView view;
    if (!reader.ok()) {
        return view;
    }
    ByteCount map_bytes = 0;
    reader.require(block != 0 && block == last_block && block % size == 0 && block <= (1u << 20) + size, kind);
    reader.require(!__builtin_mul_overflow(slots, sizeof(Address), &map_bytes) && reader.is_mapped(map, map_bytes), kind);
    reader.require(node >= map && node <= last_node && last_node - map < map_bytes && (node - map) % sizeof(Address) == 0 &&
                       (last_node - map) % sizeof(Address) == 0,
                   kind);
    reader.require(at >= first && at - first < block && (at - first) % size == 0 && last_at >= last_first &&
                       last_at - last_first < block && (last_at - last_first) % size == 0,
                   kind);
    if (!reader.ok()) {
        return view;
    }
    reader.require(reader.word_at(node, kind) == first && reader.word_at(last_node, kind) == last_first, kind);
    const std::uint64_t begun = (at - first) / size;
    const std::uint64_t whole = (last_node - node) / sizeof(Address) * (block / size) + (last_at - last_first) / size;
    reader.require(whole >= begun, kind);
    const std::uint64_t count = whole - begun;
    for (std::uint64_t i = 0; reader.ok() && i < count && i < shown_parts; ++i) {
        const std::uint64_t index = begun + i;
        const Address start = reader.word_at(node + index / (block / size) * sizeof(Address), kind);
        view.parts.push_back({element, start + index % (block / size) * size, {}, {}});
    }
    view.opening = "{";
    view.closing = "}";
    view.more = count > view.parts.size();
    view.sizes = "size " + std::to_string(count);
    view.leads_to = {map, first};
    return view;
}

}  // namespace procatlas
