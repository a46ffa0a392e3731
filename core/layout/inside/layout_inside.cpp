#include "core/layout/inside/layout_inside.h"
#include "core/model/inside.h"

#include <algorithm>

#include "core/layout/inside/layout_heap.h"
#include "core/layout/inside/layout_interpreter.h"
#include "core/layout/inside/layout_objects.h"
#include "core/layout/inside/layout_stack.h"
#include "core/model/copies.h"
#include "core/model/inside_moment.h"
#include "core/narrate/missing_inside.h"
#include "core/scene/wrap_text.h"

namespace procatlas {
namespace {

constexpr float arrow_room = 52;  // width for the arrows
constexpr float heap_width = 320;
constexpr float stack_least_width = 400;
constexpr float names_least_width = 300;
constexpr float objects_least_width = 280;
constexpr float stack_most_width = 720;
constexpr float below_part = 14;
constexpr float section_title = 26;
constexpr Address page_size = 4096;

class InsideLayout {
public:
    InsideLayout(const Process& process, const ThreadState* thread, const InsideBefore& before, const InsideView& view,
                 const Messages& words, const TextMeasure& measure)
        : process_(process), thread_(thread), before_(before), view_(view), words_(words), measure_(measure) {}

    // `pointer_before`: the stack pointer before the event, if it is an instruction of this thread; else 0.
    // `copied`: the pages that were copied at the event.
    Scene run(std::span<const Region> regions, Address pointer_before, std::span<const CopiedRun> copied) {
        const Address brk = brk_of(regions);
        copied_ = copied;
        regions_ = regions;
        pointer_before_ = pointer_before;
        if (view_.parts == InsideParts::all && process_.objects && is_of_python(*thread_->stack)) {
            return run_python();
        }
        const bool some_heap = process_.heap && (!process_.heap->chunks.empty() || !process_.heap->why_not.empty());
        const bool with_heap =
            view_.parts == InsideParts::heap ? process_.heap != nullptr : view_.parts == InsideParts::all && some_heap;
        const bool with_stack = view_.parts != InsideParts::heap || !process_.heap;
        const float left_width = with_heap && with_stack ? std::max(view_.width - heap_width - arrow_room, stack_least_width)
                                                         : std::min(view_.width, stack_most_width);
        collect_roots();
        const Scene missing = layout_sentences(missing_grains(process_, words_), view_.width, measure_);
        made_.append(missing, {0, 0});
        top_ = y_ = missing.height == 0 ? 0 : missing.height + below_part;
        if (with_stack) {
            add_stack(left_width);
            add_globals(left_width);
        }
        const float left_height = y_;
        if (with_heap) {
            add_heap(with_stack ? left_width + arrow_room : 0, brk);
        }
        made_.width = with_heap ? view_.width : left_width;
        made_.height = std::max(left_height, heap_bottom_);
        return std::move(made_);
    }

private:
    // Names on the left, and the objects that they lead to on the right, instead of the heap.
    Scene run_python() {
        const Scene missing = layout_sentences(missing_grains(process_, words_), view_.width, measure_);
        made_.append(missing, {0, 0});
        top_ = y_ = missing.height == 0 ? 0 : missing.height + below_part;
        const float left_width = std::max(view_.width * 0.5F - arrow_room / 2, names_least_width);
        add_stack(left_width);
        add_globals(left_width);
        const float left_height = y_;
        add_objects(left_width + arrow_room);
        made_.width = std::max(view_.width, left_width + arrow_room + objects_least_width);
        made_.height = std::max(left_height, heap_bottom_);
        return std::move(made_);
    }

    void add_objects(float x) {
        title(x, top_, words_.text("objects.title"));
        std::vector<Address> roots;
        for (const PointerPlace& pointer : pointers_) {
            roots.push_back(pointer.leads_to);
        }
        ObjectsView view;
        view.width = std::max(view_.width - x, objects_least_width);
        view.before = before_.objects;
        view.place = [&](Address address) { return place_of(address); };
        view.is_copied_now = [&](Address address) { return is_copied_now(address); };
        const ObjectsScene objects = layout_objects(*process_.objects, roots, view, words_, measure_);
        const Point offset{x, top_ + section_title};
        made_.append(objects.scene, offset);
        heap_bottom_ = offset.y + objects.scene.height;
        add_arrows(x, offset.y, [&](Address address) {
            const ObjectPlace* place = objects.place_of(address);
            return place ? &place->box : nullptr;
        });
    }

    // "data · shared, not copied yet"
    [[nodiscard]] bool is_copied_now(Address address) const { return has_copied(copied_, process_.key.pid, address); }

    [[nodiscard]] std::string place_of(Address address) const {
        const Region* region = find_region(regions_, address);
        if (!region) {
            return {};
        }
        std::string text(words_.text("region." + std::string(region_kind_name(region->kind))));
        if (process_.pages) {
            const Address start = address & ~(page_size - 1);
            const RegionPages pages = pages_in(*process_.pages, {start, start + page_size}, is_shared_memory(*region));
            const char* state = is_copied_now(address) ? "objects.page_copied"
                                : pages.exclusive > 0  ? "objects.page_exclusive"
                                : pages.shared > 0     ? "objects.page_shared"
                                                       : nullptr;
            text += state ? " · " + std::string(words_.text(state)) : std::string();
        }
        return text;
    }

    // From each pointer to the left edge, at `x`, of the box that `box_of` gives for what it leads to.
    template <typename BoxOf>
    void add_arrows(float x, float down, BoxOf box_of) {
        float lane = 0;
        for (const PointerPlace& pointer : pointers_) {
            if (const Box* box = box_of(pointer.leads_to)) {
                const float middle = pointer.from.x + 14 + lane;
                const float to_y = down + box->y + box->height / 2;
                made_.links.push_back({{pointer.from, {middle, pointer.from.y}, {middle, to_y}, {x - 3, to_y}}, Role::accent});
                made_.marks.push_back({{x - 4, to_y}, 3, MarkShape::disc, Role::accent});
                lane = lane > 26 ? 0 : lane + 6;
            }
        }
    }

    void title(float x, float y, std::string_view text) {
        made_.labels.push_back({{x, y}, std::string(text), TextStyle::strong, Role::text});
    }

    void collect_roots() {
        const auto take = [&](const std::vector<Variable>& variables) {
            for (const Variable& variable : variables) {
                roots_.insert(roots_.end(), variable.leads_to.begin(), variable.leads_to.end());
            }
        };
        if (process_.globals) {
            take(*process_.globals);
        }
        for (const ThreadState& thread : process_.threads) {
            if (thread.stack) {
                for (const auto& frame : thread.stack->frames) {
                    take(frame->variables);
                }
            }
        }
    }

    void take(StackScene part) {
        for (PointerPlace& pointer : part.pointers) {
            pointers_.push_back({{pointer.from.x, pointer.from.y + y_}, pointer.leads_to});
        }
        made_.append(part.scene, {0, y_});
        y_ += part.scene.height + below_part;
    }

    void add_stack(float width) {
        title(0, y_, words_.format("stack.title", process_.key.pid, thread_->thread));
        y_ += section_title;
        StackView view;
        view.width = width;
        view.most_frames = view_.most_frames;
        view.bytes = view_.bytes;
        view.stack_pointer_before = pointer_before_;
        const Stack& stack = *thread_->stack;
        if (!has_interpreter(stack)) {
            view.before = before_.stack;
            return take(layout_stack(stack, thread_->stack_pointer, view, words_, measure_));
        }
        const Stack then = before_.stack ? without_interpreter(*before_.stack) : Stack{};
        view.before = before_.stack ? &then : nullptr;
        take(layout_stack(without_interpreter(stack), thread_->stack_pointer, view, words_, measure_));
        if (view_.interpreter) {
            take({layout_interpreter(stack, width, words_, measure_), {}});
        }
    }

    void add_globals(float width) {
        if (process_.globals && !process_.globals->empty() && view_.parts == InsideParts::all) {
            const std::span<const Variable> before =
                before_.globals ? std::span<const Variable>(*before_.globals) : std::span<const Variable>();
            const bool of_python = is_of_python(*thread_->stack);
            take(layout_variables(*process_.globals, before, width,
                                  words_.text(of_python ? "stack.python_globals" : "stack.globals"), Role::data, words_,
                                  measure_, of_python ? FrameLanguage::python : FrameLanguage::native));
        }
    }

    void add_heap(float x, Address brk) {
        title(x, top_, words_.text("heap.title"));
        HeapView view;
        view.width = std::min(view_.width - x, view_.parts == InsideParts::heap ? 480.0F : heap_width);
        view.before = before_.heap;
        view.brk = brk;
        const HeapScene heap = layout_heap(*process_.heap, roots_, view, words_, measure_);
        const Point offset{x, top_ + section_title};
        made_.append(heap.scene, offset);
        heap_bottom_ = offset.y + heap.scene.height;
        add_arrows(x, offset.y, [&](Address address) {
            const ChunkPlace* place = heap.place_of(address);
            return place ? &place->box : nullptr;
        });
    }

    const Process& process_;
    std::span<const Region> regions_;
    std::span<const CopiedRun> copied_;
    const ThreadState* thread_;
    const InsideBefore& before_;
    const InsideView& view_;
    const Messages& words_;
    const TextMeasure& measure_;
    std::vector<Address> roots_;
    std::vector<PointerPlace> pointers_;
    Scene made_;
    Address pointer_before_ = 0;
    float top_ = 0;
    float y_ = 0;
    float heap_bottom_ = 0;
};

}  // namespace

Scene layout_inside(const LayoutContext& context, std::size_t process, const InsideView& view) {
    const auto& [recording, world, moment, words, measure] = context;

    const Process& who = world.processes[process];
    const ThreadState* thread = recording.empty() ? nullptr : shown_thread(who, recording.events()[moment]);
    if (!thread) {
        return layout_sentences(nothing_inside(recording, who, words), view.width, measure);
    }
    const InsideBefore before = inside_before(recording, process, thread->thread, moment);
    const Event& event = recording.events()[moment];
    const auto* instruction = std::get_if<InstructionEvent>(&event.detail);
    const bool of_thread = instruction && event.process == who.key && event.thread == thread->thread;
    const std::vector<Region> regions = regions_of(who, recording.images());
    return InsideLayout(who, thread, before, view, words, measure)
        .run(regions, of_thread ? instruction->stack_pointer_before : 0, event.copied.all());
}

}  // namespace procatlas
