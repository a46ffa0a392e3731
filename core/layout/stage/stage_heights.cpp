#include "core/layout/stage/stage_heights.h"

#include <algorithm>
#include <bit>

namespace procatlas {
namespace {

constexpr std::string_view python_key = "python";

const StageArea* area_of(const StageColumn& column, std::string_view key) {
    const auto found = std::ranges::find(column.areas, key, &StageArea::key);
    return found == column.areas.end() ? nullptr : &*found;
}

const std::vector<StageCard>* cards_of_key(const StageColumn& column, std::string_view key) {
    if (key == python_key) {
        return &column.python;
    }
    const StageArea* area = area_of(column, key);
    return area ? &column.cards[static_cast<std::size_t>(area - column.areas.data())] : nullptr;
}

// One piece that is shown if there is room: a card with its title, a row, or the second line of a row.
struct Piece {
    enum class Kind { card, row, note } kind = Kind::card;
    Rank rank = Rank::rest;
    std::size_t column = 0;  // in the group
    std::size_t area = 0;
    std::size_t card = 0;
    std::size_t row = 0;
};

class Sharing {
public:
    Sharing(std::span<const StageColumn> columns, StageGroup group, float height)
        : columns_(columns), group_(std::move(group)), height_(height) {}

    StageGroup run() {
        list_areas();
        lower_titles();
        list_pieces();
        for (const Piece& piece : pieces_) {
            try_to_show(piece);
        }
        open_gaps();
        stretch();
        return std::move(group_);
    }

private:
    const StageColumn& column(std::size_t i) const { return columns_[group_.columns[i]]; }

    void list_areas() {
        std::vector<const StageArea*> all;
        for (std::size_t i = 0; i < group_.columns.size(); ++i) {
            for (const StageArea& area : column(i).areas) {
                if (std::ranges::none_of(all, [&](const StageArea* other) { return other->key == area.key; })) {
                    all.push_back(&area);
                }
            }
        }
        std::ranges::stable_sort(all, [](const StageArea* a, const StageArea* b) { return a->place() > b->place(); });
        const bool python = std::ranges::any_of(group_.columns, [&](std::size_t i) { return !columns_[i].python.empty(); });
        if (python) {
            add_area(std::string(python_key), 0);
        }
        for (const StageArea* area : all) {
            add_area(area->key, weight_of(*area));
        }
    }

    void add_area(std::string key, float weight) {
        ShownArea shown;
        shown.key = std::move(key);
        shown.gap_below = stage_least_gap;
        shown.cards.resize(group_.columns.size());
        group_.areas.push_back(std::move(shown));
        weights_.push_back(weight);
    }

    // Where not even the titles of all areas fit, they are as low as can still be read.
    void lower_titles() {
        const float least = stage_least_area_title - stage_area_title;
        const float too_high = used() - height_;
        const auto areas = static_cast<float>(std::max<std::size_t>(group_.areas.size(), 1));
        title_ += std::clamp(-too_high / areas, least, 0.0F);
    }

    // What is left over goes to areas by the logarithm of their size, most of it to those that grow.
    static float weight_of(const StageArea& area) {
        const auto doublings = static_cast<float>(std::bit_width(area.size / 4096));
        const bool grows = area.role == Role::stack || area.role == Role::heap;
        return area.furniture ? 0.5F : (1 + doublings * 0.25F) * (grows ? 2.0F : 1.0F);
    }

    void list_pieces() {
        for (std::size_t c = 0; c < group_.columns.size(); ++c) {
            for (std::size_t a = 0; a < group_.areas.size(); ++a) {
                const std::vector<StageCard>* cards = cards_of_key(column(c), group_.areas[a].key);
                for (std::size_t k = 0; cards && k < cards->size(); ++k) {
                    list_card((*cards)[k], {.column = c, .area = a, .card = k});
                }
            }
        }
        std::ranges::stable_sort(pieces_, {}, &Piece::rank);
    }

    void list_card(const StageCard& card, Piece piece) {
        piece.rank = card.rank;
        if (!card.title.empty() && !card.only_with_rows) {
            pieces_.push_back(piece);
        }
        for (std::size_t r = 0; r < card.rows.size(); ++r) {
            piece.row = r;
            piece.kind = Piece::Kind::row;
            piece.rank = std::max(card.rows[r].rank, card.rank == Rank::frames ? Rank::frames : Rank::now);
            pieces_.push_back(piece);
            if (!card.rows[r].note.empty() && !card.rows[r].value.empty()) {
                piece.kind = Piece::Kind::note;
                piece.rank = card.rows[r].changed || card.rows[r].page_copied ? Rank::changed : Rank::details;
                pieces_.push_back(piece);
            }
        }
    }

    // Shows a piece, and takes it back if the areas do not fit any more.
    void try_to_show(const Piece& piece) {
        std::vector<ShownCard>& cards = group_.areas[piece.area].cards[piece.column];
        const std::vector<ShownCard> before = cards;
        auto card = std::ranges::find(cards, piece.card, &ShownCard::card);
        if (card == cards.end()) {
            if (piece.kind == Piece::Kind::note) {
                return;
            }
            const auto place = std::ranges::upper_bound(cards, piece.card, {}, &ShownCard::card);
            card = cards.insert(place, {piece.card, {}});
        }
        if (piece.kind == Piece::Kind::row) {
            card->rows.insert(std::ranges::upper_bound(card->rows, piece.row, {}, &ShownRow::row), {piece.row, false});
        } else if (piece.kind == Piece::Kind::note) {
            const auto row = std::ranges::find(card->rows, piece.row, &ShownRow::row);
            if (row == card->rows.end()) {
                return;
            }
            row->with_note = true;
        }
        if (used() > height_) {
            cards = before;
        }
    }

    float area_height(std::size_t a) const {
        const ShownArea& area = group_.areas[a];
        float most = 0;
        for (std::size_t c = 0; c < area.cards.size(); ++c) {
            const std::vector<StageCard>* cards = cards_of_key(column(c), area.key);
            float height = 0;
            for (const ShownCard& shown : area.cards[c]) {
                height += shown.height((*cards)[shown.card]) + stage_card_gap;
            }
            most = std::max(most, height);
        }
        return title_ + (most > 0 ? most + stage_card_gap - 1 : 0);
    }

    float used() const {
        float height = 0;
        for (std::size_t a = 0; a < group_.areas.size(); ++a) {
            height += area_height(a) + group_.areas[a].gap_below;
        }
        return height - (group_.areas.empty() ? 0 : group_.areas.back().gap_below);
    }

    // Room for the size of what is not mapped between two areas.
    void open_gaps() {
        for (std::size_t a = 0; a + 1 < group_.areas.size(); ++a) {
            const bool some = std::ranges::any_of(group_.columns, [&](std::size_t c) {
                return unmapped_between(columns_[c], group_.areas[a].key, group_.areas[a + 1].key) > 0;
            });
            if (some && used() + stage_gap - stage_least_gap <= height_) {
                group_.areas[a].gap_below = stage_gap;
            }
        }
    }

    static ByteCount unmapped_between(const StageColumn& column, std::string_view above, std::string_view below) {
        const StageArea* high = area_of(column, above);
        const StageArea* low = area_of(column, below);
        return high && low && high->hull().start > low->hull().end ? high->hull().start - low->hull().end : 0;
    }

    void stretch() {
        float sum = 0;
        for (const float weight : weights_) {
            sum += weight;
        }
        const float extra = std::max(height_ - used(), 0.0F);
        float y = 0;
        for (std::size_t a = 0; a < group_.areas.size(); ++a) {
            ShownArea& area = group_.areas[a];
            area.y = y;
            area.height = area_height(a) + (sum > 0 ? extra * weights_[a] / sum : 0);
            y += area.height + area.gap_below;
        }
    }

    std::span<const StageColumn> columns_;
    StageGroup group_;
    float height_;
    float title_ = stage_area_title;
    std::vector<float> weights_;
    std::vector<Piece> pieces_;
};

// Whether two processes run the same program at the same addresses. That of a program which always lies at the same place says
// nothing of its stack.
bool of_one_layout(const StageColumn& a, const StageColumn& b) {
    const StageArea* first = area_of(a, "code");
    const StageArea* second = area_of(b, "code");
    const auto stack = std::ranges::find(a.areas, Role::stack, &StageArea::role);
    return first && second && first->parts.front() == second->parts.front() &&
           (stack == a.areas.end() || area_of(b, stack->key) != nullptr);
}

}  // namespace

float ShownCard::height(const StageCard& shown) const {
    float height = (shown.title.empty() ? 0 : stage_card_title) + (rows.empty() ? 0 : 2 * stage_card_pad);
    height += shown.stack_pointer ? stage_pointer : 0;
    for (const ShownRow& row : rows) {
        height += stage_row + (row.with_note ? stage_note : 0);
    }
    return height;
}

std::vector<StageGroup> share_height(std::span<const StageColumn> columns, float height) {
    std::vector<StageGroup> groups;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].areas.empty()) {
            continue;
        }
        const auto found = std::ranges::find_if(
            groups, [&](const StageGroup& group) { return of_one_layout(columns[group.columns.front()], columns[i]); });
        if (found == groups.end()) {
            groups.push_back({{i}, {}});
        } else {
            found->columns.push_back(i);
        }
    }
    for (StageGroup& group : groups) {
        group = Sharing(columns, std::move(group), height).run();
    }
    return groups;
}

}  // namespace procatlas
