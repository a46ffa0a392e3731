#include "core/layout/stage/stage_places.h"

#include <algorithm>

namespace procatlas {
namespace {

constexpr float least_column = 150;
constexpr float most_column = 430;
constexpr float gone_column = 124;
constexpr float gone_bridge = 28;  // there is nothing to be told between
constexpr float narrow_bridge = 64;
constexpr float wide_bridge = 124;

}  // namespace

std::vector<StagePlace> place_columns(std::span<const StageColumn> columns, float width) {
    const auto is_gone = [](const StageColumn& column) { return column.areas.empty(); };
    const auto gone = static_cast<std::size_t>(std::ranges::count_if(columns, is_gone));
    const bool narrow = gone > 0 && gone < columns.size();
    const auto wide = static_cast<float>(std::max<std::size_t>(columns.size() - (narrow ? gone : 0), 1));
    float room = width - (narrow ? gone_column * static_cast<float>(gone) : 0);
    std::vector<StagePlace> places(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        places[i].narrow = narrow && is_gone(columns[i]);
        const bool beside_gone = places[i].narrow || (narrow && i + 1 < columns.size() && is_gone(columns[i + 1]));
        places[i].bridge = beside_gone ? gone_bridge : columns.size() > 2 ? narrow_bridge : wide_bridge;
        room -= i + 1 < columns.size() ? places[i].bridge : 0;
    }
    const float each = std::clamp(room / wide, least_column, most_column);
    float x = std::max(0.0F, (room - wide * each) / 2);
    for (StagePlace& place : places) {
        place.x = x;
        place.width = place.narrow ? gone_column : each;
        x += place.width + place.bridge;
    }
    return places;
}

std::size_t stage_columns_that_fit(float width) {
    const float two = 2 * least_column + wide_bridge;
    if (width < two) {
        return 1;
    }
    return std::max<std::size_t>(2, static_cast<std::size_t>((width + narrow_bridge) / (least_column + narrow_bridge)));
}

}  // namespace procatlas
