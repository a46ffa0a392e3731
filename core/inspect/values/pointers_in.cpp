#include <utility>

#include "core/inspect/values/container_view.h"
#include "core/inspect/values/scalar_text.h"
#include "core/inspect/values/value_text.h"

namespace procatlas {
namespace {

constexpr std::size_t pointer_limit = 4096;
constexpr int pointer_depth_limit = 20;

class PointerCollector {
public:
    PointerCollector(const ValueSources& sources, DecodedContainers& decoded) : sources_(sources), decoded_(decoded) {}

    void collect(const Type* type, const Piece& piece, int depth) {
        if (depth > pointer_depth_limit || found_.size() >= pointer_limit) {
            return;
        }
        auto known = decoded_.take(type, piece);
        if (const auto container = known ? std::move(known) : container_in(sources_, type, piece)) {
            collect_from_container(*container, depth);
            return;
        }
        type = VariableTypes::plain(type);
        if (!type || !type->why_not.empty()) {
            return;
        }
        if (type->kind == TypeKind::pointer || type->kind == TypeKind::reference) {
            const Address address = piece.bytes.size() >= sizeof(Address) ? number_in(piece.bytes) : 0;
            if (address != 0) {
                found_.push_back(address);
            }
        } else if (type->kind == TypeKind::array) {
            collect_from_array(*type, piece, depth);
        } else if (type->kind == TypeKind::structure) {
            const Members& members = sources_.types.members_of(*type);
            collect_from_members(members.fixed, piece, depth);
            for (const VariantPart& part : members.variant_parts) {
                if (const auto variant = variant_of(sources_, part, piece)) {
                    collect_from_members((*variant)->members, piece, depth);
                }
            }
        }
    }
    std::vector<Address> take() { return std::move(found_); }

private:
    void collect_from_array(const Type& type, const Piece& piece, int depth) {
        const ByteCount size = VariableTypes::size_of(type.target).value_or(0);
        const Type* element = VariableTypes::plain(type.target);
        const bool may_point = element && (VariableTypes::go_type(type.target) || element->kind == TypeKind::pointer ||
                                           element->kind == TypeKind::structure || element->kind == TypeKind::array);
        for (ByteCount at = 0; may_point && size != 0 && piece.bytes.size() - at >= size && found_.size() < pointer_limit;
             at += size) {
            const auto place = piece.at ? std::optional(*piece.at + at) : std::nullopt;
            collect(type.target, {piece.bytes.substr(at, size), place}, depth + 1);
        }
    }
    // The blocks of the container itself; what its elements point to is known to those who look into the blocks.
    void collect_from_container(const Result<ContainerView>& container, int depth) {
        if (!container) {
            return;
        }
        found_.insert(found_.end(), container->leads_to.begin(), container->leads_to.end());
        for (const ContainerPart& part : container->parts) {
            if (part.within) {
                collect(part.type, *part.within, depth + 1);
            }
        }
    }
    void collect_from_members(const std::vector<Member>& members, const Piece& object, int depth) {
        for (const Member& member : members) {
            const auto piece = member.bit_size == 0 ? piece_of(sources_, member, object) : fail({});
            if (piece) {
                const Piece whole = piece->piece();
                collect(member.type, {whole.bytes.substr(0, VariableTypes::size_of(member.type).value_or(0)), whole.at},
                        depth + 1);
            }
        }
    }

    const ValueSources& sources_;
    DecodedContainers& decoded_;
    std::vector<Address> found_;
};

}  // namespace

std::vector<Address> pointers_in(const ValueSources& sources, const Type* type, const Piece& piece,
                                 DecodedContainers& decoded) {
    PointerCollector collector(sources, decoded);
    collector.collect(type, piece, 0);
    return collector.take();
}

}  // namespace procatlas
