// expected, any, bitset, path and duration: classes of the C++ library that wrap a value or a few bits.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "core/inspect/values/containers.h"
#include "core/inspect/values/scalar_text.h"

namespace procatlas {
namespace {

constexpr std::uint64_t bits_of_word = 64;
constexpr std::uint64_t bit_limit = 1u << 20;
constexpr std::size_t shown_bits = 200;

// "<1, 1000>" behind the name, or "<1l, 1000l>" as clang writes it, has the numbers 1 and 1000.
std::vector<std::uint64_t> numbers_in_name(std::string_view name) {
    constexpr std::size_t most = 4;
    std::vector<std::uint64_t> numbers;
    name.remove_prefix(std::min(name.find('<'), name.size()));
    while (numbers.size() < most && !name.empty()) {
        name.remove_prefix(1);
        name.remove_prefix(std::min(name.find_first_not_of(' '), name.size()));
        const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
        std::uint64_t number = 0;
        if (std::from_chars(name.data(), name.data() + digits, number).ec != std::errc()) {
            break;
        }
        numbers.push_back(number);
        name.remove_prefix(std::min(name.find_first_of(",>", digits), name.size()));
    }
    return numbers;
}

// What std::chrono writes behind a number of such parts of a second.
std::string_view unit_of(std::uint64_t number, std::uint64_t divisor) {
    struct Unit {
        std::uint64_t number;
        std::uint64_t divisor;
        std::string_view name;
    };
    constexpr std::array units = {
        Unit{1, 1'000'000'000, "ns"}, Unit{1, 1'000'000, "us"}, Unit{1, 1000, "ms"},  Unit{1, 1, "s"},
        Unit{60, 1, "min"},           Unit{3600, 1, "h"},       Unit{86'400, 1, "d"},
    };
    const auto found =
        std::ranges::find_if(units, [&](const Unit& unit) { return unit.number == number && unit.divisor == divisor; });
    return found == units.end() ? std::string_view() : found->name;
}

// The class whose function manages what an `any` holds: "std::any::_Manager_internal<int>".
std::string manager_class(const std::string& function) {
    constexpr std::string_view start = "std::any::_Manager_";
    const std::size_t end = function.find("::_S_manage(");
    return function.starts_with(start) && end != function.npos ? function.substr(0, end) : std::string();
}

}  // namespace

std::optional<std::uint64_t> count_in_name(std::string_view name) {
    const std::vector<std::uint64_t> numbers = numbers_in_name(name);
    return numbers.size() == 1 ? std::optional(numbers.front()) : std::nullopt;
}

ContainerView read_expected(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view;
    const std::uint64_t has_value = reader.number(object, "_M_has_value");
    reader.require(has_value <= 1, "expected");
    if (!reader.ok()) {
        return view;
    }
    if (has_value == 1 && !reader.has(object.type, "_M_val")) {  // of void
        view.text = "expected";
        return view;
    }
    const ObjectPart part = reader.member(object, has_value == 1 ? "_M_val" : "_M_unex");
    view.text = has_value == 1 ? "expected: " : "unexpected: ";
    view.parts = {{part.type, 0, part.piece, {}}};
    return view;
}

ContainerView read_any(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view;
    const Address manager = reader.number(object, "_M_manager");
    if (!reader.ok() || manager == 0) {
        view.text = "any: empty";
        return view;
    }
    const Mapping* code = reader.sources().process.mapping_at(manager);
    reader.require(code && code->permissions.execute, "any");
    const Symbol& symbol = reader.sources().modules.symbol_at(manager);
    const std::string name = symbol.offset == 0 ? manager_class(demangled(symbol.name)) : std::string();
    const auto known = name.empty() ? fail({}) : reader.sources().types.class_named(name);
    if (!reader.ok() || !known) {
        reader.refuse("the type of what it holds is not in the debug information");
        return view;
    }
    const Type* type = reader.argument_of(*known, "_Tp");
    const bool inside = name.starts_with("std::any::_Manager_internal<");
    view.text = reader.ok() ? "any: " + reader.sources().types.text_of(type) + " " : "";
    if (inside) {
        view.parts = {{type, 0, reader.member(object, "_M_storage._M_buffer").piece, {}}};
        return view;
    }
    const Address at = reader.number(object, "_M_storage._M_ptr");
    reader.require(reader.is_mapped(at, reader.size_of(type)), "any");
    view.parts = {{type, at, {}, {}}};
    view.leads_to = {at};
    return view;
}

// As it writes itself: the highest bit first.
ContainerView read_bitset(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view;
    const auto bits = count_in_name(object.type->name);
    if (!bits || *bits > bit_limit) {
        reader.refuse_layout();
        return view;
    }
    view.sizes = "size " + std::to_string(*bits);
    if (*bits == 0) {
        view.text = "{}";
        return view;
    }
    const std::string_view words = reader.member(object, "_M_w").piece.bytes;
    const std::uint64_t used = (*bits + bits_of_word - 1) / bits_of_word;
    const auto bit = [&](std::uint64_t i) { return (static_cast<unsigned char>(words[i / 8]) >> (i % 8) & 1) != 0; };
    if (!reader.ok() || words.size() < used * sizeof(std::uint64_t)) {
        reader.refuse("its memory cannot be read");
        return view;
    }
    for (std::uint64_t i = *bits; i < used * bits_of_word; ++i) {
        reader.require(!bit(i), "bitset");
    }
    const std::uint64_t shown = std::min<std::uint64_t>(*bits, shown_bits);
    view.more = shown < *bits;
    view.text = view.more ? "..." : "";
    for (std::uint64_t i = shown; i > 0; --i) {
        view.text += bit(i - 1) ? '1' : '0';
    }
    return view;
}

ContainerView read_path(ObjectReader& reader, const ObjectPart& object) {
    return read_string(reader, reader.member(object, "_M_pathname"));
}

ContainerView read_duration(ObjectReader& reader, const ObjectPart& object) {
    ContainerView view;
    const ObjectPart count = reader.member(object, "__r");
    const Type* period = reader.argument_of(object.type, "_Period");
    const std::vector<std::uint64_t> ratio = reader.ok() ? numbers_in_name(period->name) : std::vector<std::uint64_t>();
    view.closing = ratio.size() == 2 ? unit_of(ratio[0], ratio[1]) : std::string_view();
    if (view.closing.empty()) {
        reader.refuse_layout();
    }
    view.parts = {{count.type, 0, count.piece, {}}};
    return view;
}

}  // namespace procatlas
