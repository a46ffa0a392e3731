// Rust's HashMap and HashSet.
#include <algorithm>

#include "core/inspect/values/containers.h"

namespace procatlas {
namespace {

constexpr std::uint64_t table_slots_read = 65'536;

// hashbrown: a control byte for each slot says whether it is full; the slots lie in front of the control bytes, the first one
// last.
ContainerView read_raw_table(ObjectReader& reader, const ObjectPart& table, bool keyed) {
    constexpr std::string_view kind = "hash table";
    const ObjectPart inner = reader.ok() && reader.has(table.type, "table") ? reader.member(table, "table") : table;
    const Type* slot = reader.argument_of(table.type, "T");
    const ByteCount size = reader.size_of(slot);
    const std::uint64_t mask = reader.number(inner, "bucket_mask");
    const std::uint64_t items = reader.number(inner, "items");
    const std::uint64_t left = reader.number(inner, "growth_left");
    const Address control = reader.number(first_word(reader, reader.member(inner, "ctrl"), TypeKind::pointer));
    ContainerView view;
    view.opening = "{";
    view.closing = "}";
    view.keyed = keyed;
    view.sizes = "len " + std::to_string(items);
    if (!reader.ok()) {
        return view;
    }
    const std::uint64_t slots = mask + 1;
    ByteCount bytes = 0;
    reader.require((slots & mask) == 0 && slots != 0 && items <= slots && left <= slots - items &&
                       !__builtin_mul_overflow(slots, size, &bytes) && bytes <= control && reader.is_mapped(control, slots),
                   kind);
    reader.require(items == 0 || reader.is_mapped(control - bytes, bytes), kind);
    if (!reader.ok() || items == 0) {
        return view;
    }
    const std::uint64_t looked_at = std::min(slots, table_slots_read);
    const std::string full = reader.sources().process.read_some(control, looked_at);
    reader.require(full.size() == looked_at, kind);
    std::uint64_t found = 0;
    for (std::uint64_t i = 0; reader.ok() && i < looked_at; ++i) {
        if ((static_cast<unsigned char>(full[i]) & 0x80) != 0) {
            continue;
        }
        const Address at = control - (i + 1) * size;
        if (++found > shown_parts) {
            continue;
        }
        view.parts.push_back({slot, at, {}, {}});
    }
    reader.require(looked_at < slots ? found <= items : found == items, kind);
    view.more = items > view.parts.size();
    view.leads_to = {control - bytes};
    return view;
}

// The slots of a table are tuples of a key and a value; those of a set have a value of no size.
void split_slots(ObjectReader& reader, bool keyed, ContainerView& view) {
    std::vector<ContainerPart> parts;
    for (const ContainerPart& slot : view.parts) {
        for (const char* const name : {"__0", "__1"}) {
            if (name[2] == '1' && !keyed) {
                continue;
            }
            for (const Member& member : reader.sources().types.members_of(*slot.type).fixed) {
                if (member.name == name) {
                    parts.push_back({member.type, slot.at + reader.offset_of(slot.type, name), {}, {}});
                }
            }
        }
    }
    if (parts.size() != view.parts.size() * (keyed ? 2 : 1)) {
        reader.refuse_layout();
    }
    view.parts = std::move(parts);
}

}  // namespace

ContainerView read_hash_map(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view = read_raw_table(reader, reader.member(object, "base.table"), true);
    if (reader.ok()) {
        split_slots(reader, true, view);
    }
    return view;
}

ContainerView read_hash_set(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view = read_raw_table(reader, reader.member(object, "base.map.table"), false);
    if (reader.ok()) {
        split_slots(reader, false, view);
    }
    return view;
}

}  // namespace procatlas
