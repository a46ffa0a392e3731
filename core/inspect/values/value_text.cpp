#include "core/inspect/values/value_text.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/inspect/dwarf/template_text.h"
#include "core/inspect/values/container_view.h"
#include "core/inspect/values/scalar_text.h"
#include "core/inspect/values/scalar_value.h"

namespace procatlas {
namespace {

constexpr std::size_t element_repeats = 10;
constexpr std::size_t text_limit = 32'768;
constexpr std::size_t row_bytes_read = 65'536;
constexpr int value_depth_limit = 20;  // gdb's `print max-depth`

class ValueWriter {
public:
    ValueWriter(const ValueSources& sources, DecodedContainers& decoded) : sources_(sources), decoded_(decoded) {}

    void write(const Type* type, const Piece& piece, int depth) {
        if (auto container = container_in(sources_, type, piece)) {
            write_container(*container, depth);
            decoded_.keep(type, piece, std::move(*container));
            return;
        }
        type = VariableTypes::plain(type);
        if (!type) {
            refuse("its type is not in the debug information", depth);
        } else if (!type->why_not.empty()) {
            refuse(type->why_not, depth);
        } else if (type->kind == TypeKind::array) {
            write_array(*type, piece, 0, depth);
        } else if (!type->size) {
            refuse("its size is not in the debug information", depth);
        } else if (type->kind == TypeKind::structure) {
            std::vector<std::string> virtual_bases;
            write_structure(*type, piece, depth, virtual_bases);
        } else if (piece.bytes.size() < *type->size) {
            refuse("its memory cannot be read", depth);
        } else if (type->reversed) {
            std::string bytes(piece.bytes.substr(0, *type->size));
            std::ranges::reverse(bytes);
            write_result(scalar_value(sources_, *type, bytes), depth);
        } else {
            write_result(scalar_value(sources_, *type, piece.bytes.substr(0, *type->size)), depth);
            if (type->kind == TypeKind::reference && depth == 0) {
                write_referred(*type, piece);
            }
        }
    }

    Result<std::string> take() { return why_not_.empty() ? Result<std::string>(std::move(text_)) : fail(why_not_); }

private:
    [[nodiscard]] bool full() const { return text_.size() > text_limit; }

    // At depth 0 there is no value at all.
    void refuse(const std::string& why_not, int depth) {
        if (depth == 0) {
            why_not_ = why_not;
        } else {
            text_ += "<not available: " + why_not + ">";
        }
    }

    void write_result(const Result<std::string>& text, int depth) {
        if (text) {
            text_ += *text;
        } else {
            refuse(text.error().message, depth);
        }
    }

    // What a variable refers to.
    void write_referred(const Type& reference, const Piece& piece) {
        const Address at = number_in(piece.bytes.substr(0, sizeof(Address)));
        const Type* target = VariableTypes::plain(reference.target);
        const ByteCount size = VariableTypes::size_of(target).value_or(0);
        if (!why_not_.empty() || !target || target->kind == TypeKind::function) {
            return;
        }
        text_ += ": ";
        const std::string bytes = sources_.process.read_some(at, std::min<ByteCount>(size, row_bytes_read));
        if (size == 0 || !target->why_not.empty() || bytes.size() < std::min<ByteCount>(size, row_bytes_read)) {
            refuse(!target->why_not.empty() ? target->why_not
                   : size == 0              ? "its size is not known"
                                            : "its memory cannot be read",
                   1);
            return;
        }
        alone_depth_ = 1;
        write(reference.target, {bytes, at}, 1);
    }

    [[nodiscard]] std::optional<std::uint64_t> count_of(const Dimension& dimension) const {
        return dimension.count ? dimension.count : sources_.count ? sources_.count(dimension) : std::nullopt;
    }

    // The bytes of one element of a dimension; nullopt: not known.
    [[nodiscard]] std::optional<ByteCount> element_size(const Type& type, std::size_t dimension) const {
        std::optional<ByteCount> size = VariableTypes::size_of(type.target);
        for (std::size_t i = dimension + 1; i < type.dimensions.size() && size; ++i) {
            const auto count = count_of(type.dimensions[i]);
            ByteCount product = 0;
            size = count && !__builtin_mul_overflow(*size, *count, &product) ? std::optional(product) : std::nullopt;
        }
        return size;
    }

    void write_array(const Type& type, const Piece& piece, std::size_t dimension, int depth) {
        const Type* element = VariableTypes::plain(type.target);
        const bool last = dimension + 1 >= type.dimensions.size();
        const std::uint64_t unknown = ~0ull;
        const std::uint64_t count = type.dimensions.empty() ? unknown : count_of(type.dimensions[dimension]).value_or(unknown);
        const auto size = element_size(type, dimension);
        if (count == unknown || !size || !element) {
            refuse(count == unknown ? "its length is not known here" : "the size of its elements is not known", depth);
            return;
        }
        const bool text = last && *size == 1 && element->why_not.empty() &&
                          (element->kind == TypeKind::character || element->kind == TypeKind::unsigned_character);
        if (text && count > 0) {
            write_characters(piece.bytes, count);
            return;
        }
        write_elements(type, piece, {type.target, *size, count, last ? type.dimensions.size() : dimension + 1}, depth);
    }

    void write_characters(std::string_view bytes, std::uint64_t count) {
        if (bytes.size() < count) {  // nobody knows how often the last one is repeated
            const std::size_t end = bytes.empty() ? bytes.npos : bytes.find_last_not_of(bytes.back());
            text_ += string_text(bytes.substr(0, end == bytes.npos ? 0 : end + 1)) + "...";
            return;
        }
        bytes = bytes.substr(0, count);
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

    void write_element(const Type& array, const Piece& piece, const Elements& e, int depth) {
        if (e.inner < array.dimensions.size()) {
            write_array(array, piece, e.inner, depth + 1);
        } else {
            write(e.element, piece, depth + 1);
        }
    }

    void write_elements(const Type& array, const Piece& piece, const Elements& e, int depth) {
        if (depth >= value_depth_limit) {
            text_ += "{...}";
            return;
        }
        text_ += "{";
        const std::string_view bytes = piece.bytes;
        std::size_t written = 0;
        std::uint64_t at = 0;
        const std::uint64_t whole = e.size == 0 ? 0 : std::min<std::uint64_t>(e.count, bytes.size() / e.size);
        while (at < whole && written < shown_elements && !full()) {
            const std::string_view bytes_of_one = bytes.substr(at * e.size, e.size);
            std::uint64_t same = 1;
            while (at + same < whole && bytes.substr((at + same) * e.size, e.size) == bytes_of_one) {
                ++same;
            }
            const bool maybe_more = at + same == whole && whole < e.count;
            text_ += at == 0 ? "" : ", ";
            write_element(array, {bytes_of_one, piece.at ? std::optional(*piece.at + at * e.size) : std::nullopt}, e, depth);
            if (same > element_repeats) {
                text_ += (maybe_more ? " <repeats at least " : " <repeats ") + std::to_string(same) + " times>";
                at += same;
                written += element_repeats;
            } else {
                ++at;
                ++written;
            }
        }
        text_ += at < e.count ? "...}" : "}";
    }

    void write_container(const Result<ContainerView>& container, int depth) {
        if (!container) {
            refuse(container.error().message, depth);
            return;
        }
        const ContainerView& view = *container;
        text_ += view.text;
        if (depth >= value_depth_limit) {
            text_ += view.element || !view.parts.empty() ? "{...}" : "";
            return;
        }
        bool more = view.more;
        if (view.element) {
            more = write_row(view, depth);
        } else if (!view.behind) {
            text_ += view.opening;
            more = write_parts(view, depth) || more;
            text_ += view.closing.empty() ? "" : more ? "..." + std::string(view.closing) : std::string(view.closing);
        } else if (!view.parts.empty() && !behind_) {
            behind_ = true;  // a ring of pointers would have no end
            text_ += " -> ";
            write_part(view.parts.front(), depth);
            behind_ = false;
        }
        if (!view.sizes.empty() && (more || depth == alone_depth_)) {
            text_ += " " + view.sizes;
        }
    }

    // Returns whether something was left out.
    bool write_row(const ContainerView& view, int depth) {
        const ByteCount size = VariableTypes::size_of(view.element).value_or(0);
        const std::uint64_t whole = std::min<std::uint64_t>(view.count, row_bytes_read / std::max<ByteCount>(size, 1) + 1);
        const std::string bytes =
            whole == 0 ? std::string()
                       : sources_.process.read_some(view.row, std::min<std::uint64_t>(whole * size, row_bytes_read));
        if (bytes.size() < std::min<std::uint64_t>(whole * size, row_bytes_read)) {
            text_ += "<not available: its memory cannot be read>";
            return true;
        }
        write_elements({}, {bytes, view.row}, {view.element, size, view.count, 0}, depth);
        return text_.ends_with("...}");
    }

    bool write_parts(const ContainerView& view, int depth) {
        for (std::size_t i = 0; i < view.parts.size(); ++i) {
            const bool value = view.keyed && i % 2 == 1;
            if (full() && !value) {
                return true;
            }
            text_ += i == 0 ? "" : value ? ": " : ", ";
            text_ += view.parts[i].label;
            write_part(view.parts[i], depth);
        }
        return false;
    }

    void write_part(const ContainerPart& part, int depth) {
        if (part.within) {
            write(part.type, *part.within, depth + 1);
            return;
        }
        const ByteCount size = VariableTypes::size_of(part.type).value_or(0);
        const std::string bytes = sources_.process.read_some(part.at, std::min<ByteCount>(size, row_bytes_read));
        write(part.type, {bytes, part.at}, depth + 1);
    }

    // `virtual_bases` are those that the object has shown: it has each only once.
    void write_structure(const Type& type, const Piece& piece, int depth, std::vector<std::string>& virtual_bases) {
        const Members& members = sources_.types.members_of(type);
        if (!members.why_not.empty()) {
            refuse(members.why_not, depth);
            return;
        }
        if (depth >= value_depth_limit) {
            text_ += "{...}";
            return;
        }
        if (type.rust) {
            write_rust(type, members, piece, depth);
            return;
        }
        text_ += "{";
        bool first = true;
        write_members(members.fixed, piece, depth, virtual_bases, first);
        for (const VariantPart& part : members.variant_parts) {
            if (const auto variant = variant_of(sources_, part, piece)) {
                write_members((*variant)->members, piece, depth, virtual_bases, first);
            } else {
                text_ += first ? "" : ", ";
                first = false;
                refuse(variant.error().message, depth + 1);
            }
        }
        text_ += first ? "<No data fields>}" : "}";
    }

    void write_members(const std::vector<Member>& members, const Piece& piece, int depth,
                       std::vector<std::string>& virtual_bases, bool& first) {
        for (const Member& member : members) {
            if (full()) {
                text_ += "...";
                first = false;  // it has data fields, though none is shown
                return;
            }
            const std::string base = member.base_class && member.type ? member.type->name : std::string();
            if (member.virtual_base) {
                if (std::ranges::find(virtual_bases, base) != virtual_bases.end()) {
                    continue;
                }
                virtual_bases.push_back(base);
            }
            text_ += first ? "" : ", ";
            first = false;
            if (member.base_class) {
                text_ += "<" + base + "> = ";
            } else if (!member.name.empty()) {
                text_ += member.name + " = ";
            }
            write_member(member, piece, depth, member.base_class ? &virtual_bases : nullptr);
        }
    }

    // `virtual_bases` is null if the member is an object of its own.
    void write_member(const Member& member, const Piece& object, int depth, std::vector<std::string>* virtual_bases) {
        const auto found = piece_of(sources_, member, object);
        const Type* type = VariableTypes::plain(member.type);
        if (!found) {
            refuse(found.error().message, depth + 1);
        } else if (member.bit_size != 0 && type && type->why_not.empty()) {
            write_result(bits_value(sources_, *type, bits_in(member, found->piece().bytes), member.bit_size), depth + 1);
        } else if (virtual_bases && type && type->kind == TypeKind::structure && type->why_not.empty() && type->size) {
            write_structure(*type, found->piece(), depth + 1, *virtual_bases);
        } else {
            write(member.type, found->piece(), depth + 1);
        }
    }

    // As Rust writes it: Point {x: 1}, (1, true), Some(41).
    void write_rust(const Type& type, const Members& members, const Piece& piece, int depth) {
        const bool is_enum = members.fixed.empty() && members.variant_parts.size() == 1;
        if (!is_enum) {
            const bool named = !type.name.starts_with('(');
            text_ += named ? without_rust_paths(type.name) : "";
            write_rust_fields(members, piece, depth, named ? " {" : "{");
            return;
        }
        const auto variant = variant_of(sources_, members.variant_parts.front(), piece);
        const Member* only = variant && (*variant)->members.size() == 1 ? &(*variant)->members.front() : nullptr;
        const auto found =
            only ? piece_of(sources_, *only, piece) : fail(variant ? "its variant is not understood" : variant.error().message);
        const Type* form = only ? VariableTypes::plain(only->type) : nullptr;
        if (!found || !form || form->kind != TypeKind::structure || !form->why_not.empty()) {
            refuse(!found ? found.error().message : "its variant is not understood", depth);
            return;
        }
        text_ += only->name;
        write_rust_fields(sources_.types.members_of(*form), found->piece(), depth, "{");
    }

    void write_rust_fields(const Members& members, const Piece& piece, int depth, std::string_view opening) {
        if (members.fixed.empty() && members.variant_parts.empty()) {
            return;
        }
        const bool tuple = std::ranges::all_of(members.fixed, [](const Member& m) { return m.name.starts_with("__"); });
        text_ += tuple ? "(" : opening;
        bool first = true;
        for (const Member& member : members.fixed) {
            if (full()) {
                text_ += "...";
                break;
            }
            text_ += first ? "" : ", ";
            first = false;
            text_ += tuple ? "" : member.name + ": ";
            write_member(member, piece, depth, nullptr);
        }
        if (!members.variant_parts.empty() || !members.why_not.empty()) {
            text_ += first ? "" : ", ";
            refuse("its variant is not understood", depth + 1);
        }
        text_ += tuple ? ")" : "}";
    }

    const ValueSources& sources_;
    DecodedContainers& decoded_;
    std::string text_;
    std::string why_not_;
    bool behind_ = false;  // what is written lies behind a smart pointer
    int alone_depth_ = 0;  // where a container is all there is, and not a part of something
};

}  // namespace

Result<std::string> value_text(const ValueSources& sources, const Type* type, const Piece& piece, DecodedContainers& decoded) {
    ValueWriter writer(sources, decoded);
    writer.write(type, piece, 0);
    return writer.take();
}

}  // namespace procatlas
