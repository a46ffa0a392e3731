#include "core/stream/event_stream.h"

#include <algorithm>

#include "core/base/same_value.h"
#include "core/stream/fields.h"
#include "core/stream/pages_codec.h"
#include "core/stream/proc_maps.h"

namespace procatlas {
namespace {

// `text` is base[0, prefix) + middle + base[size - suffix, size).
struct Delta {
    std::size_t prefix = 0;
    std::size_t suffix = 0;
};

Delta delta_of(std::string_view base, std::string_view text) {
    Delta d;
    const std::size_t shorter = std::min(base.size(), text.size());
    d.prefix = static_cast<std::size_t>(
        std::mismatch(base.begin(), base.begin() + static_cast<std::ptrdiff_t>(shorter), text.begin()).first - base.begin());
    const auto rest = static_cast<std::ptrdiff_t>(shorter - d.prefix);
    d.suffix =
        static_cast<std::size_t>(std::mismatch(base.rbegin(), base.rbegin() + rest, text.rbegin()).first - base.rbegin());
    return d;
}

void encode_memory(Encoder& out, const std::string& base, const MemoryText& memory) {
    const Delta d = delta_of(base, memory.maps);
    out(d.prefix, d.suffix);
    out.put_bytes(std::string_view(memory.maps).substr(d.prefix, memory.maps.size() - d.prefix - d.suffix));
    out(memory.torn, memory.marks);
}

}  // namespace

void write_greeting(std::string& out) {
    const std::size_t begin = begin_frame(out);
    Encoder encoder(out);
    encoder(std::string("procatlas"), stream_version);
    end_frame(out, begin);
}

void write_sign_of_life(std::string& out) {
    end_frame(out, begin_frame(out));
}

void EventWriter::write(std::string& out, const ObservedEvent& event, const MemoryText* memory,
                        const MemoryText* child_memory) {
    const std::size_t begin = begin_frame(out);
    Encoder encoder(out);
    encoder(event, memory != nullptr);
    if (memory) {
        std::string& base = last_[event.process.pid];
        encode_memory(encoder, base, *memory);
        if (base != memory->maps) {
            base = memory->maps;
        }
    }
    const auto* fork = std::get_if<ForkEvent>(&event.detail);
    if (fork) {
        encoder(child_memory != nullptr);
        if (child_memory) {
            encode_memory(encoder, last_[event.process.pid], *child_memory);
            last_[fork->child.pid] = child_memory->maps;
        }
    }
    for (const PagesRead& read : event.pages) {
        auto& last = last_pages_[read.process.pid];
        const bool anew = !same_value(read.pages, last);
        encoder(anew);
        if (anew) {
            write_pages(encoder, *read.pages);
            last = read.pages;
        }
    }
    if (std::holds_alternative<ExitEvent>(event.detail)) {
        last_.erase(event.process.pid);
        last_pages_.erase(event.process.pid);
    }
    end_frame(out, begin);
}

Result<std::optional<ObservedEvent>> EventReader::next() {
    auto frame = frames_.next();
    while (frame && *frame && (*frame)->empty()) {  // a sign of life
        frame = frames_.next();
    }
    if (!frame) {
        return std::unexpected(frame.error());
    }
    if (!*frame) {
        return std::nullopt;
    }
    if (!greeted_) {
        Decoder in(**frame);
        std::string name;
        std::uint64_t version = 0;
        in(name, version);
        if (!in.finished() || name != "procatlas" || version != stream_version) {
            return fail("the observer speaks another version of the event stream");
        }
        greeted_ = true;
        return next();
    }
    auto event = decode(**frame);
    if (!event) {
        return std::unexpected(event.error());
    }
    return std::move(*event);
}

Result<ObservedEvent> EventReader::decode(std::string_view frame) {
    Decoder in(frame);
    ObservedEvent event;
    bool has_memory = false;
    in(event, has_memory);
    bool fine = !in.failed();
    if (fine && has_memory) {
        fine = decode_memory(in, event.process.pid, event.process.pid, event.memory);
    }
    if (const auto* fork = std::get_if<ForkEvent>(&event.detail); fine && fork) {
        bool has_child_memory = false;
        in(has_child_memory);
        fine = !in.failed() && (!has_child_memory || decode_memory(in, event.process.pid, fork->child.pid, event.child_memory));
    }
    for (PagesRead& read : event.pages) {
        fine = fine && decode_pages(in, read);
    }
    if (!fine || !in.finished()) {
        return fail("the event stream is damaged");
    }
    if (std::holds_alternative<ExitEvent>(event.detail)) {
        last_.erase(event.process.pid);
        last_pages_.erase(event.process.pid);
    }
    return event;
}

bool EventReader::decode_pages(Decoder& in, PagesRead& read) {
    bool anew = false;
    in(anew);
    auto& last = last_pages_[read.process.pid];
    if (anew) {
        last = std::make_shared<const Pages>(read_pages(in));
    }
    read.pages = last;
    return !in.failed() && last != nullptr;
}

bool EventReader::decode_memory(Decoder& in, std::int32_t base_pid, std::int32_t pid,
                                std::shared_ptr<const AddressSpace>& out) {
    std::uint64_t prefix = 0;
    std::uint64_t suffix = 0;
    in(prefix, suffix);
    const std::string_view middle = in.get_bytes();
    bool torn = false;
    AddressMarks marks;
    in(torn, marks);
    const Last base = last_[base_pid];
    if (in.failed() || prefix > base.text.size() || suffix > base.text.size() - prefix) {
        return false;
    }
    const bool same = middle.empty() && prefix + suffix == base.text.size();
    if (same && base.space && base.space->marks == marks && base.space->torn == torn) {
        last_[pid] = base;
        out = base.space;
        return true;
    }
    std::string text = base.text.substr(0, prefix);
    text += middle;
    text += std::string_view(base.text).substr(base.text.size() - suffix);
    auto space = parse_proc_maps(text);
    if (!space) {  // the map changed while it was read, so it counts as unread; but the next text is relative to this one
        last_[pid] = {std::move(text), nullptr};
        return true;
    }
    space->marks = marks;
    space->torn = torn;
    out = std::make_shared<const AddressSpace>(std::move(*space));
    last_[pid] = {std::move(text), out};
    return true;
}

}  // namespace procatlas
