#include "core/layout/stage/stage_column.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "core/layout/stage/stage_blocks.h"
#include "core/layout/stage/stage_frames.h"
#include "core/layout/stage/stage_objects.h"
#include "core/layout/stage/stage_reasons.h"
#include "core/layout/stage/stage_rows.h"
#include "core/model/inside.h"
#include "core/model/inside_moment.h"
#include "core/narrate/missing_inside.h"

namespace procatlas {
namespace {

constexpr std::size_t most_threads = 6;          // whose frames are shown
constexpr std::size_t most_events = 2'000;       // looked back for the last look inside
constexpr std::size_t most_globals_seen = 4096;  // looked at

class ColumnMaker {
public:
    ColumnMaker(const LayoutContext& context, std::size_t owner, std::size_t user)
        : look_{context, context.world.processes[user], user} {
        made_.process = owner;
        made_.alive = context.world.processes[owner].alive();
    }

    StageColumn run() {
        const Messages& words = look_.context.words;
        if (look_.context.recording.empty() || !made_.alive) {
            return std::move(made_);
        }
        const Event& event = look_.event();
        look_.shown = shown_thread(look_.process, event);
        look_.acts = made_.acts = event.process == look_.process.key && event.inside && event.inside->stack;
        const NamedObjects objects = named_objects(look_);
        std::vector<Address> interesting;
        std::ranges::transform(objects, std::back_inserter(interesting), &NamedObjects::value_type::first);
        made_.areas = stage_areas(regions_of(look_.process, look_.context.recording.images()), interesting, words);
        note_interpreter();
        made_.cards.resize(made_.areas.size());
        find_age();
        made_.missing =
            look_.shown ? missing_grains(look_.process, words) : nothing_inside(look_.context.recording, look_.process, words);
        add_frames();
        add_next_line();
        add_globals();
        StageBlocks blocks = stage_blocks(look_);
        add_rows(std::move(blocks.rows), blocks.others, StageRows::blocks, {}, most_stage_blocks);
        add_rows(stage_objects(look_, objects, made_.python), {}, StageRows::objects, words.text("stage.objects"),
                 most_stage_rows);
        add_reasons();
        return std::move(made_);
    }

private:
    // The globals in the data of an interpreter, and its code, are not the student's.
    void note_interpreter() {
        for (StageArea& area : made_.areas) {
            if ((area.role == Role::data || area.role == Role::code) && look_.process.objects) {
                area.note =
                    look_.context.words.text(area.role == Role::data ? "stage.data_note_python" : "stage.code_note_python");
            }
        }
    }

    // A step and a wait change nothing in memory.
    static bool leaves_memory(const Event& event) {
        return std::holds_alternative<StepEvent>(event.detail) || std::holds_alternative<WaitsEvent>(event.detail) ||
               std::holds_alternative<ResidentEvent>(event.detail);
    }

    // When the process was last looked into, if something has happened to it since.
    void find_age() {
        const auto events = look_.context.recording.events();
        const std::size_t least = look_.process.born_moment;
        bool something = false;
        for (std::size_t at = look_.context.moment + 1; at-- > least && look_.context.moment - at < most_events;) {
            const Event& past = events[at];
            if (look_.context.recording.process_of(at) != look_.index) {
                continue;
            }
            if (past.inside && past.inside->stack) {
                made_.as_of = something ? std::optional(at) : std::nullopt;
                return;
            }
            if (std::holds_alternative<ExecEvent>(past.detail)) {
                return;  // no frame or value of before is left
            }
            something |= !leaves_memory(past);
        }
        made_.as_of = look_.shown && something ? std::optional(least) : std::nullopt;
    }

    // As many as there are: no area contains it.
    std::size_t area_at(Address address) const {
        const auto found = std::ranges::find_if(made_.areas, [&](const StageArea& area) { return area.contains(address); });
        return static_cast<std::size_t>(found - made_.areas.begin());
    }

    // nullptr: no area contains it.
    std::vector<StageCard>* cards_at(Address address) {
        const std::size_t area = area_at(address);
        return area == made_.areas.size() ? nullptr : &made_.cards[area];
    }

    std::vector<StageCard>* cards_of(Role role) {
        const auto found = std::ranges::find(made_.areas, role, &StageArea::role);
        return found == made_.areas.end() ? nullptr : &made_.cards[static_cast<std::size_t>(found - made_.areas.begin())];
    }

    void add_frames() {
        std::size_t threads = 0;
        for (const ThreadState& thread : look_.process.threads) {
            const std::size_t area = thread.stack_pointer == 0 ? made_.areas.size() : area_at(thread.stack_pointer);
            const bool has_area = area < made_.areas.size();
            const bool acts = look_.event().process == look_.process.key && look_.event().thread == thread.thread;
            if (acts && has_area && look_.process.threads.size() > 1) {
                made_.acting_stack = area;
            }
            const bool of_python = thread.stack && is_of_python(*thread.stack);
            if ((!of_python && !has_area) || (threads++ >= most_threads && !acts)) {
                continue;
            }
            std::vector<StageCard>& cards = of_python ? made_.python : made_.cards[area];
            if (thread.stack) {
                std::ranges::move(stage_frames(look_, thread), std::back_inserter(cards));
            } else if (!made_.areas[area].furniture) {
                cards.push_back(stage_no_frames(look_, thread));
            }
        }
    }

    void add_next_line() {
        std::vector<StageCard>* cards = cards_of(Role::code);
        if (std::optional<StageCard> card = cards ? stage_next_line(look_) : std::nullopt) {
            cards->push_back(std::move(*card));
        }
    }

    // Where frames or the next line would lie and nothing is known of them.
    void add_reasons() {
        for (std::size_t i = 0; i < made_.areas.size(); ++i) {
            if (!made_.cards[i].empty()) {
                continue;
            }
            if (made_.areas[i].role == Role::code && made_.python.empty()) {
                made_.cards[i].push_back(stage_no_line(look_, made_.areas[i]));
            } else if (made_.areas[i].role == Role::stack && !made_.python.empty()) {
                const auto& threads = look_.process.threads;
                const auto on_it = std::ranges::find_if(
                    threads, [&](const ThreadState& thread) { return made_.areas[i].contains(thread.stack_pointer); });
                made_.cards[i].push_back(stage_of_interpreter(look_, on_it == threads.end() ? nullptr : &*on_it));
            } else if (made_.areas[i].role == Role::stack) {
                const ThreadState leader = look_.process.threads.empty() ? ThreadState{} : look_.process.threads.front();
                const bool elsewhere = leader.stack_pointer != 0 && !made_.areas[i].contains(leader.stack_pointer);
                made_.cards[i].push_back(elsewhere ? stage_elsewhere(look_) : stage_no_frames(look_, leader));
            }
        }
    }

    // What is in it is for the library, not for a reader: C keeps names that begin so for its implementation.
    static bool is_bookkeeping(const Variable& variable) { return variable.value.starts_with("{__"); }

    void add_globals() {
        if (!look_.process.globals) {
            return;
        }
        const InsideBefore before = look_.acts && look_.shown ? inside_before(look_.context.recording, look_.index,
                                                                              look_.shown->thread, look_.context.moment)
                                                              : InsideBefore{};
        const StageBefore known = before.globals ? stage_before(*before.globals) : StageBefore{};
        const StageBefore* then = before.globals ? &known : nullptr;
        const bool of_python = look_.shown && look_.shown->stack && is_of_python(*look_.shown->stack);
        std::map<std::vector<StageCard>*, StageCard> found;
        std::size_t seen = 0;
        StageCard* last = nullptr;
        for (const Variable& variable : *look_.process.globals) {
            if (++seen > most_globals_seen) {
                if (last && !of_python) {  // they ascend: the others lie behind it
                    ++last->rows_left_out;
                }
                continue;
            }
            if (of_python && is_uninteresting_name(look_.process, variable)) {
                continue;
            }
            if (std::vector<StageCard>* cards = of_python ? &made_.python : cards_at(variable.address)) {
                StageCard& card = found[cards];
                last = &card;
                if (card.rows.size() < 4 * most_stage_rows || then) {
                    const Rank rank = is_bookkeeping(variable) ? Rank::blocks : Rank::globals;
                    card.rows.push_back(stage_row_of(look_, variable, {}, then, rank));
                } else {
                    ++card.rows_left_out;
                }
            }
        }
        for (auto& [cards, card] : found) {
            card.title = of_python ? std::string(look_.context.words.text("stack.python_globals")) : std::string();
            card.rank = Rank::globals;
            card.only_with_rows = true;
            card.rows_left_out += keep_few_rows(card.rows);
            if (!of_python) {
                std::ranges::reverse(card.rows);  // high addresses are on top everywhere
            }
            if (std::ranges::find(card.rows, Rank::changed, &StageRow::rank) != card.rows.end()) {
                card.rank = Rank::changed;
            }
            cards->insert(of_python ? cards->begin() : cards->end(), std::move(card));
        }
    }

    // One card for each area in which some of them lie. With a title it is a card only where it has room for rows.
    // `others`: such as have no row.
    void add_rows(std::vector<std::pair<Address, StageRow>> rows, std::span<const Address> others, StageRows what,
                  std::string_view title, std::size_t most) {
        std::map<std::vector<StageCard>*, StageCard> found;
        for (std::size_t i = 0, area = made_.areas.size(); i < others.size(); ++i) {
            if (area == made_.areas.size() || !made_.areas[area].contains(others[i])) {  // there may be many in one area
                area = area_at(others[i]);
            }
            if (area < made_.areas.size()) {
                ++found[&made_.cards[area]].rows_left_out;
            }
        }
        for (auto& [address, row] : rows) {
            if (std::vector<StageCard>* cards = cards_at(address)) {
                found[cards].rows.push_back(std::move(row));
            }
        }
        for (auto& [cards, card] : found) {
            card.title = title;
            card.only_with_rows = !title.empty();
            card.rows_are = what;
            card.rows_left_out += keep_few_rows(card.rows, most);
            std::ranges::reverse(card.rows);
            for (const StageRow& row : card.rows) {
                card.rank = std::min(card.rank, row.rank);
            }
            cards->push_back(std::move(card));
        }
    }

    StageLook look_;
    StageColumn made_;
};

// Whose look into the memory of `owner` is shown: that of a child of vfork, as long as it uses it, for its parent waits.
std::size_t user_of(const World& world, std::size_t owner) {
    std::size_t user = owner;
    for (const std::size_t child : world.processes[owner].children) {
        const Process& process = world.processes[child];
        const bool uses = process.alive() && memory_owner(world, child) == owner && process.why_not_inside.empty();
        user = uses && process.last_moment > world.processes[user].last_moment ? child : user;
    }
    return user;
}

}  // namespace

StageColumn stage_column(const LayoutContext& context, std::size_t process) {
    return ColumnMaker(context, process, user_of(context.world, process)).run();
}

}  // namespace procatlas
