#include "core/layout/stage/stage_rows.h"

#include <algorithm>
#include <numeric>

#include "core/base/text.h"
#include "core/model/inside_moment.h"
#include "core/narrate/reasons.h"
#include "core/scene/inside_things.h"

namespace procatlas {

std::string short_stage_text(std::string_view bytes) {
    constexpr std::size_t most_characters = 80;
    return display_text(first_characters(bytes, most_characters));
}

StageBefore stage_before(std::span<const Variable> variables) {
    StageBefore before;
    for (const Variable& variable : variables) {
        before.try_emplace({variable.name, variable.address}, &variable);
    }
    return before;
}

StageRow stage_row_of(const StageLook& look, const Variable& variable, std::string_view function, const StageBefore* before,
                      Rank rank) {
    StageRow row;
    row.thing = thing_of(variable, function);
    row.thing.process = look.index;
    row.name = short_stage_text(variable.name);
    row.value = short_stage_text(variable.value);
    row.note =
        variable.value.empty()
            ? short_stage_text(look.context.words.format("stack.no_value", reason_text(variable.why_not, look.context.words)))
        : variable.address != 0 ? address_text(variable.address, true)
                                : std::string();
    row.rank = rank;
    row.no_value_yet = has_no_value_yet(variable);
    if (before && look.acts) {
        const auto found = before->find({variable.name, variable.address});
        const Variable* then = found == before->end() ? nullptr : found->second;
        row.changed = then != nullptr && then->value != variable.value && !row.no_value_yet;
        row.was = row.changed && !has_no_value_yet(*then) ? short_stage_text(then->value) : std::string();
        row.rank = row.changed ? Rank::changed : rank;
    }
    return row;
}

std::size_t keep_few_rows(std::vector<StageRow>& rows, std::size_t most) {
    if (rows.size() <= most) {
        return 0;
    }
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return rows[i].rank; });
    order.resize(most);
    std::ranges::sort(order);
    std::vector<StageRow> kept;
    for (const std::size_t i : order) {
        kept.push_back(std::move(rows[i]));
    }
    const std::size_t gone = rows.size() - kept.size();
    rows = std::move(kept);
    return gone;
}

}  // namespace procatlas
