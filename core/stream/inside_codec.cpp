#include "core/stream/inside_codec.h"

#include <algorithm>
#include <utility>

#include "core/base/same_value.h"
#include "core/stream/fields.h"
#include "core/stream/inside_fields.h"

namespace procatlas {
namespace {

// How a part is encoded.
enum class Part : std::uint8_t { none, same, anew };
constexpr Part last_of(Part) {
    return Part::anew;
}

template <typename T>
void write_part(Encoder& out, const std::shared_ptr<const T>& part, std::shared_ptr<const T>& last) {
    if (!part) {
        out(Part::none);
    } else if (same_value(part, last)) {
        out(Part::same);
    } else {
        out(Part::anew);
        out(*part);
        last = part;
    }
}

template <typename T>
void read_part(Decoder& in, std::shared_ptr<const T>& part, std::shared_ptr<const T>& last) {
    Part how{};
    in(how);
    if (how == Part::same && last) {
        part = last;
    } else if (how == Part::anew) {
        T value;
        in(value);
        part = last = std::make_shared<const T>(std::move(value));
    } else if (how != Part::none) {
        in.fail();
    }
}

// The piece of `last` at index `at`, if there is one.
std::shared_ptr<const MemoryBytes> piece_at(const MemoryPieces* last, std::size_t at) {
    return last && at < last->pieces.size() ? last->pieces[at] : nullptr;
}

void write_pieces(Encoder& out, const std::shared_ptr<const MemoryPieces>& now, std::shared_ptr<const MemoryPieces>& last,
                  std::vector<const MemoryBytes*>& new_pieces) {
    if (!now || same_value(now, last)) {
        out(now ? Part::same : Part::none);
        return;
    }
    out(Part::anew, now->pieces.size());
    for (std::size_t i = 0; i < now->pieces.size(); ++i) {
        const bool same = same_value(now->pieces[i], piece_at(last.get(), i));
        out(same);
        if (!same) {
            const MemoryBytes& piece = *now->pieces[i];
            out(piece.start, piece.why_cut);
            new_pieces.push_back(&piece);
        }
    }
    last = now;
}

}  // namespace

void InsideWriter::write(std::string& out, ProcessKey process, std::int32_t thread, const Inside& inside,
                         std::vector<const MemoryBytes*>& new_pieces) {
    Encoder encoder(out);
    encoder(inside.instruction, inside.error);
    OfProcess& last = processes_[process.pid];
    write_part(encoder, inside.globals, last.globals);
    write_part(encoder, inside.heap, last.heap);
    write_pieces(encoder, inside.pieces, last.pieces, new_pieces);
    encoder(inside.stack != nullptr);
    std::vector<FrameLanguage> languages;
    if (inside.stack) {
        const auto& frames = inside.stack->frames;
        auto& kept = frames_[thread];
        // Counts the unchanged frames, starting with the outermost.
        const auto differ = std::mismatch(frames.rbegin(), frames.rend(), kept.rbegin(), kept.rend(), same_value<StackFrame>);
        const auto same = static_cast<std::size_t>(differ.first - frames.rbegin());
        encoder(inside.stack->why_cut, same, frames.size() - same);
        for (std::size_t i = 0; i < frames.size() - same; ++i) {
            encoder(*frames[i]);
            languages.push_back(frames[i]->language);
        }
        kept = frames;
    }
    // What formats up to 5 do not have. It is left out where there is nothing of Python.
    const bool some_python =
        inside.objects || !inside.value.empty() || std::ranges::find(languages, FrameLanguage::python) != languages.end();
    if (some_python) {
        encoder(languages);
        write_part(encoder, inside.objects, last.objects);
        encoder(inside.value);
    }
}

std::shared_ptr<const MemoryPieces> InsideReader::read_pieces(Decoder& in, const RawMemory& raw, const MemoryPieces* last) {
    std::size_t count = 0;
    MemoryPieces pieces;
    in(count);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        bool same = false;
        in(same);
        auto piece = same ? piece_at(last, i) : nullptr;
        if (!same) {
            MemoryBytes anew;
            in(anew.start, anew.why_cut);
            const auto found = std::ranges::find(raw.new_pieces, anew.start, &MemoryBytes::start);
            anew.bytes = found == raw.new_pieces.end() ? std::string() : found->bytes;
            piece = std::make_shared<const MemoryBytes>(std::move(anew));
        }
        if (!piece) {
            in.fail();
        }
        pieces.pieces.push_back(std::move(piece));
    }
    return in.failed() ? nullptr : std::make_shared<const MemoryPieces>(std::move(pieces));
}

Result<Inside> InsideReader::read(std::string_view bytes, const RawMemory& raw, ProcessKey process, std::int32_t thread) {
    Decoder in(bytes);
    Inside inside;
    in(inside.instruction, inside.error);
    OfProcess& last = processes_[process.pid];
    read_part(in, inside.globals, last.globals);
    read_part(in, inside.heap, last.heap);
    Part pieces{};
    in(pieces);
    if (pieces == Part::anew) {
        last.pieces = read_pieces(in, raw, last.pieces.get());
    } else if (pieces == Part::same && !last.pieces) {
        in.fail();
    }
    inside.pieces = pieces == Part::none ? nullptr : last.pieces;
    bool has_stack = false;
    in(has_stack);
    std::vector<StackFrame> frames;  // those that are new
    Stack stack;
    if (has_stack) {
        std::size_t same = 0;
        std::size_t anew = 0;
        stack.bytes_start = raw.stack_start;
        stack.bytes = raw.stack_bytes;
        in(stack.why_cut, same, anew);
        auto& kept = frames_[thread];
        if (same > kept.size() || anew > bytes.size()) {  // every frame takes at least one byte
            return fail("what lies inside a process does not hold together");
        }
        for (std::size_t i = 0; i < anew && !in.failed(); ++i) {
            in(frames.emplace_back());
        }
        stack.frames.assign(kept.end() - static_cast<std::ptrdiff_t>(same), kept.end());
    }
    if (!in.failed() && !in.finished()) {
        std::vector<FrameLanguage> languages;
        in(languages);
        read_part(in, inside.objects, last.objects);
        in(inside.value);
        for (std::size_t i = 0; i < std::min(languages.size(), frames.size()); ++i) {
            frames[i].language = languages[i];
        }
    }
    if (has_stack) {
        std::vector<std::shared_ptr<const StackFrame>> whole;
        for (StackFrame& frame : frames) {
            whole.push_back(std::make_shared<const StackFrame>(std::move(frame)));
        }
        whole.insert(whole.end(), stack.frames.begin(), stack.frames.end());
        stack.frames = frames_[thread] = std::move(whole);
        inside.stack = std::make_shared<const Stack>(std::move(stack));
    }
    if (!in.finished()) {
        return fail("what lies inside a process does not hold together");
    }
    return inside;
}

}  // namespace procatlas
