#include "core/inspect/values/value_text.h"

#include <algorithm>
#include <cstring>

#include "core/base/text.h"
#include "core/inspect/values/scalar_text.h"

namespace procatlas {
namespace {

constexpr std::size_t element_limit = 200;  // gdb's `print elements`
constexpr std::size_t element_repeats = 10;
constexpr std::size_t text_limit = 32'768;
constexpr std::size_t pointer_limit = 4096;
constexpr std::size_t symbol_text_limit = 200;
__extension__ using Wide = unsigned __int128;

constexpr int value_depth_limit = 20;  // gdb's `print max-depth`

class ValueWriter {
public:
    explicit ValueWriter(const ValueSources& sources) : sources_(sources) {}

    void write(const Type* type, std::string_view bytes, int depth) {
        type = VariableTypes::plain(type);
        const ByteCount size = VariableTypes::size_of(type);
        if (!type || (bytes.size() < size && type->kind != TypeKind::array && type->kind != TypeKind::structure)) {
            text_ += type ? "<not read>" : "<no value>";
            return;
        }
        switch (type->kind) {
            case TypeKind::pointer:
            case TypeKind::reference:
                write_pointer(*type, number_in(bytes));
                return;
            case TypeKind::array:
                write_array(*type, bytes, 0, depth);
                return;
            case TypeKind::structure:
                write_structure(*type, bytes, depth);
                return;
            case TypeKind::floating:
                text_ += floating_text(bytes.substr(0, size));
                return;
            case TypeKind::none:
            case TypeKind::signed_integer:
            case TypeKind::unsigned_integer:
            case TypeKind::character:
            case TypeKind::unsigned_character:
            case TypeKind::boolean:
            case TypeKind::enumeration:
            case TypeKind::function:
            case TypeKind::alias:
            case TypeKind::qualified:
            case TypeKind::unknown:
                write_number(*type, bytes.substr(0, size), static_cast<unsigned>(std::min<ByteCount>(size, 8) * 8));
        }
    }

    std::string take() { return std::move(text_); }

private:
    [[nodiscard]] bool full() const { return text_.size() > text_limit; }

    void write_number(const Type& type, std::string_view bytes, unsigned bits) {
        if (bytes.size() > sizeof(std::uint64_t)) {
            text_ += type.kind == TypeKind::unsigned_integer || type.kind == TypeKind::signed_integer
                         ? wide_text(type.kind == TypeKind::signed_integer, bytes)
                         : "?";
            return;
        }
        write_bits(type, number_in(bytes), bits);
    }

    void write_bits(const Type& type, std::uint64_t value, unsigned bits) {
        switch (type.kind) {
            case TypeKind::signed_integer:
                text_ += std::to_string(signed_from(value, bits));
                break;
            case TypeKind::character:
                text_ += character_text(signed_from(value, bits));
                break;
            case TypeKind::unsigned_character:
                text_ += character_text(static_cast<std::int64_t>(value));
                break;
            case TypeKind::boolean:
                text_ += value == 0 ? "false" : value == 1 ? "true" : std::to_string(value);
                break;
            case TypeKind::enumeration:
                write_enumeration(type, value, bits);
                break;
            case TypeKind::unsigned_integer:
                text_ += std::to_string(value);
                break;
            case TypeKind::none:
            case TypeKind::floating:
            case TypeKind::pointer:
            case TypeKind::reference:
            case TypeKind::array:
            case TypeKind::structure:
            case TypeKind::function:
            case TypeKind::alias:
            case TypeKind::qualified:
            case TypeKind::unknown:
                text_ += hex_text(value);
        }
    }

    // Writes a name, or the names of flags, or the number.
    void write_enumeration(const Type& type, std::uint64_t value, unsigned bits) {
        const auto& enumerators = sources_.types.enumerators_of(type);
        const std::uint64_t mask = bits >= 64 ? ~0ull : (1ull << bits) - 1;
        const auto bits_of = [&](const Enumerator& e) { return static_cast<std::uint64_t>(e.value) & mask; };
        const auto found = std::ranges::find(enumerators, value & mask, bits_of);
        if (found != enumerators.end()) {
            text_ += found->name;
            return;
        }
        const bool flags = std::ranges::all_of(enumerators, [&](const Enumerator& e) {
            const std::uint64_t b = bits_of(e);
            return (b & (b - 1)) == 0 || b == 0;
        });
        std::uint64_t rest = value & mask;
        std::string names;
        for (const Enumerator& e : enumerators) {
            if (flags && bits_of(e) != 0 && (rest & bits_of(e)) != 0) {
                names += (names.empty() ? "" : " | ") + e.name;
                rest &= ~bits_of(e);
            }
        }
        const bool negative = std::ranges::any_of(enumerators, [](const Enumerator& e) { return e.value < 0; });
        if (!flags || negative || value == 0) {
            text_ += negative ? std::to_string(signed_from(value, bits)) : std::to_string(value & mask);
        } else {
            text_ += "(" + names + (rest == 0 ? "" : (names.empty() ? "unknown: " : " | unknown: ") + hex_text(rest)) + ")";
        }
    }

    void write_pointer(const Type& type, Address address) {
        text_ += type.kind == TypeKind::reference ? "@" + hex_text(address) : hex_text(address);
        const Type* target = VariableTypes::plain(type.target);
        const bool code = target && target->kind == TypeKind::function;
        if (address == 0) {
            return;
        }
        write_symbol(address, code);
        if (target && (target->kind == TypeKind::character || target->kind == TypeKind::unsigned_character) &&
            type.kind == TypeKind::pointer) {
            write_string_at(address);
        }
    }

    void write_symbol(Address address, bool code) {
        const Symbol& symbol = sources_.modules.symbol_at(address);
        if (symbol.name.empty() || (symbol.size == 0 && !code)) {
            return;
        }
        text_ += " <" + symbol.name.substr(0, symbol_text_limit);
        text_ += symbol.offset == 0 ? ">" : "+" + std::to_string(symbol.offset) + ">";
    }

    void write_string_at(Address address) {
        const std::string bytes = sources_.process.read_some(address, element_limit + 1);
        if (bytes.empty()) {
            text_ += " <error: Cannot access memory at address " + hex_text(address) + ">";
            return;
        }
        const std::size_t end = std::min(bytes.find('\0'), bytes.size());
        text_ += " " + string_text(std::string_view(bytes).substr(0, end));
    }

    [[nodiscard]] std::uint64_t count_of(const Dimension& dimension) const {
        return dimension.count ? *dimension.count : sources_.count ? sources_.count(dimension).value_or(0) : 0;
    }

    void write_array(const Type& type, std::string_view bytes, std::size_t dimension, int depth) {
        const Type* element = VariableTypes::plain(type.target);
        const bool last = dimension + 1 >= type.dimensions.size();
        const std::uint64_t count = type.dimensions.empty() ? 0 : count_of(type.dimensions[dimension]);
        ByteCount size = VariableTypes::size_of(element);
        for (std::size_t i = dimension + 1; i < type.dimensions.size(); ++i) {
            if (__builtin_mul_overflow(size, count_of(type.dimensions[i]), &size)) {
                return;
            }
        }
        const bool text = last && element && size == 1 &&
                          (element->kind == TypeKind::character || element->kind == TypeKind::unsigned_character);
        if (text && count > 0) {
            write_characters(bytes.substr(0, std::min<std::uint64_t>(bytes.size(), count)));
            return;
        }
        write_elements(type, bytes, {element, size, count, last ? type.dimensions.size() : dimension + 1}, depth);
    }

    void write_characters(std::string_view bytes) {
        if (bytes.ends_with('\0')) {
            bytes.remove_suffix(1);  // the terminator is not shown
        }
        text_ += string_text(bytes);
    }

    struct Elements {
        const Type* element;
        ByteCount size;
        std::uint64_t count;
        std::size_t inner;  // the next dimension; after the last one come the elements themselves
    };

    void write_element(const Type& array, std::string_view bytes, const Elements& e, int depth) {
        if (e.inner < array.dimensions.size()) {
            write_array(array, bytes, e.inner, depth + 1);
        } else {
            write(e.element, bytes, depth + 1);
        }
    }

    void write_elements(const Type& array, std::string_view bytes, const Elements& e, int depth) {
        if (depth >= value_depth_limit) {
            text_ += "{...}";
            return;
        }
        text_ += "{";
        std::size_t written = 0;
        std::uint64_t at = 0;
        const std::uint64_t whole = e.size == 0 ? 0 : std::min<std::uint64_t>(e.count, bytes.size() / e.size);
        while (at < whole && written < element_limit && !full()) {
            const std::string_view bytes_of_one = bytes.substr(at * e.size, e.size);
            std::uint64_t same = 1;
            while (at + same < whole && bytes.substr((at + same) * e.size, e.size) == bytes_of_one) {
                ++same;
            }
            text_ += at == 0 ? "" : ", ";
            write_element(array, bytes_of_one, e, depth);
            if (same >= element_repeats) {
                text_ += " <repeats " + std::to_string(same) + " times>";
                at += same;
                written += element_repeats;
            } else {
                ++at;
                ++written;
            }
        }
        text_ += at < e.count ? "...}" : "}";
    }

    void write_structure(const Type& type, std::string_view bytes, int depth) {
        if (depth >= value_depth_limit) {
            text_ += "{...}";
            return;
        }
        text_ += "{";
        bool first = true;
        for (const Member& member : sources_.types.members_of(type)) {
            if (full()) {
                text_ += "...";
                break;
            }
            text_ += first ? "" : ", ";
            first = false;
            if (member.base_class) {
                text_ += "<" + (member.type ? member.type->name : std::string()) + "> = ";
            } else if (!member.name.empty()) {
                text_ += member.name + " = ";
            }
            write_member(member, bytes, depth);
        }
        text_ += first ? "<No data fields>}" : "}";
    }

    void write_member(const Member& member, std::string_view bytes, int depth) {
        if (member.offset > bytes.size()) {
            text_ += "<not read>";
            return;
        }
        const std::string_view rest = bytes.substr(member.offset);
        const Type* type = VariableTypes::plain(member.type);
        if (member.bit_size != 0 && type) {
            Wide wide = 0;
            std::memcpy(&wide, rest.data(), std::min(rest.size(), sizeof wide));
            const std::uint64_t mask = member.bit_size >= 64 ? ~0ull : (1ull << member.bit_size) - 1;
            write_bits(*type, static_cast<std::uint64_t>(wide >> member.bit_offset) & mask, member.bit_size);
            return;
        }
        write(member.type, rest, depth + 1);
    }

    const ValueSources& sources_;
    std::string text_;
};

void collect_pointers(const ValueSources& sources, const Type* type, std::string_view bytes, int depth,
                      std::vector<Address>& found);

void collect_from_array(const ValueSources& sources, const Type& type, std::string_view bytes, int depth,
                        std::vector<Address>& found) {
    const ByteCount size = VariableTypes::size_of(type.target);
    const Type* element = VariableTypes::plain(type.target);
    const bool may_point = element && (element->kind == TypeKind::pointer || element->kind == TypeKind::structure ||
                                       element->kind == TypeKind::array);
    for (ByteCount at = 0; may_point && size != 0 && bytes.size() - at >= size && found.size() < pointer_limit; at += size) {
        collect_pointers(sources, element, bytes.substr(at, size), depth + 1, found);
    }
}

void collect_pointers(const ValueSources& sources, const Type* type, std::string_view bytes, int depth,
                      std::vector<Address>& found) {
    type = VariableTypes::plain(type);
    if (!type || depth > value_depth_limit || found.size() >= pointer_limit) {
        return;
    }
    if (type->kind == TypeKind::pointer || type->kind == TypeKind::reference) {
        const Address address = bytes.size() >= sizeof(Address) ? number_in(bytes) : 0;
        if (address != 0) {
            found.push_back(address);
        }
    } else if (type->kind == TypeKind::array) {
        collect_from_array(sources, *type, bytes, depth, found);
    } else if (type->kind == TypeKind::structure) {
        for (const Member& member : sources.types.members_of(*type)) {
            if (member.offset < bytes.size()) {
                const std::string_view own = bytes.substr(member.offset, VariableTypes::size_of(member.type));
                collect_pointers(sources, member.type, own, depth + 1, found);
            }
        }
    }
}

}  // namespace

std::string value_text(const ValueSources& sources, const Type* type, std::string_view bytes) {
    ValueWriter writer(sources);
    writer.write(type, bytes, 0);
    return writer.take();
}

std::vector<Address> pointers_in(const ValueSources& sources, const Type* type, std::string_view bytes) {
    std::vector<Address> found;
    collect_pointers(sources, type, bytes, 0, found);
    return found;
}

}  // namespace procatlas
