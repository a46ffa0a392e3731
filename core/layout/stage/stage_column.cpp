#include "core/layout/stage/stage_column.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "core/base/text.h"
#include "core/model/copies.h"
#include "core/model/frame_number.h"
#include "core/model/inside.h"
#include "core/model/inside_moment.h"
#include "core/narrate/code_text.h"
#include "core/narrate/function_name.h"
#include "core/narrate/missing_inside.h"
#include "core/narrate/reasons.h"
#include "core/scene/inside_things.h"

namespace procatlas {
namespace {

constexpr std::size_t most_rows = 8;             // of a card
constexpr std::size_t most_frames = 7;           // of a thread; those between are folded
constexpr std::size_t most_threads = 6;          // whose frames are shown
constexpr std::size_t most_blocks = 6;           // of the heap
constexpr std::size_t most_characters = 80;      // of a value
constexpr std::size_t most_interesting = 64;     // objects
constexpr std::size_t most_events = 2'000;       // looked back for the last look inside
constexpr std::size_t most_globals_seen = 4096;  // looked at

std::string short_text(std::string_view bytes) {
    return display_text(first_characters(bytes, most_characters));
}

// Names that a student did not make: they hide those of interest.
bool is_a_tool(const PythonObject& object) {
    return object.type == "function" || object.type == "module" || object.type == "type" ||
           object.type == "builtin_function_or_method" || object.type == "method";
}

class ColumnMaker {
public:
    ColumnMaker(const LayoutContext& context, std::size_t owner)
        : c_(context), index_(user_of(context.world, owner)), process_(context.world.processes[index_]) {
        made_.process = owner;
        made_.alive = context.world.processes[owner].alive();
    }

    StageColumn run() {
        if (c_.recording.empty() || !made_.alive) {
            return std::move(made_);
        }
        made_.acts = event().process == process_.key && event().inside && event().inside->stack;
        find_objects();
        made_.areas = stage_areas(regions_of(process_, c_.recording.images()), interesting_, c_.words);
        note_interpreter();
        made_.cards.resize(made_.areas.size());
        shown_ = shown_thread(process_, event());
        find_age();
        made_.missing = shown_ ? missing_grains(process_, c_.words) : nothing_inside(process_, c_.words);
        std::size_t threads = 0;
        for (const ThreadState& thread : process_.threads) {
            if (thread.stack && threads++ < most_threads) {
                add_frames(thread);
            }
        }
        add_next_line();
        add_globals();
        add_blocks();
        add_objects();
        return std::move(made_);
    }

private:
    // The globals in the data of an interpreter are not the student's.
    void note_interpreter() {
        for (StageArea& area : made_.areas) {
            if (area.role == Role::data && process_.objects) {
                area.note = c_.words.text("stage.data_note_python");
            }
        }
    }

    // Whose look into the memory of `owner` is shown: that of a child of vfork, as long as it uses it, for its parent waits.
    static std::size_t user_of(const World& world, std::size_t owner) {
        std::size_t user = owner;
        for (const std::size_t child : world.processes[owner].children) {
            const Process& process = world.processes[child];
            const bool uses = process.alive() && memory_owner(world, child) == owner && process.why_not_inside.empty();
            user = uses && process.last_moment > world.processes[user].last_moment ? child : user;
        }
        return user;
    }

    // A step and a wait change nothing in memory.
    static bool leaves_memory(const Event& event) {
        return std::holds_alternative<StepEvent>(event.detail) || std::holds_alternative<WaitsEvent>(event.detail) ||
               std::holds_alternative<ResidentEvent>(event.detail);
    }

    // When the process was last looked into, if something has happened to it since.
    void find_age() {
        const auto events = c_.recording.events();
        const std::size_t least = process_.born_moment;
        bool something = false;
        for (std::size_t at = c_.moment + 1; at-- > least && c_.moment - at < most_events;) {
            const Event& past = events[at];
            if (c_.recording.process_of(at) != index_) {
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
        made_.as_of = shown_ && something ? std::optional(least) : std::nullopt;
    }

    const Event& event() const { return c_.recording.events()[c_.moment]; }

    // nullptr: no area contains it.
    std::vector<StageCard>* cards_at(Address address) {
        const auto found = std::ranges::find_if(made_.areas, [&](const StageArea& area) { return area.contains(address); });
        return found == made_.areas.end() ? nullptr : &made_.cards[static_cast<std::size_t>(found - made_.areas.begin())];
    }

    std::vector<StageCard>* cards_of(Role role) {
        const auto found = std::ranges::find(made_.areas, role, &StageArea::role);
        return found == made_.areas.end() ? nullptr : &made_.cards[static_cast<std::size_t>(found - made_.areas.begin())];
    }

    // What the variables were, by name and address.
    using Before = std::map<std::pair<std::string_view, Address>, const Variable*>;
    static Before before_of(std::span<const Variable> variables) {
        Before before;
        for (const Variable& variable : variables) {
            before.try_emplace({variable.name, variable.address}, &variable);
        }
        return before;
    }

    // `before`: nullptr: not known, or not to be marked.
    // `function`: empty for a global.
    StageRow row_of(const Variable& variable, std::string_view function, const Before* before, Rank rank) const {
        StageRow row;
        row.thing = thing_of(variable, function);
        row.thing.process = index_;
        row.name = short_text(variable.name);
        row.value = short_text(variable.value);
        row.note = variable.value.empty()
                       ? short_text(c_.words.format("stack.no_value", reason_text(variable.why_not, c_.words)))
                   : variable.address != 0 ? address_text(variable.address, true)
                                           : std::string();
        row.rank = rank;
        if (before && made_.acts) {
            const auto found = before->find({variable.name, variable.address});
            const Variable* then = found == before->end() ? nullptr : found->second;
            row.changed = then != nullptr && then->value != variable.value;
            row.was = row.changed ? short_text(then->value) : std::string();
            row.rank = row.changed ? Rank::changed : rank;
        }
        return row;
    }

    // Those of the best ranks, in the order in which they were: what changes stays in its place.
    static void keep_few(std::vector<StageRow>& rows, std::size_t most = most_rows) {
        if (rows.size() <= most) {
            return;
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
        rows = std::move(kept);
    }

    // Where a frame stands: `innermost` of its thread, which is the one `shown`.
    struct Standing {
        bool innermost = false;
        bool shown = false;
    };

    StageCard frame_card(const Stack& stack, std::size_t index, const Stack* before, Standing standing) const {
        const bool innermost = standing.innermost;
        const StackFrame& frame = *stack.frames[index];
        StageCard card;
        card.title = frame.function.empty() ? hex_address(frame.program_counter) : with_brackets(short_text(frame.function));
        card.hint = frame.file.empty() ? std::string() : display_text(base_name(frame.file)) + ":" + std::to_string(frame.line);
        card.rank = !innermost ? Rank::frames : standing.shown ? Rank::now : Rank::innermost;
        card.thing = thing_of(frame);
        card.thing.process = index_;
        // Python's frames have no address: the innermost one at a call is new, whatever stood in its place before.
        const bool of_python = frame.language == FrameLanguage::python;
        const bool called =
            of_python && innermost &&
            (std::holds_alternative<CallEvent>(event().detail) || std::holds_alternative<ResumeEvent>(event().detail));
        const StackFrame* then = before && !called ? same_frame(*before, stack, index) : nullptr;
        card.fresh = made_.acts && before && !then;
        card.leaving =
            made_.acts && of_python && innermost &&
            (std::holds_alternative<ReturnEvent>(event().detail) || std::holds_alternative<SuspendEvent>(event().detail));
        const Before known = then ? before_of(then->variables) : Before{};
        const Rank rank = !innermost ? Rank::rest : standing.shown ? Rank::innermost : Rank::frames;
        for (const Variable& variable : frame.variables) {
            card.rows.push_back(row_of(variable, frame.function, then ? &known : nullptr, rank));
        }
        keep_few(card.rows);
        return card;
    }

    // The frame in `there` of the same call as frame `index` of `stack`; nullptr: there is none. A frame of Python has no
    // address, so its place from the outermost on tells.
    static const StackFrame* same_frame(const Stack& there, const Stack& stack, std::size_t index) {
        const StackFrame& frame = *stack.frames[index];
        if (frame.language == FrameLanguage::python) {
            const std::size_t outer = stack.frames.size() - index;
            const StackFrame* other = outer <= there.frames.size() ? there.frames[there.frames.size() - outer].get() : nullptr;
            return other && other->function == frame.function && other->language == frame.language ? other : nullptr;
        }
        const auto found = std::ranges::find_if(
            there.frames, [&](const auto& f) { return f->function == frame.function && f->extent.end == frame.extent.end; });
        return found == there.frames.end() ? nullptr : found->get();
    }

    static std::vector<std::size_t> own_frames(const Stack& stack) {
        std::vector<std::size_t> own;  // from the outermost
        for (std::size_t i = stack.frames.size(); i-- > 0;) {
            const StackFrame& frame = *stack.frames[i];
            if (frame.own && !frame.file.empty() && !frame.library) {
                own.push_back(i);
            }
        }
        return own;
    }

    void add_frames(const ThreadState& thread) {
        const Stack& stack = *thread.stack;
        const bool of_python = is_of_python(stack);
        std::vector<StageCard>* cards = of_python ? &made_.python : cards_at(thread.stack_pointer);
        const std::vector<std::size_t> own = own_frames(stack);
        if (!cards || own.empty()) {
            return;
        }
        const InsideBefore before =
            made_.acts && &thread == shown_ ? inside_before(c_.recording, index_, thread.thread, c_.moment) : InsideBefore{};
        constexpr std::size_t outer = 2;
        for (std::size_t k = 0; k < own.size(); ++k) {
            if (own.size() > most_frames && k == outer) {
                StageCard fold;
                fold.frames_left_out = own.size() - most_frames;
                fold.title = c_.words.format("stage.more_frames", fold.frames_left_out);
                fold.rank = Rank::frames;
                cards->push_back(std::move(fold));
                k += own.size() - most_frames;
            }
            cards->push_back(frame_card(stack, own[k], before.stack, {k + 1 == own.size(), &thread == shown_}));
            cards->back().frame = {HitKind::frame, index_,
                                   frame_number(static_cast<std::size_t>(&thread - process_.threads.data()), own[k])};
        }
        if (!of_python && thread.stack_pointer != 0) {
            cards->back().stack_pointer = thread.stack_pointer;
        }
        if (before.stack && !of_python) {
            add_popped(*before.stack, stack, *cards);
        }
    }

    // The innermost frame that was there before this event and is no more.
    static void add_popped(const Stack& before, const Stack& now, std::vector<StageCard>& cards) {
        const std::vector<std::size_t> own = own_frames(before);
        if (own.empty()) {
            return;
        }
        if (!same_frame(now, before, own.back())) {
            StageCard ghost;
            ghost.title = with_brackets(short_text(before.frames[own.back()]->function));
            ghost.ghost = true;
            ghost.rank = Rank::changed;
            cards.push_back(std::move(ghost));
        }
    }

    void add_next_line() {
        const StackFrame* frame = shown_ ? own_frame(*shown_, event()) : nullptr;
        std::vector<StageCard>* cards = cards_of(Role::code);
        if (!frame || !cards || frame->language == FrameLanguage::python) {
            return;
        }
        const SourceFile* source = source_of(c_.recording, frame->file);
        StageCard card;
        card.rank = Rank::now;
        card.thing = {.kind = ThingKind::source_line, .process = index_, .file = frame->file, .line = frame->line};
        const bool in_call = frame != shown_->stack->frames.front().get();
        if (source && source->why_not.empty()) {
            const auto lines = lines_of(source->text);
            if (frame->line >= 1 && frame->line <= lines.size()) {
                card.thing.text = lines[frame->line - 1];
                card.title = (in_call ? "↳ " : "▶ ") + short_text(without_comment(lines[frame->line - 1]));
            }
        }
        if (card.title.empty()) {
            card.title = "▶ " + display_text(base_name(frame->file)) + ":" + std::to_string(frame->line);
        }
        StageRow row;
        row.name = c_.words.text(in_call ? "stage.returns_to" : "stage.next_instruction");
        row.short_name = in_call ? "↳" : "PC";
        row.value = hex_address(frame->program_counter);
        row.rank = Rank::details;
        row.name_in_words = true;
        card.rows.push_back(std::move(row));
        cards->push_back(std::move(card));
    }

    void add_globals() {
        if (!process_.globals) {
            return;
        }
        const InsideBefore before =
            made_.acts && shown_ ? inside_before(c_.recording, index_, shown_->thread, c_.moment) : InsideBefore{};
        const Before known = before.globals ? before_of(*before.globals) : Before{};
        const Before* then = before.globals ? &known : nullptr;
        const bool of_python = shown_ && shown_->stack && is_of_python(*shown_->stack);
        std::map<std::vector<StageCard>*, StageCard> found;
        std::size_t seen = 0;
        for (const Variable& variable : *process_.globals) {
            if (++seen > most_globals_seen || (of_python && is_uninteresting(variable))) {
                continue;
            }
            if (std::vector<StageCard>* cards = of_python ? &made_.python : cards_at(variable.address)) {
                StageCard& card = found[cards];
                if (card.rows.size() < 4 * most_rows || then) {
                    card.rows.push_back(row_of(variable, {}, then, Rank::globals));
                }
            }
        }
        for (auto& [cards, card] : found) {
            card.title = of_python ? std::string(c_.words.text("stack.python_globals")) : std::string();
            card.rank = Rank::globals;
            card.only_with_rows = true;
            keep_few(card.rows);
            if (std::ranges::find(card.rows, Rank::changed, &StageRow::rank) != card.rows.end()) {
                card.rank = Rank::changed;
            }
            cards->insert(of_python ? cards->begin() : cards->end(), std::move(card));
        }
    }

    bool is_uninteresting(const Variable& variable) const {
        if (variable.name.starts_with("__")) {
            return true;
        }
        const PythonObject* object = variable.leads_to.empty() || !process_.objects
                                         ? nullptr
                                         : find_object(*process_.objects, variable.leads_to.front());
        return object && is_a_tool(*object);
    }

    static bool is_block(const HeapChunk& chunk) {
        return chunk.state == ChunkState::in_use || chunk.state == ChunkState::free;
    }

    // Blocks of malloc that came, went or changed with this event, or that a variable points to: each in its area. Where there
    // are few, also the others: a block that nobody can reach any more is still there.
    void add_blocks() {
        if (!process_.heap || process_.heap->chunks.empty()) {
            return;
        }
        const std::map<Address, std::string> pointers = pointers_into(*process_.heap);
        const InsideBefore before =
            made_.acts && shown_ ? inside_before(c_.recording, index_, shown_->thread, c_.moment) : InsideBefore{};
        const bool few = std::cmp_less_equal(std::ranges::count_if(process_.heap->chunks, is_block), most_blocks);
        std::map<std::vector<StageCard>*, StageCard> found;
        for (const HeapChunk& chunk : process_.heap->chunks) {
            const HeapChunk* then = before.heap ? find_chunk(*before.heap, chunk.start) : nullptr;
            const bool changed = before.heap && (!then || then->start != chunk.start || then->state != chunk.state);
            const auto pointer = pointers.find(chunk.start);
            const bool shown = is_block(chunk) && (few || changed || pointer != pointers.end());
            if (std::vector<StageCard>* cards = shown ? cards_at(chunk.start) : nullptr) {
                found[cards].rows.push_back(block_row(chunk, pointer == pointers.end() ? nullptr : &pointer->second, changed));
            }
        }
        for (auto& [cards, card] : found) {
            keep_few(card.rows, most_blocks);
            card.rank = std::ranges::min_element(card.rows, {}, &StageRow::rank)->rank;
            cards->push_back(std::move(card));
        }
    }

    StageRow block_row(const HeapChunk& chunk, const std::string* pointer, bool changed) const {
        StageRow row;
        row.name = pointer ? *pointer + " →" : std::string(c_.words.text("stage.block"));
        row.value = size_text(chunk.size) + " · " +
                    std::string(c_.words.text(chunk.state == ChunkState::free ? "heap.free" : "heap.in_use"));
        row.value_in_words = true;
        row.note = address_text(chunk.start + 16, true);
        row.changed = changed;
        row.rank = changed ? Rank::changed : Rank::blocks;
        row.thing = thing_of(chunk);
        row.thing.process = index_;
        return row;
    }

    // For each chunk the names of the variables that point into it: "p, q".
    std::map<Address, std::string> pointers_into(const Heap& heap) const {
        std::map<Address, std::string> names;
        const auto take = [&](const std::vector<Variable>& variables) {
            for (const Variable& variable : variables) {
                for (const Address to : variable.leads_to) {
                    if (const HeapChunk* chunk = find_chunk(heap, to)) {
                        std::string& text = names[chunk->start];
                        text += (text.empty() ? "" : ", ") + short_text(variable.name);
                    }
                }
            }
        };
        if (process_.globals) {
            take(*process_.globals);
        }
        if (shown_ && shown_->stack) {
            for (const auto& frame : shown_->stack->frames) {
                take(frame->variables);
            }
        }
        return names;
    }

    // The objects to which names of the student lead: each with its names, in the order of the names.
    void find_objects() {
        const ThreadState* thread = shown_thread(process_, event());
        if (!process_.objects || !thread || !is_of_python(*thread->stack)) {
            return;
        }
        const auto take = [&](const Variable& variable) {
            if (variable.leads_to.empty() || is_uninteresting(variable)) {
                return;
            }
            const Address to = variable.leads_to.front();
            const auto known = std::ranges::find(objects_, to, &std::pair<Address, std::string>::first);
            if (known != objects_.end()) {
                known->second += ", " + short_text(variable.name);
            } else if (objects_.size() < most_interesting) {
                objects_.emplace_back(to, short_text(variable.name));
                interesting_.push_back(to);
            }
        };
        for (const auto& frame : thread->stack->frames) {
            std::ranges::for_each(frame->variables, take);
        }
        if (process_.globals) {
            std::ranges::for_each(*process_.globals, take);
        }
    }

    void add_objects() {
        std::map<std::vector<StageCard>*, StageCard> found;
        for (const auto& [address, names] : objects_) {
            const PythonObject* object = find_object(*process_.objects, address);
            std::vector<StageCard>* cards = object ? cards_at(address) : nullptr;
            if (!cards) {
                continue;
            }
            StageRow row;
            row.name = names;
            row.value = short_text(object->value);
            row.thing = {.kind = ThingKind::block,
                         .process = index_,
                         .address = address,
                         .size = object->size,
                         .name = names,
                         .value = object->value,
                         .text = names + " = " + object->value};
            row.page_copied = is_copied_now(address);
            row.changed = leads_from_change(names);
            row.note = object_note(*object, row);
            row.rank = row.page_copied || row.changed ? Rank::changed : Rank::globals;
            found[cards].rows.push_back(std::move(row));
        }
        for (auto& [cards, card] : found) {
            card.title = c_.words.text("stage.objects");
            card.only_with_rows = true;
            keep_few(card.rows);
            card.rank = std::ranges::min_element(card.rows, {}, &StageRow::rank)->rank;
            cards->push_back(std::move(card));
        }
    }

    // Whether one of the names, "a, b", has another value by this event.
    bool leads_from_change(const std::string& names) const {
        return std::ranges::any_of(made_.python, [&](const StageCard& card) {
            return std::ranges::any_of(card.rows, [&](const StageRow& row) {
                return row.changed && (", " + names + ", ").find(", " + row.name + ", ") != std::string::npos;
            });
        });
    }

    // "list · 7f9e 029b fec0 · own". Who tells of an object counts one more reference to it: where its value is as before, that
    // was the write.
    std::string object_note(const PythonObject& object, const StageRow& row) const {
        const std::string type = short_text(object.type);
        if (row.page_copied && !row.changed && object.references && !object.immortal) {
            return type + " · " + std::string(c_.words.text("stage.page_copied_count"));
        }
        const char* state = page_state_of(object.address);
        return type + " · " + address_text(object.address, true) + (state ? " · " + std::string(c_.words.text(state)) : "");
    }

    // Null: nobody else has it by fork, or it was not read.
    const char* page_state_of(Address address) const {
        constexpr ByteCount page = 4096;
        if (is_copied_now(address)) {
            return "stage.page_copied";
        }
        if (!process_.pages || c_.world.processes.size() < 2) {
            return nullptr;
        }
        const Address start = address & ~(page - 1);
        const RegionPages pages = pages_in(*process_.pages, {start, start + page}, false);
        return pages.exclusive > 0 ? "stage.page_exclusive" : pages.shared > 0 ? "stage.page_shared" : nullptr;
    }

    bool is_copied_now(Address address) const { return has_copied(event().copied.all(), process_.key.pid, address); }

    const LayoutContext& c_;
    std::size_t index_;
    const Process& process_;
    const ThreadState* shown_ = nullptr;
    StageColumn made_;
    std::vector<std::pair<Address, std::string>> objects_;  // and their names
    std::vector<Address> interesting_;
};

}  // namespace

StageColumn stage_column(const LayoutContext& context, std::size_t process) {
    return ColumnMaker(context, process).run();
}

}  // namespace procatlas
