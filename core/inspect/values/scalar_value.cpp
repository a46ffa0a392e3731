#include "core/inspect/values/scalar_value.h"

#include <dwarf.h>

#include <algorithm>
#include <utility>

#include "core/base/text.h"
#include "core/inspect/dwarf/dwarf_attributes.h"
#include "core/inspect/values/scalar_text.h"

namespace procatlas {
namespace {

constexpr std::size_t symbol_text_limit = 200;

class ScalarWriter {
public:
    explicit ScalarWriter(const ValueSources& sources) : sources_(sources) {}

    Result<std::string> take() { return why_not_.empty() ? Result<std::string>(std::move(text_)) : fail(why_not_); }

    void write_scalar(const Type& type, std::string_view bytes) {
        switch (type.kind) {
            case TypeKind::pointer:
            case TypeKind::reference:
                write_pointer(type, number_in(bytes));
                return;
            case TypeKind::floating:
                write_real(type, bytes);
                return;
            case TypeKind::complex:
                write_complex(type, bytes);
                return;
            case TypeKind::signed_integer:
            case TypeKind::unsigned_integer:
                if (bytes.size() > sizeof(std::uint64_t)) {
                    text_ += wide_text(type.kind == TypeKind::signed_integer, bytes);
                    return;
                }
                [[fallthrough]];
            case TypeKind::character:
            case TypeKind::unsigned_character:
            case TypeKind::boolean:
            case TypeKind::enumeration:
                if (bytes.empty() || bytes.size() > sizeof(std::uint64_t)) {
                    refuse("its type is of a size that is not understood");
                } else {
                    write_bits(type, number_in(bytes), static_cast<unsigned>(bytes.size() * 8));
                }
                return;
            case TypeKind::none:
            case TypeKind::array:
            case TypeKind::structure:
            case TypeKind::function:
            case TypeKind::alias:
            case TypeKind::qualified:
            case TypeKind::unknown:
                refuse("its type has no values that can be shown");
        }
    }

    void write_real(const Type& type, std::string_view bytes) {
        if (const auto text = real_text(type.real, bytes)) {
            text_ += *text;
        } else {
            refuse("the format of its floating-point number is not known");
        }
    }

    void write_complex(const Type& type, std::string_view bytes) {
        const std::size_t half = bytes.size() / 2;
        const auto real = real_text(type.real, bytes.substr(0, half));
        const auto imaginary = real_text(type.real, bytes.substr(half));
        if (!real || !imaginary || type.reversed) {
            refuse("the format of its complex number is not known");
        } else {
            text_ += *real + " + " + *imaginary + "i";
        }
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
            case TypeKind::complex:
            case TypeKind::pointer:
            case TypeKind::reference:
            case TypeKind::array:
            case TypeKind::structure:
            case TypeKind::function:
            case TypeKind::alias:
            case TypeKind::qualified:
            case TypeKind::unknown:
                refuse("its type is no type of bits");
        }
    }

    // Writes a name, or the names of flags, or the number.
    void write_enumeration(const Type& type, std::uint64_t value, unsigned bits) {
        const auto& enumerators = sources_.types.enumerators_of(type);
        const std::string scope = has_flag(type.die, DW_AT_enum_class) ? type.name + "::" : "";
        const std::uint64_t mask = bits >= 64 ? ~0ull : (1ull << bits) - 1;
        const auto bits_of = [&](const Enumerator& e) { return static_cast<std::uint64_t>(e.value) & mask; };
        const auto found = std::ranges::find(enumerators, value & mask, bits_of);
        if (found != enumerators.end()) {
            text_ += scope + found->name;
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
                names += (names.empty() ? "" : " | ") + scope + e.name;
                rest &= ~bits_of(e);
            }
        }
        const bool negative = std::ranges::any_of(enumerators, [](const Enumerator& e) { return e.value < 0; });
        const Type* underlying = VariableTypes::plain(type.target);
        const bool has_sign =
            underlying ? underlying->kind == TypeKind::signed_integer || underlying->kind == TypeKind::character : negative;
        const bool unclear = !underlying && !negative && signed_from(value, bits) < 0 && speaks_cpp(type.die);
        if (unclear && !flags) {  // C++ may give it a signed type, which old versions of DWARF do not tell
            refuse("whether its number has a sign is not in the debug information");
        } else if (!flags || negative || value == 0) {
            text_ += has_sign ? std::to_string(signed_from(value, bits)) : std::to_string(value & mask);
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
        const std::string plain = demangled(symbol.name);
        text_ += " <" + (plain.empty() ? symbol.name : plain).substr(0, symbol_text_limit);
        text_ += symbol.offset == 0 ? ">" : "+" + std::to_string(symbol.offset) + ">";
    }

    void write_string_at(Address address) {
        const std::string bytes = sources_.process.read_some(address, shown_elements + 1);
        if (bytes.empty()) {
            text_ += " <error: Cannot access memory at address " + hex_text(address) + ">";
            return;
        }
        const std::size_t end = std::min(bytes.find('\0'), bytes.size());
        text_ += " " + string_text(std::string_view(bytes).substr(0, std::min(end, shown_elements)));
        if (end > shown_elements) {
            text_ += "...";
        } else if (end == bytes.size()) {
            text_ += "<error: Cannot access memory at address " + hex_text(address + end) + ">";
        }
    }

private:
    void refuse(std::string why_not) { why_not_ = std::move(why_not); }

    const ValueSources& sources_;
    std::string text_;
    std::string why_not_;
};

}  // namespace

Result<std::string> scalar_value(const ValueSources& sources, const Type& type, std::string_view bytes) {
    ScalarWriter writer(sources);
    writer.write_scalar(type, bytes);
    return writer.take();
}

Result<std::string> bits_value(const ValueSources& sources, const Type& type, std::uint64_t value, unsigned bits) {
    ScalarWriter writer(sources);
    writer.write_bits(type, value, bits);
    return writer.take();
}

}  // namespace procatlas
