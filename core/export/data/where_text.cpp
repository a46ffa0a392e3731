#include "core/export/data/where_text.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <vector>

#include "core/base/text.h"
#include "core/model/inside.h"
#include "core/model/inside_moment.h"
#include "core/model/memory_blocks.h"
#include "core/narrate/block_name.h"
#include "core/narrate/reasons.h"

namespace procatlas {
namespace {

class Answer {
public:
    Answer(const Process& process, const Recording& recording, Address address, const Messages& words)
        : process_(process),
          recording_(recording),
          images_(recording.images()),
          address_(address),
          words_(words),
          regions_(regions_of(process, images_)) {}

    std::string run() {
        if (regions_.empty()) {
            line(words_.text("where.no_map"));
            return std::move(text_);
        }
        const Region* region = find_region(regions_, address_);
        if (!region) {
            line(words_.text("where.unmapped"));
            return std::move(text_);
        }
        const Block block{region->kind, region->range, static_cast<std::size_t>(region - regions_.data()), 1};
        line(words_.format("where.region", block_name(block, regions_, words_), hex_address(region->range.start),
                           hex_address(region->range.end), permissions_text(region->permissions),
                           address_ - region->range.start));
        if (!region->file.empty()) {
            line(words_.format("where.file", display_text(region->file), region->offset + (address_ - region->range.start)));
        }
        section(*region);
        symbol();
        for (const ThreadState& thread : process_.threads) {
            if (thread.stack) {
                frames(*thread.stack, thread.thread);
            }
        }
        if (process_.globals) {
            for (const Variable& variable : *process_.globals) {
                tell(variable);
            }
        }
        if (process_.objects) {
            std::ranges::for_each(*process_.objects, [&](const PythonObject& object) { tell_object(object); });
        }
        if (process_.heap) {
            chunk(*process_.heap);
        }
        return std::move(text_);
    }

private:
    void line(std::string_view what) { (text_ += what) += '\n'; }

    // Names the section of the ELF file, if the file was read.
    void section(const Region& region) {
        const Address offset = region.offset + (address_ - region.range.start);
        for (const ElfImage& image : images_) {
            if (image.path != region.file) {
                continue;
            }
            for (const ElfSegment& segment : image.segments) {
                const Address in_file = segment.range.start + (offset - segment.offset);
                const bool here = segment.offset <= offset && offset - segment.offset < segment.range.size();
                const auto found = std::ranges::find_if(image.sections,
                                                        [&](const ElfSection& s) { return here && s.range.contains(in_file); });
                if (found != image.sections.end()) {
                    return line(words_.format("where.section", display_text(found->name), hex_address(in_file)));
                }
            }
        }
    }

    void frames(const Stack& stack, std::int32_t thread) {
        for (std::size_t i = 0; i < stack.frames.size(); ++i) {
            const StackFrame& frame = *stack.frames[i];
            const std::string name =
                frame.function.empty() ? hex_address(frame.program_counter) : display_text(frame.function) + "()";
            if (frame.extent.contains(address_)) {
                line(words_.format("where.frame", name, thread, i, hex_address(frame.extent.start),
                                   hex_address(frame.extent.end)));
                constexpr Address word = 8;
                if (frame.return_address != 0 && address_ >= frame.extent.end - word) {
                    line(words_.format("where.return_address", hex_address(frame.return_address)));
                }
            }
            if (frame.program_counter == address_) {
                line(words_.format("where.executing", name, thread));
            }
            for (const Variable& variable : frame.variables) {
                tell(variable);
            }
        }
    }

    std::string value_and_reason(const Variable& variable) const {
        const std::string reason = variable.why_not.empty() ? std::string() : reason_text(variable.why_not, words_);
        return display_text(variable.value + (has_no_value_yet(variable) ? " · " : "") + reason);
    }

    void tell(const Variable& variable) {
        if (variable.address != 0 && variable.address <= address_ && address_ - variable.address < variable.size) {
            line(words_.format("where.variable", display_text(variable.name), display_text(variable.type),
                               value_and_reason(variable), address_ - variable.address));
        }
    }

    void tell_object(const PythonObject& object) {
        if (object.address <= address_ && address_ - object.address < object.size) {
            const std::string count =
                object.immortal     ? std::string(words_.text("objects.immortal"))
                : object.references ? words_.format("objects.references", count_text(*object.references))
                                    : words_.format("objects.no_count", display_text(reason_text(object.why_no_count, words_)));
            line(words_.format("where.object", display_text(object.type),
                               display_text(object.value.empty() ? reason_text(object.why_not, words_) : object.value),
                               size_text(object.size), count, address_ - object.address));
            named(object.address);
        }
        if (object.items.contains(address_)) {
            line(words_.format("where.items", display_text(object.type), hex_address(object.address),
                               address_ - object.items.start));
        }
    }

    // The names that lead to the object.
    void named(Address object) {
        const auto tell_names = [&](const std::vector<Variable>& variables, const std::string& where) {
            for (const Variable& variable : variables) {
                if (std::ranges::find(variable.leads_to, object) != variable.leads_to.end()) {
                    line(words_.format("where.name", display_text(variable.name), where));
                }
            }
        };
        for (const ThreadState& thread : process_.threads) {
            for (std::size_t i = 0; thread.stack && i < thread.stack->frames.size(); ++i) {
                const StackFrame& frame = *thread.stack->frames[i];
                if (frame.language == FrameLanguage::python) {
                    tell_names(frame.variables, display_text(frame.function) + "()");
                }
            }
        }
        if (process_.globals) {
            tell_names(*process_.globals, std::string(words_.text("stack.python_globals")));
        }
    }

    void chunk(const Heap& heap) {
        if (const HeapChunk* chunk = find_chunk(heap, address_)) {
            line(words_.format("where.chunk", hex_address(chunk->start), size_text(chunk->size),
                               words_.text("heap." + std::string(chunk_state_name(chunk->state))), address_ - chunk->start));
        }
    }

    // Names the function, if a process of the same program was ever stopped in it.
    void symbol() {
        const FunctionCode* code = function_at(recording_, process_, address_);
        if (!code || code->function.empty()) {
            const Region* region = find_region(regions_, address_);
            return region->permissions.execute ? line(words_.text("where.no_symbol")) : void();
        }
        line(words_.format("where.symbol", display_text(code->function), address_ - code->start));
        const auto found = std::ranges::find_if(
            code->instructions, [&](const Instruction& i) { return i.address <= address_ && address_ - i.address < i.size; });
        if (found != code->instructions.end()) {
            line(words_.format("where.instruction", display_text(found->text), address_ - found->address));
        }
        const Instruction* told = nullptr;  // the last instruction up to the address that begins a source line
        for (const Instruction& i : code->instructions) {
            told = i.line != 0 && i.address <= address_ ? &i : told;
        }
        if (told) {
            line(words_.format("where.line", display_text(base_name(told->file)), told->line));
        }
    }

    const Process& process_;
    const Recording& recording_;
    std::span<const ElfImage> images_;
    Address address_;
    const Messages& words_;
    std::vector<Region> regions_;
    std::string text_;
};

}  // namespace

Result<std::string> where_text(const Recording& recording, std::size_t moment, std::int32_t pid, Address address,
                               const Messages& words) {
    if (moment > recording.last_moment()) {
        return fail(words.format("figure.no_moment", moment, recording.last_moment()));
    }
    const World world = recording.world_at(moment);
    const Process* process = world.find_pid(pid);
    if (!process) {
        return fail(words.format("where.no_process", pid, moment));
    }
    return words.format("where.title", hex_address(address), pid, moment) + "\n" +
           Answer(*process, recording, address, words).run();
}

std::optional<Address> parse_address(std::string_view text, bool decimal_without_prefix) {
    std::string digits;
    for (const char c : text) {
        digits += c == ' ' ? "" : std::string(1, c);
    }
    const bool prefixed = digits.starts_with("0x") || digits.starts_with("0X");
    const bool decimal = decimal_without_prefix && !prefixed && digits.find_first_not_of("0123456789") == digits.npos;
    const char* const first = digits.data() + (prefixed ? 2 : 0);
    const char* const last = digits.data() + digits.size();
    Address address = 0;
    const auto [end, error] = std::from_chars(first, last, address, decimal ? 10 : 16);
    return first != last && error == std::errc() && end == last ? std::optional(address) : std::nullopt;
}

}  // namespace procatlas
