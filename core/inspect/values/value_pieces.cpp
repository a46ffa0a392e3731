#include "core/inspect/values/value_pieces.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/inspect/dwarf/dwarf_expression.h"
#include "core/inspect/values/scalar_text.h"

namespace procatlas {
namespace {

constexpr std::size_t far_member_limit = 65'536;
__extension__ using WideBits = unsigned __int128;

// A member whose place is an expression: a virtual base class, which the virtual table of the object locates.
Result<MemberPiece> piece_by_expression(const ValueSources& sources, const Member& member, const Piece& object) {
    if (!object.at) {
        return fail("its place depends on where the object is in memory");
    }
    Dwarf_Attribute attribute = *member.place;
    Dwarf_Op* ops = nullptr;
    std::size_t count = 0;
    if (dwarf_getlocation(&attribute, &ops, &count) != 0 || count == 0) {
        return fail("its place is told in a way that is not understood");
    }
    const ExpressionContext context{sources.process, nullptr, std::nullopt, std::nullopt, sources.bias, object.at};
    const Location found = evaluate({ops, count}, context, &attribute);
    if (found.kind != Location::Kind::memory) {
        return fail(found.why_not.empty() ? "its place is told in a way that is not understood" : found.why_not);
    }
    MemberPiece piece;
    piece.at = found.number;
    const ByteCount offset = found.number - *object.at;
    if (found.number >= *object.at && offset < object.bytes.size()) {
        piece.within = Piece{object.bytes.substr(offset), found.number};
    } else {
        const auto size = VariableTypes::size_of(member.type);
        piece.read = sources.process.read_some(found.number, std::min<ByteCount>(size.value_or(0), far_member_limit));
    }
    return piece;
}

}  // namespace

std::optional<ByteCount> size_in_frame(const ValueSources& sources, const Type* type) {
    const auto size = VariableTypes::size_of(type);
    if (size || !type || type->kind != TypeKind::array || type->dimensions.empty()) {
        return size;
    }
    const auto element = VariableTypes::size_of(type->target);
    ByteCount whole = element.value_or(0);
    for (const Dimension& d : type->dimensions) {
        const auto count = d.count ? d.count : sources.count ? sources.count(d) : std::nullopt;
        if (!element || !count || __builtin_mul_overflow(whole, *count, &whole)) {
            return std::nullopt;
        }
    }
    return whole;
}

Result<MemberPiece> piece_of(const ValueSources& sources, const Member& member, const Piece& object) {
    if (!member.why_not.empty()) {
        return fail(member.why_not);
    }
    if (member.place) {
        return piece_by_expression(sources, member, object);
    }
    const ByteCount needed = member.bit_size == 0 ? 0 : (member.bit_offset + member.bit_size + 7) / 8;
    if (member.offset > object.bytes.size() || needed > object.bytes.size() - member.offset) {
        return fail("it lies behind the part that is read");
    }
    MemberPiece piece;
    const auto at = object.at ? std::optional(*object.at + member.offset) : std::nullopt;
    piece.within = Piece{object.bytes.substr(member.offset), at};
    return piece;
}

std::uint64_t bits_in(const Member& member, std::string_view bytes) {
    WideBits wide = 0;
    std::memcpy(&wide, bytes.data(), std::min(bytes.size(), sizeof wide));
    const std::uint64_t mask = member.bit_size >= 64 ? ~0ull : (1ull << member.bit_size) - 1;
    return static_cast<std::uint64_t>(wide >> member.bit_offset) & mask;
}

Result<const Variant*> variant_of(const ValueSources& sources, const VariantPart& part, const Piece& object) {
    if (!part.discriminant) {
        return &part.variants.front();
    }
    const Member& teller = *part.discriminant;
    const auto piece = piece_of(sources, teller, object);
    if (!piece) {
        return std::unexpected(piece.error());
    }
    const Type* type = VariableTypes::plain(teller.type);
    const ByteCount size = VariableTypes::size_of(type).value_or(0);
    const std::string_view bytes = piece->piece().bytes;
    const bool plain = type && type->why_not.empty() && !type->reversed && teller.bit_size == 0;
    if (!plain || size == 0 || size > sizeof(std::uint64_t) || bytes.size() < size) {
        return fail("what says which of its variants it is cannot be read");
    }
    const std::uint64_t mask = size == sizeof(std::uint64_t) ? ~0ull : (1ull << (size * 8)) - 1;
    const std::uint64_t told = number_in(bytes.substr(0, size));
    const Variant* otherwise = nullptr;
    for (const Variant& variant : part.variants) {
        if (variant.discriminant && (*variant.discriminant & mask) == told) {
            return &variant;
        }
        otherwise = variant.discriminant ? otherwise : &variant;
    }
    if (!otherwise) {
        return fail("it is none of its variants");
    }
    return otherwise;
}

}  // namespace procatlas
