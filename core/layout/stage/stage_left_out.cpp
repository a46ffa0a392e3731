#include "core/layout/stage/stage_left_out.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/base/text.h"

namespace procatlas {
namespace {

bool is_frame(const StageCard& card) {
    return !card.title.empty() && !card.only_with_rows && !card.is_reason && !card.ghost &&
           card.rows_are == StageRows::variables;
}

}  // namespace

void StageLeftOut::add_rows(const StageCard& card, const ShownCard* shown) {
    if (card.rows_are != StageRows::details) {
        rows.at(static_cast<std::size_t>(card.rows_are)) +=
            card.rows.size() - (shown ? shown->rows.size() : 0) + card.rows_left_out;
    }
}

void StageLeftOut::add_frame(const StageCard& card) {
    frames += is_frame(card) ? std::max<std::size_t>(card.frames_left_out, 1) : 0;
}

std::string StageLeftOut::text(const Messages& words, bool frames_below) const {
    using Keys = std::pair<std::string_view, std::string_view>;
    constexpr std::array<Keys, 3> keys{Keys{"stage.left_variable", "stage.left_variables"},
                                       Keys{"stage.left_block", "stage.left_blocks"},
                                       Keys{"stage.left_object", "stage.left_objects"}};
    std::string text;
    const auto add = [&](std::size_t count, const Keys& key) {
        if (count > 0) {
            text += (text.empty() ? "" : " · ") + words.format(count == 1 ? key.first : key.second, count_text(count));
        }
    };
    add(frames, frames_below ? Keys{"stage.frame_below", "stage.frames_below"} : Keys{"stage.left_frame", "stage.left_frames"});
    for (std::size_t i = 0; i < keys.size(); ++i) {
        add(rows[i], keys[i]);
    }
    return text;
}

StageLeftOut left_out_of_card(std::span<const StageCard> cards, std::span<const ShownCard> shown, std::size_t at) {
    StageLeftOut left;
    left.add_rows(cards[shown[at].card], &shown[at]);
    const auto next =
        std::ranges::find_if(shown.subspan(at + 1), [&](const ShownCard& one) { return !cards[one.card].title.empty(); });
    const std::size_t end = next == shown.end() ? cards.size() : next->card;
    for (std::size_t i = shown[at].card + 1; i < end && !cards[shown[at].card].title.empty(); ++i) {
        left.add_frame(cards[i]);
    }
    return left;
}

StageLeftOut left_out_of_area(std::span<const StageCard> cards, std::span<const ShownCard> shown, const StageCard* frame) {
    StageLeftOut left;
    auto next = shown.begin();  // both ascend
    bool told = false;          // a shown card with a title tells of the frames behind it
    for (const StageCard& card : cards) {
        const bool is_shown = next != shown.end() && next->card == static_cast<std::size_t>(&card - cards.data());
        const ShownCard* one = is_shown ? &*next++ : nullptr;
        if (one && !card.title.empty()) {
            told = true;
        } else if (card.title.empty() || card.only_with_rows) {
            left.add_rows(card, one);
        } else if (&card != frame && !told) {
            left.add_frame(card);
        }
    }
    return left;
}

}  // namespace procatlas
