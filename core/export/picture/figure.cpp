#include "core/export/picture/figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/text.h"
#include "core/export/picture/blanks.h"
#include "core/export/picture/figure_output.h"
#include "core/export/picture/paint_cairo.h"
#include "core/export/picture/svg_export.h"
#include "core/export/picture/veiled_lives.h"
#include "core/export/request/chosen_processes.h"
#include "core/export/request/figure_title.h"
#include "core/layout/inside/layout_inside.h"
#include "core/layout/listing/layout_listing.h"
#include "core/layout/memory/layout_memory.h"
#include "core/layout/pages/layout_compare.h"
#include "core/layout/pages/layout_pages.h"
#include "core/layout/processes/shown_processes.h"
#include "core/layout/stage/layout_stage.h"
#include "core/layout/storyboard/layout_storyboard.h"
#include "core/layout/timeline/layout_timeline.h"
#include "core/layout/tree/layout_tree.h"
#include "core/narrate/explain.h"
#include "core/narrate/process_state.h"
#include "core/scene/wrap_text.h"

namespace procatlas {

namespace {

constexpr float margin = 28;
constexpr float between = 36;       // two views
constexpr float below_title = 10;   // of a view
constexpr float least_width = 420;  // enough for the sentence that explains the event
constexpr float inside_width = 960;
constexpr float stack_width = 600;
constexpr float source_width = 820;
constexpr float listing_width = 1060;
constexpr float output_width = 520;  // maximum; longer lines are wrapped
constexpr float timeline_width = 720;
constexpr std::size_t most_columns = 3;  // if the user chose none
constexpr std::size_t most_heading_lines = 8;

// Layouts cut text that does not fit. Ignores the small text inside blocks, because a list of libraries can be very long.
bool has_cut_text(const Scene& scene) {
    return std::ranges::any_of(scene.labels, [](const SceneLabel& label) {
        return label.text.ends_with("…") && !(label.on_fill && label.style == TextStyle::small);
    });
}

World world_of(const Recording& recording, const FigureOptions& options) {
    World world = recording.world_at(options.moment);
    return options.blank.states ? without_states(std::move(world)) : world;
}

// What happened is not told where it would tell whether somebody waits or has ended.
std::string explanation_of(const Recording& recording, const World& world, const FigureOptions& options,
                           const Messages& words) {
    return recording.empty() || options.blank.states ? std::string() : explain({recording, world, options.moment, words});
}

// Whether a label may be the value of a variable that is still to be left out: the stage leaves them out itself, and a number
// in the source, in instructions and in bytes is no such value, though it may be equal to one; nor is the number of a process.
bool names_values(FigureView view) {
    return view != FigureView::stage && view != FigureView::source && view != FigureView::code && view != FigureView::bytes &&
           view != FigureView::tree;
}

// A picture of more would take minutes to make, and nobody could look at it.
constexpr std::size_t most_processes = 2000;

class FigureLayout {
public:
    FigureLayout(const Recording& recording, const FigureOptions& options, const Messages& words, const TextMeasure& measure)
        : recording_(recording),
          options_(options),
          words_(words),
          measure_(measure),
          world_(world_of(recording, options)),
          title_(figure_title(world_, options.title)),
          explanation_(explanation_of(recording, world_, options, words)) {}

    Result<ComposedFigure> run() {
        const std::size_t drawn = drawn_processes();
        if (drawn > most_processes) {
            return fail(words_.format("figure.too_many_processes", count_text(drawn), count_text(most_processes)));
        }
        if (auto chosen = choose_columns(); !chosen) {
            return std::unexpected(chosen.error());
        }
        Scene views = place_views();
        if (options_.blank.any()) {
            Veils on_labels = options_.blank;
            on_labels.values = on_labels.values && names_values(options_.view);
            Blanks(on_labels, context()).apply(views, measure_);
            explanation_ = Blanks(options_.blank, context()).text(explanation_);
        }
        if (!options_.heading) {
            const Box extent = extent_of(views, measure_);
            Scene bare;
            bare.append(views, {2 - extent.x, 2 - extent.y});
            bare.width = std::ceil(extent.width + 4);
            bare.height = std::ceil(extent.height + 4);
            return ComposedFigure{std::move(bare), {std::move(title_), std::move(explanation_), options_.language}};
        }
        const float width = std::max(views.width, least_width);
        Scene heading = layout_heading(width);
        Scene figure;
        figure.append(heading, {margin, margin});
        figure.append(views, {margin, margin + heading.height + between * 0.75F});
        figure.width = std::ceil(margin + width + margin);
        figure.height = std::ceil(figure.height + margin);
        return ComposedFigure{std::move(figure), {std::move(title_), std::move(explanation_), options_.language}};
    }

private:
    // In a view that shows each one: a timeline has a lane also for those that come later.
    std::size_t drawn_processes() const {
        switch (options_.view) {
            case FigureView::tree:
                return world_.processes.size();
            case FigureView::timeline:
            case FigureView::all:
                return recording_.last_world().processes.size();
            default:
                return 0;
        }
    }

    Result<void> choose_columns() {
        auto chosen = chosen_processes(world_, options_.pids, options_.moment, words_);
        if (!chosen) {
            return std::unexpected(chosen.error());
        }
        columns_ = distinct_memories(
            world_, options_.pids.empty() ? first_and_youngest(ShownProcesses(world_, world_, {}), most_columns) : *chosen);
        if (options_.blank.states) {  // the memory of those that have ended is gone, and to show that would tell it
            const World told = recording_.world_at(options_.moment);
            std::erase_if(columns_, [&](std::size_t process) { return !told.processes[process].alive(); });
        }
        return {};
    }

    Scene place_views() const {
        switch (options_.view) {
            case FigureView::memory:
                return layout_memory_view();
            case FigureView::tree:
                return layout_tree_view();
            case FigureView::timeline:
                return layout_timeline_view(timeline_width);
            case FigureView::all:
                return layout_all();
            case FigureView::inside:
                return layout_inside_view(InsideParts::all, inside_width);
            case FigureView::stack:
                return layout_inside_view(InsideParts::stack, stack_width);
            case FigureView::heap:
                return layout_inside_view(InsideParts::heap, stack_width);
            case FigureView::storyboard:
                return layout_storyboard_view();
            case FigureView::code:
            case FigureView::bytes:
            case FigureView::source:
                return layout_listings();
            case FigureView::pages:
                return layout_pages_view();
            case FigureView::compare:
                return layout_compare_view();
            case FigureView::stage:
                return layout_stage_view();
        }
        return Scene{};
    }

    Scene layout_storyboard_view() const {
        const std::span<const std::size_t> processes =
            options_.pids.empty() ? std::span<const std::size_t>() : std::span<const std::size_t>(columns_);
        const auto story =
            options_.moments.empty() ? default_story(recording_) : chosen_story(recording_, options_.moments, processes);
        Scene scene;
        StoryboardView view;
        for (const float width : {190.0F, 230.0F, 270.0F}) {
            view.column_width = width;
            StoryboardScene board = layout_storyboard(recording_, story, view, words_, measure_);
            scene = std::move(board.scene);
            if (!board.left_out && !has_cut_text(scene)) {
                break;
            }
        }
        if (std::ranges::all_of(story, [](const StoryStep& step) { return step.processes.empty(); })) {
            const char* why = story.empty() ? "story.nothing" : "story.nobody";
            scene.labels.push_back({{0, 0}, std::string(words_.text(why)), TextStyle::body, Role::muted});
            scene.height = measure_.line_height(TextStyle::body);
        }
        return scene;
    }

    // Shows the first chosen process, else the process of the event, else the first process.
    Scene layout_inside_view(InsideParts parts, float width) const {
        if (world_.processes.empty()) {
            return {};
        }
        const std::size_t process = !options_.pids.empty() && !columns_.empty()
                                        ? columns_.front()
                                        : acting_process(recording_, world_, options_.moment);
        InsideView view;
        view.parts = parts;
        view.width = width;
        view.bytes = !options_.blank.values && !options_.blank.addresses;  // they hold values and pointers alike
        return layout_inside(context(), process, view);
    }

    // Source, code or bytes of each chosen process, one below another.
    Scene layout_listings() const {
        Scene scene;
        if (world_.processes.empty()) {
            return scene;
        }
        const auto shown = options_.pids.empty() ? std::vector{acting_process(recording_, world_, options_.moment)} : columns_;
        for (const std::size_t process : shown) {
            const std::string title = words_.format("listing.process", world_.processes[process].key.pid);
            scene.append(titled(title, {}, layout_listing(process)), {0, scene.height + (scene.height > 0 ? between : 0)});
        }
        return scene;
    }

    Scene layout_listing(std::size_t process) const {
        constexpr std::uint32_t lines_around = 24;
        constexpr std::uint32_t few_lines_around = 9;
        constexpr std::size_t instructions_around = 20;
        if (options_.view == FigureView::source) {
            std::vector<std::size_t> marked = columns_;
            if (options_.pids.empty()) {
                marked.resize(world_.processes.size());
                std::iota(marked.begin(), marked.end(), 0U);
            }
            SourceRows rows = source_rows(context(), process, marked, options_.compact ? few_lines_around : lines_around);
            rows.pointed = options_.pointed;
            rows.pick = options_.picks;
            if (!options_.comments) {
                leave_out_comments(rows);
            }
            return layout_source(rows, options_.compact ? compact_width(rows) : source_width, words_, measure_).scene;
        }
        if (options_.view == FigureView::code) {
            CodeRows rows = code_rows(context(), process, instructions_around);
            if (options_.blank.addresses) {
                leave_out_numbers(rows);
            }
            return layout_code(rows, listing_width, words_, measure_).scene;
        }
        return layout_bytes(byte_rows(context(), process, ByteView{}), listing_width, words_, measure_).scene;
    }

    // As wide as the longest of the lines, with their numbers and the badges of the processes that are there.
    float compact_width(const SourceRows& rows) const {
        constexpr float beside = 110;
        constexpr float narrowest = 460;
        float widest = 0;
        for (const SourceRow& row : rows.rows) {
            widest = std::max(widest, measure_.width(row.text, TextStyle::mono));
        }
        return std::clamp(widest + beside, narrowest, source_width);
    }

    Scene layout_pages_view() const {
        PagesScene pages = layout_pages(context(), columns_, PagesView{.only = {}});
        for (const PageCell& cell : options_.picks ? pages.cells : std::vector<PageCell>()) {
            pages.scene.boxes.push_back({.box = cell.box, .filled = false, .hit = {HitKind::region, cell.process, cell.start}});
        }
        return titled(words_.text("pages.title"), words_.text("pages.hint"), pages.scene);
    }

    Scene layout_stage_view() const {
        constexpr float column_width = 300;
        constexpr float bridge_room = 124;
        std::vector<StageColumn> columns;
        for (const std::size_t process : columns_) {
            columns.push_back(stage_column(context(), process));
            if (options_.compact) {
                columns.back().missing.clear();  // how to see more is of no use on paper
            }
        }
        const auto count = static_cast<float>(columns.size());
        return layout_stage(context(), columns,
                            {.width = count * (column_width + bridge_room),
                             .height = options_.memory_height,
                             .selected = {},
                             .picks_frames = options_.picks,
                             .veils = options_.blank,
                             .pointed = options_.pointed});
    }

    Scene layout_compare_view() const {
        return titled(words_.text("compare.title"), words_.text("compare.hint"),
                      layout_compare(context(), columns_, CompareView{}));
    }

    // Puts a title above a view. Moves the view's content to the top left and shrinks the scene to it.
    Scene titled(std::string_view title, std::string_view hint, const Scene& view) const {
        Scene scene;
        scene.labels.push_back({{0, 0}, std::string(title), TextStyle::strong, Role::text});
        if (!hint.empty()) {
            const float x = measure_.width(title, TextStyle::strong) + 10;
            const float drop = measure_.line_height(TextStyle::strong) - measure_.line_height(TextStyle::small);
            scene.labels.push_back({{x, drop * 0.75F}, std::string(hint), TextStyle::small, Role::muted});
        }
        const Box extent = extent_of(view, measure_);
        const float top = measure_.line_height(TextStyle::strong) + below_title;
        scene.append(view, {-extent.x, top - extent.y});
        const Box whole = extent_of(scene, measure_);
        scene.width = whole.right();
        scene.height = whole.bottom();
        return scene;
    }

    Scene layout_tree_view() const {
        TreeView view;
        view.width = 1e6F;  // unlimited, so that cards have their natural width
        const Process* acting = recording_.empty() ? nullptr : world_.find(event().process);
        view.selected =
            acting == nullptr ? world_.processes.size() : static_cast<std::size_t>(acting - world_.processes.data());
        const std::vector<std::string> states = states_at_moment(context());
        view.states = states;
        TreeScene tree;
        for (const float card : {190.0F, 250.0F, 320.0F}) {
            view.card_width = card;
            tree = layout_tree(world_, view, words_, measure_);
            if (!has_cut_text(tree.scene)) {
                break;
            }
        }
        const std::string count = options_.blank.states ? std::string() : living_text(world_, words_);
        return titled(words_.text("tree.title"), count, tree.scene);
    }

    Scene layout_memory_view() const {
        std::vector<MemoryColumn> columns;
        for (const std::size_t process : columns_) {
            columns.push_back(memory_column(world_, process, recording_.images(), words_));
            columns.back().changes = changes_at(recording_, world_, process, words_);
            if (options_.blank.kinds) {  // SP points at the stack, brk at the heap, PC at the code
                columns.back().places.clear();
            }
        }
        MemoryView view;
        view.height = options_.memory_height;
        Scene scene;
        for (const float width : {190.0F, 230.0F, 270.0F, 320.0F}) {
            view.width = memory_width(columns.size(), width, measure_);
            MemoryScene memory = layout_memory(columns, view, words_, measure_);
            scene = std::move(memory.header);
            scene.append(memory.body, {0, scene.height + 6});
            if (!memory.left_out && !has_cut_text(scene)) {
                break;
            }
        }
        const std::size_t all = world_.processes.size();
        return titled(words_.text("memory.title"),
                      columns_.size() < all && !options_.blank.states ? words_.format("figure.shown", columns_.size(), all)
                                                                      : std::string(words_.text("memory.hint")),
                      scene);
    }

    Scene layout_output_view(float width) const {
        return titled(words_.text("output.title"), words_.text("output.hint"), layout_figure_output(context(), width));
    }

    // At least `width` wide. Wider if the words of its marks need it, up to the width of a page.
    Scene layout_timeline_view(float width) const {
        ProcessLanes lanes;
        lanes.follow(recording_);
        constexpr float word_room = 30;  // for each event
        constexpr float widest = 1600;
        TimelineView view;
        view.ends_there = options_.timeline_ends;
        const auto events = recording_.events().first(
            view.ends_there ? std::min(options_.moment + 1, recording_.events().size()) : recording_.events().size());
        view.count = static_cast<double>(std::max<std::size_t>(events.size(), 1));
        view.width = std::clamp(static_cast<float>(view.count) * word_room, std::min(width, widest), widest);
        view.moment = options_.moment;
        const Process* acting = recording_.empty() ? nullptr : world_.find(event().process);
        view.selected =
            acting == nullptr ? world_.processes.size() : static_cast<std::size_t>(acting - world_.processes.data());
        const std::vector<ProcessLane> lives = options_.blank.states
                                                   ? without_states(lanes.lanes())
                                                   : std::vector<ProcessLane>(lanes.lanes().begin(), lanes.lanes().end());
        TimelineScene timeline = layout_timeline(recording_, world_, lives, view, words_, measure_);
        Scene scene = std::move(timeline.ruler);
        for (SceneLabel& label : scene.labels) {
            label.quoted = true;  // numbers of moments, which no veil is about
        }
        scene.append(timeline.body, {0, scene.height});
        const double seconds = events.empty() ? 0 : static_cast<double>(events.back().time_ns) / 1e9;
        return titled(words_.text("timeline.title"),
                      words_.format("timeline.count", count_text(events.size()), fmt::format("{:.3f}", seconds)), scene);
    }

    // The tree with the output below it, the memory beside them, and the timeline at the bottom.
    Scene layout_all() const {
        Scene left = layout_tree_view();
        left.append(layout_output_view(output_width), {0, left.height + between});
        Scene all = left;
        all.append(layout_memory_view(), {left.width + between, 0});
        all.append(layout_timeline_view(all.width), {0, all.height + between});
        return all;
    }

    // The program, the moment, and what happened.
    Scene layout_heading(float width) const {
        Scene scene;
        float y = 0;
        const auto add = [&](const std::string& text, TextStyle style, Role role) {
            for (std::string& line : wrap_text(text, style, width, measure_, most_heading_lines)) {
                scene.labels.push_back({{0, y}, std::move(line), style, role});
                y += measure_.line_height(style) + 4;
            }
        };
        add(title_, TextStyle::title, Role::text);
        if (!recording_.empty() && options_.view != FigureView::storyboard) {  // a storyboard names its own moments
            add(words_.format("figure.moment", options_.moment, recording_.last_moment(),
                              fmt::format("{:.3f}", static_cast<double>(event().time_ns) / 1e9)),
                TextStyle::small, Role::muted);
            y += 6;
            if (!explanation_.empty()) {
                add(explanation_, TextStyle::body, Role::text);
            }
        }
        scene.width = width;
        scene.height = y;
        return scene;
    }

    LayoutContext context() const { return {recording_, world_, options_.moment, words_, measure_}; }

    const Event& event() const { return recording_.events()[options_.moment]; }

    const Recording& recording_;
    const FigureOptions& options_;
    const Messages& words_;
    const TextMeasure& measure_;
    World world_;
    std::string title_;
    std::string explanation_;
    std::vector<std::size_t> columns_;
};

}  // namespace

Result<ComposedFigure> compose_figure(const Recording& recording, const FigureOptions& options, const Messages& words,
                                      const TextMeasure& measure) {
    std::vector<std::size_t> moments = options.moments;
    moments.push_back(options.moment);
    if (const std::size_t latest = std::ranges::max(moments); latest > recording.last_moment()) {
        return fail(words.format("figure.no_moment", latest, recording.last_moment()));
    }
    return FigureLayout(recording, options, words, measure).run();
}

bool can_leave_out(FigureView view, const Veils& blank) {
    return !(view == FigureView::bytes && blank.values) && !(view == FigureView::storyboard && blank.states);
}

Result<std::string> render_figure(const Recording& recording, const FigureOptions& options, FigureFormat format,
                                  const Messages& words) {
    const PangoMeasure measure;
    const auto composed = compose_figure(recording, options, words, measure);
    if (!composed) {
        return std::unexpected(composed.error());
    }
    const Palette& colours = palette(options.theme);
    Result<std::string> figure;
    switch (format) {
        case FigureFormat::svg:
            figure = scene_svg(composed->scene, colours, measure, composed->text);
            break;
        case FigureFormat::pdf:
            figure = scene_pdf(composed->scene, colours, measure, composed->text);
            break;
        case FigureFormat::png:
            figure = scene_png(composed->scene, colours, measure, options.scale);
            break;
    }
    if (!figure || options.recording_file.empty()) {
        return figure;
    }
    return attach_recording(std::move(*figure), format, options.recording_file, options.moment);
}

}  // namespace procatlas
