#include "core/layout/tree/layout_tree.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/layout/process_role.h"
#include "core/layout/tree/pipe_links.h"
#include "core/narrate/event_mark.h"
#include "core/narrate/family_names.h"
#include "core/narrate/process_state.h"
#include "core/narrate/program_name.h"

namespace procatlas {

namespace {

constexpr float card_height = 46;
constexpr float row_step = 58;
constexpr float fold_row_height = 22;
constexpr float fold_mark_half = 6;
constexpr float ancestor_height = 17;
constexpr float least_indent = 44;  // where there is room
constexpr float narrow_indent = 20;
constexpr float card_pad = 10;
constexpr float stem_left = 14;   // x of the line down from a card
constexpr float around_word = 5;  // room around "fork", between the line and the child's card
constexpr float margin = 4;
constexpr float pipe_step = 7;              // between two pipes' lines
constexpr std::size_t most_pipe_lines = 6;  // side by side; further pipes share lines
constexpr float name_pad = 12;              // around the name, within its colour
constexpr float name_gap = 8;               // between it and the PID
constexpr std::size_t most_levels = 8;      // that are kept within the width
constexpr float deepest_shown = 60;         // deeper ones are not indented further

// The current program and the one before its exec: "ls ← bash"; not a launcher, which has a row of its own.
std::string program_text(const World& world, const Process& process, const Messages& words) {
    if (process.programs.empty()) {
        return std::string(words.text("tree.no_program"));
    }
    std::string text = program_name(process);
    const bool launched = &process == world.processes.data() && world.launcher_processes > 0;
    if (process.made_by_exec && process.programs.size() > 1 && !launched) {
        text += " ← " + display_text(base_name(process.programs[process.programs.size() - 2]));
    }
    return text;
}

class TreeLayout {
public:
    TreeLayout(const World& world, const TreeView& view, const Messages& words, const TextMeasure& measure)
        : world_(world), view_(view), words_(words), measure_(measure) {
        tree_.cards.resize(world.processes.size());
        shown_.resize(world.processes.size());
        for (const std::size_t column : view.columns) {
            if (column < shown_.size()) {
                shown_[column] = true;
            }
        }
    }

    TreeScene run() {
        if (view_.ancestor_rows > 0) {
            add_ancestors();
        }
        // Not recursive: a chain of thousands of processes must not overflow the stack.
        std::vector<std::pair<std::size_t, int>> rest;
        for (std::size_t i = world_.processes.size(); i-- > 0;) {
            if (!world_.processes[i].parent) {
                rest.emplace_back(i, 0);
            }
        }
        while (!rest.empty()) {
            const auto [index, depth] = rest.back();
            rest.pop_back();
            if (processes_.shows(index)) {
                place(index, depth);
                place_rows(index, depth);
            }
            const auto& children = world_.processes[index].children;
            for (auto child = children.rbegin(); child != children.rend(); ++child) {
                rest.emplace_back(*child, processes_.shows(index) ? depth + 1 : depth);
            }
        }
        add_links();
        add_pipes();
        for (const std::size_t index : tree_.order) {
            add_card(index);
        }
        for (const auto& [row, box] : placed_rows_) {
            add_row(row, box);
        }
        tree_.scene.height = next_y_;
        return std::move(tree_);
    }

private:
    void place(std::size_t index, int depth) {
        const float x = margin + std::min(static_cast<float>(depth), deepest_shown) * indent_;
        const float y = next_y_;
        next_y_ += row_step;
        const float room = std::max(view_.width - margin - pipe_room_ - x, 0.0F);
        tree_.cards[index] = {x, y, std::clamp(room, least_card_, std::max(least_card_, view_.card_width)), card_height};
        tree_.scene.width = std::max(tree_.scene.width, tree_.cards[index].right() + margin);
        tree_.order.push_back(index);
    }

    // "systemd 1", below it "bash 900 · session", below it the first card: a line goes down through all.
    void add_ancestors() {
        const auto& all = world_.ancestors;
        if (all.empty() || world_.processes.empty()) {
            return;
        }
        const float x = margin + stem_left;
        const float line = measure_.line_height(TextStyle::small);
        const float begin = next_y_ + ancestor_height / 2;
        // PID 1, a row for those between, and the nearest. Of two rows, one tells of PID 1 and those between; one is the
        // parent.
        const std::size_t rows = view_.ancestor_rows;
        const bool cut = all.size() > rows;
        const std::size_t farther = std::min<std::size_t>(rows - 1, 2);
        const std::size_t nearest = cut ? rows - farther : all.size() - 1;
        const auto add_row = [&](std::string text) {
            const float middle = next_y_ + ancestor_height / 2;
            const float left = x + 10;
            const float room = std::max(view_.width - left - margin, 60.0F);
            std::string fitting = fit_text(std::move(text), TextStyle::small, room, measure_);
            tree_.scene.width = std::max(tree_.scene.width, left + measure_.width(fitting, TextStyle::small) + margin);
            tree_.scene.marks.push_back({{x, middle}, 3, MarkShape::ring, Role::muted});
            tree_.scene.labels.push_back({{left, middle - line / 2}, std::move(fitting), TextStyle::small, Role::muted});
            next_y_ += ancestor_height;
        };
        const std::string between = cut ? words_.format("tree.ancestors_between", all.size() - 1 - nearest) : std::string();
        if (cut && farther == 1) {
            add_row(numbered(all.back()) + " " + between);
        } else if (!cut || farther > 0) {
            add_row(ancestor_text(all.back()));
            if (cut) {
                add_row(between);
            }
        }
        for (std::size_t i = nearest; i-- > 0;) {
            add_row(ancestor_text(all[i]));
        }
        next_y_ += margin;
        tree_.scene.links.push_back({{{x, begin}, {x, next_y_}}, Role::link});
    }

    [[nodiscard]] std::string numbered(const Ancestor& ancestor) const {
        return display_text(ancestor.name) + " " + (view_.hides_pids ? "?" : std::to_string(ancestor.pid));
    }
    [[nodiscard]] std::string ancestor_text(const Ancestor& ancestor) const {
        std::string text = numbered(ancestor);
        return ancestor.leads_session ? text + " · " + std::string(words_.text("tree.session")) : text;
    }

    // One row for all that is folded there, such as what came before the program: "▸ the launcher: 40 processes".
    void place_rows(std::size_t index, int depth) {
        const auto rows = std::ranges::equal_range(processes_.rows(), index, {}, &FoldRow::under);
        for (const FoldRow& row : rows) {
            const float x = margin + std::min(static_cast<float>(depth + 1), deepest_shown) * indent_;
            placed_rows_.emplace_back(row, Box{x, next_y_ - 4, std::max(view_.width - margin - x, 100.0F), fold_row_height});
            next_y_ += fold_row_height + 6;
        }
    }

    [[nodiscard]] std::string row_text(const FoldRow& row) const {
        const auto of = [&](std::string_view one, std::string_view many, std::size_t count) {
            return count == 1 ? std::string(words_.text(one)) : words_.format(many, count);
        };
        switch (row.why) {
            case Hidden::launcher:
                return of("tree.launcher_one", "tree.launcher", world_.launcher_processes);
            case Hidden::helper:
                return row.count == 0 ? std::string(words_.text("tree.helpers_open"))
                                      : of("tree.helpers_one", "tree.helpers", row.count);
            case Hidden::no:
            case Hidden::folded:
            case Hidden::filtered:
                break;
        }
        return of("tree.folded_one", "tree.folded", row.count);
    }

    [[nodiscard]] static Hit hit_of(const FoldRow& row) {
        return {row.why == Hidden::launcher ? HitKind::launcher
                : row.why == Hidden::helper ? HitKind::helpers
                                            : HitKind::subtree,
                row.under, 0};
    }

    void add_row(const FoldRow& row, Box box) {
        const Box& card = tree_.cards[row.under];
        const float x = card.x + stem_left;
        const float middle = box.y + fold_row_height / 2;
        const float line = measure_.line_height(TextStyle::small);
        std::string fitting = fit_text((row.count == 0 ? "▾ " : "▸ ") + row_text(row), TextStyle::small, box.width, measure_);
        box.width = measure_.width(fitting, TextStyle::small) + 12;
        Scene& scene = tree_.scene;
        scene.links.push_back({{{x, stem_top(card)}, {x, middle}, {box.x, middle}}, Role::link});
        scene.boxes.push_back({.box = box,
                               .role = Role::card_gone,
                               .outline = Role::frame,
                               .radius = 6,
                               .outlined = true,
                               .dashed = true,
                               .hit = hit_of(row)});
        scene.labels.push_back({{box.x + 6, middle - line / 2}, std::move(fitting), TextStyle::small, Role::muted});
        scene.width = std::max(scene.width, box.right() + margin);
    }

    [[nodiscard]] float stem_top(const Box& card) const { return card.bottom() + (view_.folds ? fold_mark_half : 0); }

    // Below the card, at the line to its children.
    void add_fold_mark(std::size_t index, const Box& card) {
        if (!view_.folds || world_.processes[index].children.empty()) {
            return;
        }
        const bool folded = std::ranges::binary_search(view_.choice.folded, index);
        constexpr float side = 2 * fold_mark_half;
        const Box box{card.x + stem_left - fold_mark_half, card.bottom() - fold_mark_half, side, side};
        Scene& scene = tree_.scene;
        scene.boxes.push_back({.box = box,
                               .role = Role::card,
                               .outline = Role::frame,
                               .radius = 3,
                               .outlined = true,
                               .hit = {HitKind::subtree, index, 0}});
        const std::string sign = folded ? "+" : "−";
        scene.labels.push_back({{box.x + (side - measure_.width(sign, TextStyle::small)) / 2,
                                 box.y + (side - measure_.line_height(TextStyle::small)) / 2},
                                sign,
                                TextStyle::small,
                                Role::text});
    }

    void add_links() {
        for (const std::size_t index : tree_.order) {
            const Process& process = world_.processes[index];
            const auto shown_parent = processes_.shown_parent(index);
            if (!shown_parent) {
                continue;
            }
            const Box& parent = tree_.cards[*shown_parent];
            const Box& child = tree_.cards[index];
            const float x = std::min(parent.x + stem_left, child.x - 4);
            const float y = child.y + card_height / 2;
            tree_.scene.links.push_back({{{x, stem_top(parent)}, {x, y}, {child.x, y}}, Role::link});
            if (process.found) {
                continue;  // nobody has seen by what it was made
            }
            const std::string_view text = birth_word(process.born_by, words_);
            const float line = measure_.line_height(TextStyle::small);
            const float width = measure_.width(text, TextStyle::small);
            const float space = child.x - x - width;
            if (space >= 2) {  // else the line alone tells of it
                tree_.scene.labels.push_back(
                    {{x + std::min(around_word, space / 2), y - line}, std::string(text), TextStyle::small, Role::muted});
            }
        }
    }

    // Name and PID have room in each card.
    float card_for_names() const {
        float widest = 0;
        for (const std::size_t index : processes_.order()) {
            const std::string pid = std::to_string(world_.processes[index].key.pid);
            widest =
                std::max(widest, measure_.width(names_[index], TextStyle::strong) + measure_.width(pid, TextStyle::strong));
        }
        return widest + name_pad + name_gap + 2 * card_pad;
    }

    // Steps in so far that the words have room, or, where the deepest card would be cut then, as far as it can.
    float indent_that_fits() const {
        std::size_t deepest = 0;
        for (const std::size_t index : processes_.order()) {
            std::size_t depth = 0;
            for (auto up = processes_.shown_parent(index); up && depth < most_levels; up = processes_.shown_parent(*up)) {
                ++depth;
            }
            deepest = std::max(deepest, depth);
            if (deepest == most_levels) {
                break;
            }
        }
        const float room = view_.width - 2 * margin - pipe_room_ - least_card_;
        const float wanted = indent_for_words();
        return deepest == 0 ? wanted : std::clamp(room / static_cast<float>(deepest), narrow_indent, wanted);
    }

    // Indents so that the longest word beside a line ends before the child's card.
    float indent_for_words() const {
        float widest = 0;
        for (const Process& process : world_.processes) {
            widest =
                std::max(widest, process.parent ? measure_.width(birth_word(process.born_by, words_), TextStyle::small) : 0);
        }
        return std::max(least_indent, stem_left + around_word + widest + around_word);
    }

    // Draws thin lines at the right of the cards from writer to reader, with a disc at the reader.
    void add_pipes() {
        if (pipes_.empty()) {
            return;
        }
        float cards_right = 0;
        for (const Box& card : tree_.cards) {
            cards_right = std::max(cards_right, card.right());
        }
        const float line = measure_.line_height(TextStyle::small);
        for (std::size_t i = 0; i < pipes_.size(); ++i) {
            const Box& from = tree_.cards[pipes_[i].writer];
            const Box& to = tree_.cards[pipes_[i].reader];
            const float x = cards_right + pipe_step * static_cast<float>(1 + i % most_pipe_lines);
            const float start = from.y + card_height * (from.y < to.y ? 0.7F : 0.3F);
            const float end = to.y + card_height * (from.y < to.y ? 0.3F : 0.7F);
            tree_.scene.links.push_back({{{from.right(), start}, {x, start}, {x, end}, {to.right() + 3, end}}, Role::accent});
            tree_.scene.marks.push_back({{to.right() + 3, end}, 3, MarkShape::disc, Role::accent});
            if (pipes_[i].both_ways) {
                tree_.scene.marks.push_back({{from.right() + 3, start}, 3, MarkShape::disc, Role::accent});
            }
        }
        // One word for all pipes, at the first one.
        const Box& first = tree_.cards[pipes_.front().writer];
        const Box& second = tree_.cards[pipes_.front().reader];
        const float y = (first.y + second.y + card_height - line) / 2;
        const float x = cards_right + pipe_step * static_cast<float>(std::min(pipes_.size(), most_pipe_lines)) + 5;
        const std::string word(words_.text("tree.pipe"));
        tree_.scene.labels.push_back({{x, y}, word, TextStyle::small, Role::muted});
        tree_.scene.width = std::max(tree_.scene.width, x + measure_.width(word, TextStyle::small) + margin);
    }

    [[nodiscard]] std::vector<PipeLink> shown_pipes() const {
        std::vector<PipeLink> pipes = pipe_links(world_);
        std::erase_if(pipes,
                      [&](const PipeLink& pipe) { return !processes_.shows(pipe.writer) || !processes_.shows(pipe.reader); });
        return pipes;
    }

    // Width to the right of the cards.
    float room_for_pipes() const {
        return pipes_.empty() ? 0
                              : pipe_step * static_cast<float>(std::min(pipes_.size(), most_pipe_lines)) + 8 +
                                    measure_.width(words_.text("tree.pipe"), TextStyle::small);
    }

    void add_card(std::size_t index) {
        const Process& process = world_.processes[index];
        const Box& card = tree_.cards[index];
        const bool gone = !process.alive();
        const bool chosen = index == view_.selected;
        Scene& scene = tree_.scene;
        scene.boxes.push_back({.box = card,
                               .role = gone ? Role::card_gone : Role::card,
                               .outline = shown_[index] ? Role::accent : Role::frame,
                               .radius = 6,
                               .outlined = true,
                               .dashed = gone,
                               .hit = {HitKind::process, index, 0}});
        if (chosen) {
            scene.boxes.push_back({.box = card, .radius = 6, .filled = false, .selected = true, .hit = {}});
        }
        const float pad = card_pad;
        const float strong = measure_.line_height(TextStyle::strong);
        const float small = measure_.line_height(TextStyle::small);
        const float top = card.y + (card_height - strong - small - 1) / 2;
        const bool is_over = process.state == ProcessState::gone;  // a zombie is still there, and asks for its parent
        const Role ink = is_over ? Role::muted : Role::text;
        const float name_width = add_name({card.x + pad, top}, index, strong);
        const std::string pid = view_.hides_pids ? "?" : std::to_string(process.key.pid);
        const float pid_width = name_width + measure_.width(pid, TextStyle::strong);
        scene.labels.push_back({{card.x + pad + name_width, top}, pid, TextStyle::strong, ink});

        const float mark_room = 14;
        float room = card.width - 2 * pad;
        const float y = top + strong + 1;
        const std::string badge = badge_text(process);
        std::string state = view_.hides_states            ? "?"
                            : index < view_.states.size() ? view_.states[index]
                                                          : state_in_family(world_, process, names_, words_);
        const float beside_pid = room - pid_width - mark_room - 6;
        // Where there is no room beside the PID, the state stands in the second row: it says more than a program's whole name.
        const bool below = badge.empty() && measure_.width(state, TextStyle::small) > beside_pid;
        state = fit_text(std::move(state), TextStyle::small, below ? room - mark_room : beside_pid, measure_);
        const float state_width = measure_.width(state, TextStyle::small);
        const float state_x = card.right() - pad - state_width;
        const Role state_role = process.exit && process.exit->signal ? Role::warning : Role::muted;
        scene.marks.push_back({{state_x - 9, below ? y + small / 2 : top + strong / 2}, 4, state_shape(process), state_role});
        scene.labels.push_back(
            {{state_x, below ? y : top + (strong - small) / 2}, std::move(state), TextStyle::small, state_role});
        room -= below ? state_width + mark_room + 6 : 0;
        if (!badge.empty()) {
            std::string fitting = fit_text(badge, TextStyle::small, room * 0.6F, measure_);
            const float width = measure_.width(fitting, TextStyle::small);
            scene.labels.push_back({{card.right() - pad - width, y}, std::move(fitting), TextStyle::small, Role::muted});
            room -= width + 6;
            if (process.orphan) {
                scene.marks.push_back(
                    {{card.right() - pad - width - 9, y + small / 2}, 4, MarkShape::broken_ring, Role::muted});
                room -= mark_room;
            }
        }
        scene.labels.push_back(program_label({card.x + pad, y}, process, room));
        add_fold_mark(index, card);
    }

    // Where there is no room for the program before it too, that one is left out: both are told where the label is pointed at.
    SceneLabel program_label(Point at, const Process& process, float room) const {
        const std::string whole = program_text(world_, process, words_);
        const bool fits = measure_.width(whole, TextStyle::small) <= room;
        const std::string_view shown = fits ? std::string_view(whole) : std::string_view(whole).substr(0, whole.find(" ← "));
        const Role role = process.alive() ? Role::text : Role::muted;
        SceneLabel label = fitted_label({at, std::string(shown), TextStyle::small, role}, room, measure_);
        label.whole = label.text == whole ? std::string() : whole;
        return label;
    }

    // The name on the colour of the process. Returns its width with the room after it.
    float add_name(Point at, std::size_t index, float height) {
        const std::string& name = names_[index];
        const float width = measure_.width(name, TextStyle::strong) + name_pad;
        const Role role = role_of_process(index);
        const bool is_over = world_.processes[index].state == ProcessState::gone;
        tree_.scene.boxes.push_back({.box = {at.x, at.y - 1, width, height + 2},
                                     .role = role,
                                     .radius = 4,
                                     .pale = is_over,
                                     .hit = {HitKind::process, index, 0}});
        tree_.scene.labels.push_back({{at.x + 6, at.y}, name, TextStyle::strong, is_over ? Role::muted : role, !is_over});
        return width + name_gap;
    }

    std::string badge_text(const Process& process) const {
        if (process.orphan) {
            return std::string(words_.text("tree.orphan"));
        }
        if (process.alive() && process.threads.size() > 1) {
            return words_.format("tree.threads", process.threads.size());
        }
        return {};
    }

    const World& world_;
    const TreeView& view_;
    const Messages& words_;
    const TextMeasure& measure_;
    std::vector<std::string> names_ = family_names(world_);
    ShownProcesses processes_{world_, world_, view_.choice};
    std::vector<PipeLink> pipes_ = shown_pipes();
    float pipe_room_ = room_for_pipes();
    float least_card_ = card_for_names();
    float indent_ = indent_that_fits();
    std::vector<bool> shown_;
    float next_y_ = margin;  // of the next row
    std::vector<std::pair<FoldRow, Box>> placed_rows_;
    TreeScene tree_;
};

}  // namespace

MarkShape state_shape(const Process& process) {
    switch (process.state) {
        case ProcessState::running:
            return MarkShape::disc;
        case ProcessState::held:
            return MarkShape::square;
        case ProcessState::stopped:
            return MarkShape::bars;
        case ProcessState::zombie:
            return MarkShape::ring;
        case ProcessState::gone:
            return MarkShape::cross;
    }
    return MarkShape::disc;
}

TreeScene layout_tree(const World& world, const TreeView& view, const Messages& words, const TextMeasure& measure) {
    return TreeLayout(world, view, words, measure).run();
}

}  // namespace procatlas
