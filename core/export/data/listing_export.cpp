#include "core/export/data/listing_export.h"

#include <fmt/format.h>

#include <limits>
#include <vector>

#include "core/base/text.h"
#include "core/export/data/json_writer.h"
#include "core/export/request/chosen_processes.h"
#include "core/layout/listing/layout_listing.h"

namespace procatlas {
namespace {

constexpr std::size_t everything = std::numeric_limits<std::uint32_t>::max();

// The processes to list, and their world.
struct Shown {
    World world;
    std::vector<std::size_t> processes;
};

Result<Shown> shown_processes(const Recording& recording, const FigureOptions& options, const Messages& words) {
    if (options.moment > recording.last_moment()) {
        return fail(words.format("figure.no_moment", options.moment, recording.last_moment()));
    }
    Shown shown{recording.world_at(options.moment), {}};
    auto chosen = chosen_processes(shown.world, options.pids, options.moment, words);
    if (!chosen) {
        return std::unexpected(chosen.error());
    }
    shown.processes = std::move(*chosen);
    if (shown.processes.empty() && !shown.world.processes.empty()) {
        shown.processes.push_back(acting_process(recording, shown.world, options.moment));
    }
    return shown;
}

void add_sentences(std::string& text, const std::vector<std::string>& sentences) {
    for (const std::string& sentence : sentences) {
        text += sentence + "\n";
    }
}

void source_text(std::string& text, const SourceRows& source, const Messages& words) {
    if (!source.path.empty()) {
        text += display_text(source.path) + ": " +
                words.format("source.where", display_text(source.function), source.line, source.lines) + "\n";
    }
    add_sentences(text, source.none);
    for (const SourceRow& row : source.rows) {
        text += fmt::format("{:>5}{} {}{}\n", row.number, row.number == source.line ? ">" : " ", row.text,
                            row.marks.empty() ? "" : "    " + mark_text(row));
    }
}

void code_text(std::string& text, const CodeRows& code, const Messages& words) {
    add_sentences(text, code.none);
    if (code.rows.empty()) {
        return;
    }
    text += (code.function.empty() ? std::string(words.text("code.no_function")) : display_text(code.function) + "()") + ", " +
            display_text(code.program) + "\n";
    for (const CodeRow& row : code.rows) {
        if (row.instruction.line != 0) {
            text += words.format("code.line", row.instruction.line, row.source_line) + "\n";
        }
        const std::string& target = row.instruction.target_name;
        text += fmt::format("{} {} +{:<5x} {:<32} {}{}\n", row.current ? ">" : " ", hex_address(row.instruction.address),
                            row.offset, hex_text(row.bytes), display_text(row.instruction.text),
                            target.empty() ? "" : "  -> " + display_text(target));
    }
    if (!code.why_cut.empty()) {
        text += words.format("code.cut", display_text(code.why_cut)) + "\n";
    }
}

void byte_row_text(std::string& text, const ByteRow& row, const Messages& words) {
    if (row.folded != 0) {
        const std::string stale = row.stale == 0 ? "" : " · " + std::string(words.text("bytes.stale"));
        text += hex_address(row.start) + "  " + words.format("bytes.zeros", row.folded) + stale + "\n";
        return;
    }
    std::string hex(row.first * 3, ' ');
    for (std::size_t i = 0; i < row.bytes.size(); ++i) {
        const bool changed = (row.changed >> (row.first + i) & 1U) != 0;
        hex += hex_text(std::string_view(row.bytes).substr(i, 1)) + (changed ? "*" : " ");
    }
    std::string what = row.stack_pointer ? words.format("bytes.stack_pointer", *row.stack_pointer) : std::string();
    for (const std::string& more : {row.what, row.stale != 0 ? std::string(words.text("bytes.stale")) : std::string()}) {
        what += (what.empty() || more.empty() ? "" : " · ") + more;
    }
    const std::string line = fmt::format("{}  {:<48} {:<16}  {}", hex_address(row.start), hex,
                                         std::string(row.first, ' ') + ascii_text(row.bytes), what);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

void bytes_text(std::string& text, const ByteRows& bytes, const Messages& words) {
    add_sentences(text, bytes.none);
    for (const ByteRun& run : bytes.runs) {
        text += run.region + " " + hex_address(run.range.start) + " - " + hex_address(run.range.end) + "\n";
        for (const ByteRow& row : run.rows) {
            byte_row_text(text, row, words);
        }
    }
    if (!bytes.runs.empty()) {
        text += std::string(words.text("bytes.legend_text")) + "\n";
    }
}

void sentences_json(JsonObject& out, const std::vector<std::string>& sentences) {
    if (!sentences.empty()) {
        JsonArray array(out.key("not_available"));
        for (const std::string& sentence : sentences) {
            append_json_string(array.element(), sentence);
        }
    }
}

void source_json(JsonObject& out, const SourceRows& source) {
    out.text_or_null("file", source.path);
    out.number("line", source.line);
    sentences_json(out, source.none);
    JsonArray lines(out.key("lines"), true);
    for (const SourceRow& row : source.rows) {
        JsonObject one(lines.element());
        one.number("number", row.number);
        one.text("text", row.text);
        JsonArray here(one.key("processes"));
        for (const LineMark& mark : row.marks) {
            here.element() += std::to_string(mark.pid);
        }
    }
}

void code_json(JsonObject& out, const CodeRows& code) {
    out.text_or_null("function", code.function);
    out.text_or_null("program", code.program);
    sentences_json(out, code.none);
    JsonArray rows(out.key("instructions"), true);
    for (const CodeRow& row : code.rows) {
        JsonObject one(rows.element());
        one.hex("address", row.instruction.address);
        one.number("offset", row.offset);
        one.text("bytes", hex_text(row.bytes));
        one.text("text", row.instruction.text);
        one.flag("current", row.current);
        if (row.instruction.target != 0) {
            one.hex("target", row.instruction.target);
            one.text_or_null("target_name", row.instruction.target_name);
        }
        if (row.instruction.line != 0) {
            one.text("file", row.instruction.file);
            one.number("line", row.instruction.line);
        }
    }
}

// The bytes of the row that `mask` selects, as offsets from its first byte.
void offsets_json(std::string& text, const ByteRow& row, std::uint16_t mask) {
    JsonArray array(text);
    for (std::size_t i = 0; i < row.bytes.size(); ++i) {
        if ((mask >> (row.first + i) & 1U) != 0) {
            array.element() += std::to_string(i);
        }
    }
}

void bytes_json(JsonObject& out, const ByteRows& bytes) {
    sentences_json(out, bytes.none);
    JsonArray runs(out.key("runs"), true);
    for (const ByteRun& run : bytes.runs) {
        JsonObject one(runs.element());
        one.text("region", region_kind_name(run.kind));
        one.hex("start", run.range.start);
        one.hex("end", run.range.end);
        JsonArray rows(one.key("rows"), true);
        for (const ByteRow& row : run.rows) {
            JsonObject cells(rows.element());
            cells.hex("address", row.start + row.first);
            cells.text("bytes", hex_text(row.bytes));
            if (row.folded != 0) {
                cells.number("rows_of_zeros", row.folded);
            }
            offsets_json(cells.key("changed"), row, row.changed);
            offsets_json(cells.key("stale"), row, row.stale);
            cells.flag("stack_pointer", row.stack_pointer.has_value());
            cells.text_or_null("what", row.what);
        }
    }
}

ByteView all_rows() {
    ByteView view;
    view.most_rows = everything;
    return view;
}

}  // namespace

bool is_listing(FigureView view) {
    return view == FigureView::source || view == FigureView::code || view == FigureView::bytes;
}

Result<std::string> listing_text(const Recording& recording, const FigureOptions& options, const Messages& words) {
    const auto shown = shown_processes(recording, options, words);
    if (!shown) {
        return std::unexpected(shown.error());
    }
    std::string text;
    const MomentContext context{recording, shown->world, options.moment, words};
    for (const std::size_t process : shown->processes) {
        text += (text.empty() ? "" : "\n") +
                words.format("listing.title", context.world.processes[process].key.pid, options.moment) + "\n";
        if (options.view == FigureView::source) {
            const auto around = static_cast<std::uint32_t>(everything);
            source_text(text, source_rows(context, process, shown->processes, around), words);
        } else if (options.view == FigureView::code) {
            code_text(text, code_rows(context, process, everything), words);
        } else {
            bytes_text(text, byte_rows(context, process, all_rows()), words);
        }
    }
    return text;
}

Result<std::string> listing_json(const Recording& recording, const FigureOptions& options, const Messages& words) {
    const auto shown = shown_processes(recording, options, words);
    if (!shown) {
        return std::unexpected(shown.error());
    }
    const MomentContext context{recording, shown->world, options.moment, words};
    std::string text;
    {
        JsonObject out(text);
        out.number("moment", options.moment);
        JsonArray processes(out.key("processes"), true);
        for (const std::size_t process : shown->processes) {
            JsonObject one(processes.element());
            one.number("pid", context.world.processes[process].key.pid);
            if (options.view == FigureView::source) {
                const auto around = static_cast<std::uint32_t>(everything);
                source_json(one, source_rows(context, process, shown->processes, around));
            } else if (options.view == FigureView::code) {
                code_json(one, code_rows(context, process, everything));
            } else {
                bytes_json(one, byte_rows(context, process, all_rows()));
            }
        }
    }
    return text + "\n";
}

}  // namespace procatlas
