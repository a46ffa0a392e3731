#include "core/layout/listing/byte_rows.h"

#include <algorithm>
#include <span>
#include <utility>

#include "core/base/text.h"
#include "core/model/inside_moment.h"
#include "core/model/memory_blocks.h"
#include "core/narrate/block_name.h"
#include "core/narrate/missing_inside.h"

namespace procatlas {
namespace {

constexpr std::size_t least_fold = 3;

struct NamedRange {
    AddressRange range;
    std::string name;
};

// The things that the recording can name, by ascending address.
class NamedPlaces {
public:
    NamedPlaces(const Process& process, const Messages& words) : words_(words) {
        for (const ThreadState& thread : process.threads) {
            if (thread.stack) {
                add_stack(*thread.stack);
            }
        }
        if (process.globals) {
            add_variables(*process.globals, {});
        }
        if (process.heap) {
            for (const HeapChunk& chunk : process.heap->chunks) {
                places_.push_back({{chunk.start, chunk.start + chunk.size},
                                   words.format("bytes.block", words.text("heap." + std::string(chunk_state_name(chunk.state))),
                                                size_text(chunk.size))});
            }
        }
        std::ranges::stable_sort(places_, {}, [](const NamedRange& place) { return place.range.start; });
    }

    // The names of what begins in `range`; if `first`, also of what begins before it and reaches into it.
    [[nodiscard]] std::string names_in(AddressRange range, bool first) const {
        const auto start_of = [](const NamedRange& place) { return place.range.start; };
        const auto begin = first ? places_.begin() : std::ranges::lower_bound(places_, range.start, {}, start_of);
        std::string names;
        for (auto place = begin; place != places_.end() && place->range.start < range.end; ++place) {
            if (place->range.overlaps(range)) {
                names += (names.empty() ? "" : " · ") + place->name;
            }
        }
        return names;
    }

private:
    void add_variables(const std::vector<Variable>& variables, const std::string& function) {
        for (const Variable& variable : variables) {
            if (variable.address != 0 && variable.size != 0) {
                places_.push_back({{variable.address, variable.address + variable.size},
                                   display_text(variable.name) + (function.empty() ? "" : " (" + function + ")")});
            }
        }
    }

    void add_stack(const Stack& stack) {
        constexpr Address word = 8;
        for (const auto& frame : stack.frames) {
            const std::string function =
                frame->function.empty() ? hex_address(frame->program_counter) : display_text(frame->function);
            add_variables(frame->variables, function);
            if (frame->return_address != 0 && frame->extent.size() >= word) {
                places_.push_back(
                    {{frame->extent.end - word, frame->extent.end}, words_.format("bytes.return_address", function)});
            }
        }
    }

    const Messages& words_;
    std::vector<NamedRange> places_;
};

// The bytes at the previous moment.
class BytesBefore {
public:
    explicit BytesBefore(const InsideBefore& before) {
        if (before.stack) {
            known_.push_back({before.stack->bytes_start, before.stack->bytes, {}});
        }
        if (before.pieces) {
            for (const auto& piece : before.pieces->pieces) {
                known_.push_back(*piece);
            }
        }
    }
    // nullopt: unknown.
    [[nodiscard]] std::optional<char> at(Address address) const {
        for (const MemoryBytes& memory : known_) {
            if (address >= memory.start && address - memory.start < memory.bytes.size()) {
                return memory.bytes[address - memory.start];
            }
        }
        return std::nullopt;
    }

private:
    std::vector<MemoryBytes> known_;
};

bool is_plain_zero(const ByteRow& row) {
    return row.what.empty() && row.changed == 0 && !row.stack_pointer && row.bytes.size() == ByteRow::width &&
           std::ranges::all_of(row.bytes, [](char c) { return c == '\0'; });
}

std::vector<ByteRow> fold_zeros(std::vector<ByteRow> rows) {
    std::vector<ByteRow> folded;
    for (std::size_t i = 0; i < rows.size();) {
        std::size_t end = i;
        while (end < rows.size() && is_plain_zero(rows[end]) && rows[end].stale == rows[i].stale) {
            ++end;
        }
        if (end - i >= least_fold) {
            folded.push_back(std::move(rows[i]));
            folded.back().folded = end - i;
            i = end;
        } else {
            folded.push_back(std::move(rows[i++]));
        }
    }
    return folded;
}

class ByteRowMaker {
public:
    ByteRowMaker(const Process& process, std::span<const ElfImage> images, const ThreadState* thread,
                 const InsideBefore& before, const ByteView& view, const Messages& words)
        : thread_(thread),
          view_(view),
          words_(words),
          regions_(regions_of(process, images)),
          blocks_(gather_blocks(regions_)),
          places_(process, words),
          before_(before) {}

    // `of_stack`: the bytes around the stack pointer.
    ByteRun run(const MemoryBytes& memory, bool compare, bool of_stack) {
        ByteRun run;
        run.range = {memory.start, memory.start + memory.bytes.size()};
        run.why_cut = memory.why_cut;
        name_region(run);
        constexpr Address in_row = ByteRow::width - 1;
        for (Address at = memory.start & ~in_row; at < run.range.end; at += ByteRow::width) {
            run.rows.push_back(row(memory, at, compare, of_stack));
        }
        run.rows = fold_zeros(std::move(run.rows));
        if (run.rows.size() > view_.most_rows) {
            run.left_out = run.rows.size() - view_.most_rows;
            run.rows.resize(view_.most_rows);
        }
        return run;
    }

private:
    void name_region(ByteRun& run) const {
        for (const Block& block : blocks_) {
            if (block.range.contains(run.range.start)) {
                run.region = block_name(block, regions_, words_);
                run.kind = block.kind;
            }
        }
        if (run.region.empty()) {
            run.region = words_.text("where.unmapped");
        }
    }

    ByteRow row(const MemoryBytes& memory, Address start, bool compare, bool of_stack) const {
        ByteRow row;
        row.start = start;
        const Address first = std::max(start, memory.start);
        const Address end = std::min(start + ByteRow::width, memory.start + memory.bytes.size());
        row.first = first - start;
        row.bytes = memory.bytes.substr(first - memory.start, end - first);
        const Address sp = thread_ ? thread_->stack_pointer : 0;
        const Address in_use = of_stack && thread_ ? lowest_in_use(*thread_->stack, sp) : 0;
        for (Address at = first; at < end; ++at) {
            const auto bit = static_cast<std::uint16_t>(1U << (at - start));
            const auto then = compare ? before_.at(at) : std::nullopt;
            if (then && *then != memory.bytes[at - memory.start]) {
                row.changed = static_cast<std::uint16_t>(row.changed | bit);
            }
            if (at < in_use) {
                row.stale = static_cast<std::uint16_t>(row.stale | bit);
            }
        }
        if (sp >= start && sp - start < ByteRow::width) {
            row.stack_pointer = sp - start;
        }
        row.what = places_.names_in({first, end}, first == memory.start);
        return row;
    }

    const ThreadState* thread_;
    const ByteView& view_;
    const Messages& words_;
    std::vector<Region> regions_;
    std::vector<Block> blocks_;
    NamedPlaces places_;
    BytesBefore before_;
};

// Joins pieces that follow one another in one region. Drops pieces without bytes, which the recording left out.
std::vector<MemoryBytes> joined_pieces(const MemoryPieces& pieces, std::span<const Region> regions) {
    std::vector<MemoryBytes> runs;
    for (const auto& piece : pieces.pieces) {
        for (Address at = piece->start; at < piece->start + piece->bytes.size();) {
            const Region* region = find_region(regions, at);
            const Address end = std::min(piece->start + piece->bytes.size(), region ? region->range.end : ~Address{0});
            const std::string bytes = piece->bytes.substr(at - piece->start, end - at);
            const bool goes_on =
                !runs.empty() && runs.back().start + runs.back().bytes.size() == at && !(region && region->range.start == at);
            goes_on ? (void)(runs.back().bytes += bytes) : runs.push_back({at, bytes, {}});
            at = end;
        }
    }
    return runs;
}

}  // namespace

ByteRows byte_rows(const MomentContext& context, std::size_t process, const ByteView& view) {
    const auto& [recording, world, moment, words] = context;

    ByteRows found;
    const Process& who = world.processes[process];
    const ThreadState* thread = recording.empty() ? nullptr : shown_thread(who, recording.events()[moment]);
    const InsideBefore before = thread ? inside_before(recording, process, thread->thread, moment) : InsideBefore{};
    ByteRowMaker maker(who, recording.images(), thread, before, view, words);
    if (view.asked) {
        const std::vector<Region> regions = regions_of(who, recording.images());
        const Region* region = find_region(regions, view.asked->start);
        const bool stack = region && region->kind == RegionKind::stack;
        found.runs.push_back(maker.run(*view.asked, true, stack));
        return found;
    }
    if (!thread) {
        found.none = nothing_inside(recording, who, words);
        return found;
    }
    if (!thread->stack->bytes.empty()) {
        found.runs.push_back(maker.run({thread->stack->bytes_start, thread->stack->bytes, {}}, true, true));
    }
    if (who.pieces) {
        for (const MemoryBytes& memory : joined_pieces(*who.pieces, regions_of(who, recording.images()))) {
            found.runs.push_back(maker.run(memory, true, false));
        }
    }
    if (found.runs.empty()) {
        found.none.emplace_back(words.text("bytes.left_out"));
    }
    return found;
}

}  // namespace procatlas
