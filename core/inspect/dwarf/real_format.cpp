#include "core/inspect/dwarf/real_format.h"

#include <dwarf.h>

#include <algorithm>
#include <array>

namespace procatlas {
namespace {

using namespace std::string_view_literals;

constexpr std::array half_names{"_Float16"sv, "std::float16_t"sv, "__fp16"sv, "f16"sv};
constexpr std::array brain_names{"__bf16"sv, "std::bfloat16_t"sv, "__bfloat16"sv};
constexpr std::array extended_names{"long double"sv, "_Float64x"sv, "real(kind=10)"sv};
constexpr std::array quad_names{"_Float128"sv, "__float128"sv, "std::float128_t"sv, "f128"sv, "real(kind=16)"sv};

// gcc's -mlong-double-128 gives `long double` another format, and its name and size stay the same.
bool has_quad_long_double(Dwarf_Die type) {
    Dwarf_Die unit;
    Dwarf_Attribute attribute;
    const char* producer = dwarf_diecu(&type, &unit, nullptr, nullptr) && dwarf_attr(&unit, DW_AT_producer, &attribute)
                               ? dwarf_formstring(&attribute)
                               : nullptr;
    return producer && std::string_view(producer).find("-mlong-double-128") != std::string_view::npos;
}

}  // namespace

RealFormat real_format(std::string_view name, ByteCount size, Dwarf_Die type) {
    const auto among = [&](const auto& names) { return std::ranges::find(names, name) != names.end(); };
    switch (size) {
        case 2:
            return among(half_names) ? RealFormat::half : among(brain_names) ? RealFormat::brain : RealFormat::unknown;
        case 4:
            return RealFormat::single;
        case 8:
            return RealFormat::twice;
        case 16:
            if (among(quad_names) || (name == "long double" && has_quad_long_double(type))) {
                return RealFormat::quad;
            }
            return among(extended_names) ? RealFormat::extended : RealFormat::unknown;
        default:
            return RealFormat::unknown;
    }
}

}  // namespace procatlas
