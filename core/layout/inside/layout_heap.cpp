#include "core/layout/inside/layout_heap.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/narrate/reasons.h"
#include "core/scene/inside_things.h"

namespace procatlas {
namespace {

constexpr float chunk_height = 24;
constexpr float chunk_line = 22;
constexpr float chunk_gap = 3;
constexpr float two_line_width = 300;  // in a narrower row, a chunk's state gets a line of its own

AddressRange range_of(const HeapChunk& chunk) {
    return {chunk.start, chunk.start + chunk.size};
}

class HeapLayout {
public:
    HeapLayout(const Heap& heap, std::span<const Address> roots, const HeapView& view, const Messages& words,
               const TextMeasure& measure)
        : heap_(heap), view_(view), words_(words), measure_(measure), reachable_(reachable_chunks(heap, roots)) {}

    HeapScene run() {
        line_text(words_.text("heap.low"));
        choose();
        for (std::size_t i = 0; i < heap_.chunks.size();) {
            if (shown_[i]) {
                add_chunk(i++);
                continue;
            }
            const std::size_t first = i;
            while (i < heap_.chunks.size() && !shown_[i]) {
                ++i;
            }
            add_fold(first, i);
        }
        if (heap_.chunks.empty() && heap_.why_not.empty()) {
            line_text(words_.text("heap.none"));
        }
        if (!heap_.why_not.empty()) {
            line_text(words_.format("heap.why_not", display_text(reason_text(heap_.why_not, words_))));
        }
        if (view_.brk != 0) {
            made_.scene.links.push_back({{{0, y_ + 2}, {view_.width, y_ + 2}}, Role::heap});
            y_ += 4;
            line_text(words_.format("heap.brk", address_text(view_.brk, true)));
            line_text(words_.text("heap.grows"));
        }
        made_.scene.width = view_.width;
        made_.scene.height = y_;
        return std::move(made_);
    }

private:
    // Shows all chunks if there is room. Else shows the last three, then those that are new, changed or reachable, then the
    // highest others.
    void choose() {
        const std::size_t count = heap_.chunks.size();
        shown_.assign(count, count <= view_.most_chunks);
        if (count <= view_.most_chunks) {
            return;
        }
        std::size_t room = view_.most_chunks;
        const auto show = [&](std::size_t i) {
            if (room > 0 && !shown_[i]) {
                shown_[i] = true;
                --room;
            }
        };
        for (std::size_t i = 0; i < std::min<std::size_t>(count, 3); ++i) {
            show(count - 1 - i);
        }
        for (std::size_t i = 0; i < count; ++i) {
            if (is_new(heap_.chunks[i]) || (heap_.chunks[i].state == ChunkState::in_use && reachable_[i])) {
                show(i);
            }
        }
        for (std::size_t i = count; i-- > 0;) {
            show(i);
        }
    }

    bool is_new(const HeapChunk& chunk) const {
        if (!view_.before) {
            return false;
        }
        const HeapChunk* then = find_chunk(*view_.before, chunk.start);
        return !then || then->start != chunk.start || then->state != chunk.state ||
               (then->size != chunk.size && chunk.state != ChunkState::top);
    }

    void text(float x, float y, const std::string& what, TextStyle style, Role role, float room, bool on_fill) {
        const float down = (chunk_height - measure_.line_height(style)) / 2;
        SceneLabel label = fitted_label({{x, y + down}, what, style, role, on_fill}, room, measure_);
        if (!label.text.empty()) {
            made_.scene.labels.push_back(std::move(label));
        }
    }

    void line_text(std::string_view what) {
        text(0, y_ - 2, std::string(what), TextStyle::small, Role::muted, view_.width, false);
        y_ += chunk_line;
    }

    void add_chunk(std::size_t index) {
        const HeapChunk& chunk = heap_.chunks[index];
        const bool used = chunk.state == ChunkState::in_use || chunk.state == ChunkState::mapped;
        const Role role = !used ? Role::card : chunk.state == ChunkState::mapped ? Role::anonymous : Role::heap;
        const bool two_lines = view_.width < two_line_width;
        const Box box{0, y_, view_.width, two_lines ? 2 * chunk_height - 8 : chunk_height};
        made_.scene.boxes.push_back({.box = box,
                                     .role = role,
                                     .outline = used ? role : Role::frame,
                                     .radius = 3,
                                     .outlined = true,
                                     .dashed = !used,
                                     .selected = is_new(chunk),
                                     .hit = {}});
        made_.places.push_back({range_of(chunk), box});
        made_.scene.things.push_back({box, thing_of(chunk)});
        std::string state(words_.text("heap." + std::string(chunk_state_name(chunk.state))));
        if (used && !reachable_[index]) {
            state = words_.text("heap.unreachable");
        }
        const Role ink = used ? role : Role::muted;
        const std::string address = address_text(chunk.start, true);
        const float address_width = measure_.width(address, TextStyle::mono_small);
        const std::string size = size_text(chunk.size);
        const float size_width = measure_.width("9999.9 KiB", TextStyle::small);
        text(10, y_, address, TextStyle::mono_small, ink, address_width + 1, used);
        text(22 + address_width, y_, size, TextStyle::small, ink, size_width, used);
        const float x = 30 + address_width + size_width;
        if (two_lines) {
            text(10, y_ + chunk_height - 7, state, TextStyle::small, ink, view_.width - 18, used);
        } else {
            text(x, y_, state, TextStyle::small, ink, view_.width - x - 8, used);
        }
        y_ += box.height + chunk_gap;
    }

    void add_fold(std::size_t first, std::size_t end) {
        ByteCount bytes = 0;
        for (std::size_t i = first; i < end; ++i) {
            bytes += heap_.chunks[i].size;
        }
        made_.scene.boxes.push_back({.box = {0, y_, view_.width, chunk_height},
                                     .role = Role::card,
                                     .outline = Role::frame,
                                     .radius = 3,
                                     .outlined = true,
                                     .dashed = true,
                                     .hit = {}});
        text(10, y_, words_.format("heap.folded", end - first, size_text(bytes)), TextStyle::small, Role::muted,
             view_.width - 20, false);
        y_ += chunk_height + chunk_gap;
    }

    const Heap& heap_;
    const HeapView& view_;
    const Messages& words_;
    const TextMeasure& measure_;
    std::vector<bool> reachable_;
    std::vector<bool> shown_;
    HeapScene made_;
    float y_ = 0;
};

}  // namespace

const ChunkPlace* HeapScene::place_of(Address address) const {
    const auto found = std::ranges::find_if(places, [&](const ChunkPlace& p) { return p.range.contains(address); });
    return found == places.end() ? nullptr : &*found;
}

std::vector<bool> reachable_chunks(const Heap& heap, std::span<const Address> roots) {
    std::vector<bool> reached(heap.chunks.size());
    std::vector<Address> open(roots.begin(), roots.end());
    while (!open.empty()) {
        const HeapChunk* chunk = find_chunk(heap, open.back());
        open.pop_back();
        const auto index = chunk ? static_cast<std::size_t>(chunk - heap.chunks.data()) : 0;
        if (chunk && !reached[index]) {
            reached[index] = true;
            open.insert(open.end(), chunk->leads_to.begin(), chunk->leads_to.end());
        }
    }
    return reached;
}

HeapScene layout_heap(const Heap& heap, std::span<const Address> roots, const HeapView& view, const Messages& words,
                      const TextMeasure& measure) {
    return HeapLayout(heap, roots, view, words, measure).run();
}

}  // namespace procatlas
