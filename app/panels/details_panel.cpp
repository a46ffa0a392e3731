#include <algorithm>
#include <utility>

#include "app/paint/ui.h"
#include "app/panels/action_button.h"
#include "app/panels/details_panel.h"
#include "app/panels/shown_regions.h"
#include "core/base/text.h"
#include "core/export/data/where_text.h"
#include "core/narrate/block_name.h"
#include "core/narrate/explain.h"
#include "core/narrate/process_state.h"

namespace procatlas {

namespace {

std::string address_span(const AddressRange& range) {
    return address_text(range.start, true) + "\n" + address_text(range.end, true);
}

class Details {
public:
    // `regions`: of the process that is told.
    Details(const Frame& frame, Actions& actions, const std::vector<Region>& regions)
        : f_(frame), actions_(actions), regions_(regions) {
        for (const char* key : {"details.range", "details.size", "details.permissions", "details.file", "details.offset",
                                "details.resident", "details.parent", "details.children", "details.program",
                                "details.arguments", "details.threads", "details.state"}) {
            name_width_ = std::max(name_width_, f_.fonts.width(f_.words.text(key), TextStyle::small));
        }
    }

    void region() {
        const Process& process = f_.world().processes[f_.view.region.process];
        const std::vector<Region>& regions = regions_;
        const std::vector<Block> blocks = gather_blocks(regions);
        const auto found =
            std::ranges::find_if(blocks, [&](const Block& block) { return block.range.contains(f_.view.region.address); });
        if (found == blocks.end()) {
            draw_text(f_, f_.words.text("details.gone"), TextStyle::body, Role::muted, Wrap::yes);
            return;
        }
        const Region& first = regions[found->first];
        title(block_name(*found, regions, f_.words), f_.words.format("details.process", process.key.pid), role_of(found->kind));
        draw_text(f_, explain_region(first, f_.words), TextStyle::body, Role::text, Wrap::yes);
        space();
        look_button(process, found->range);
        row("details.range", address_span(found->range), TextStyle::mono_small);
        row("details.size", f_.words.format("details.size_exact", size_text(found->range.size()), found->range.size()));
        if (found->count == 1) {
            row("details.permissions", permissions(first));
        }
        const bool one_file = regions[found->first + found->count - 1].file == first.file;
        row("details.file", first.file.empty() ? std::string(f_.words.text("details.no_file"))
                            : one_file         ? display_text(first.file)
                                               : block_name(*found, regions, f_.words));
        if (found->count == 1 && !first.file.empty()) {
            row("details.offset", hex_address(first.offset));
        }
        resident(process, {regions.data() + found->first, found->count});
        if (found->count > 1) {
            parts(regions, *found);
        }
        if (!process.alive()) {
            space();
            draw_text(f_, f_.words.text("details.as_at_exit"), TextStyle::small, Role::muted, Wrap::yes);
        }
    }

    // Of a process whose parent is not followed.
    [[nodiscard]] std::string first_parent(const Process& process) const {
        const auto& ancestors = f_.world().ancestors;
        const bool named = process.found && !ancestors.empty() && ancestors.front().pid == process.parent_pid;
        return named           ? fmt::format("{} ({})", display_text(ancestors.front().name), process.parent_pid)
               : process.found ? std::to_string(process.parent_pid)
                               : f_.words.format("details.first_parent", process.parent_pid);
    }

    void process(const MapChanges& changes, std::size_t first) {
        const World& world = f_.world();
        const Process& process = world.processes[f_.view.selected];
        title(f_.words.format("details.process_title", process.key.pid), state_at_moment(f_.layout_context(), process, {}),
              Role::accent);
        row("details.program",
            process.programs.empty() ? std::string(f_.words.text("tree.no_program")) : display_text(process.programs.back()));
        const std::string arguments = arguments_text(process.arguments, process.arguments_cut);
        row("details.arguments", first_characters(arguments, 400));
        std::string parent = process.parent ? std::to_string(world.processes[*process.parent].key.pid) : first_parent(process);
        if (process.orphan) {
            parent += " → " + f_.words.format("details.adopted", process.parent_pid);
        }
        row("details.parent", parent);
        std::string children;
        for (std::size_t i = 0; i < std::min<std::size_t>(process.children.size(), 20); ++i) {
            children += (i == 0 ? "" : ", ") + std::to_string(world.processes[process.children[i]].key.pid);
        }
        if (process.children.size() > 20) {
            children += ", …";
        }
        row("details.children", children.empty() ? std::string(f_.words.text("details.none")) : children);
        row("details.threads", std::to_string(process.alive() ? process.threads.size() : process.threads_made));
        resident(process, regions_);
        if (process.memory && process.memory->torn) {
            draw_text(f_, f_.words.text("memory.torn"), TextStyle::small, Role::warning, Wrap::yes);
        }
        list(changes, first);
        space();
        draw_text(f_, f_.words.text("details.empty"), TextStyle::small, Role::muted, Wrap::yes);
    }

private:
    // Lists the changes that the memory columns mark. `first` is the process to compare with.
    void list(const MapChanges& found, std::size_t first) {
        const bool sides = f_.view.compare == Compare::processes;
        if ((found.empty() && f_.view.compare == Compare::event) || (sides && first == f_.view.selected)) {
            return;
        }
        space();
        draw_text(f_,
                  f_.view.compare == Compare::since ? f_.words.format("details.changes_since", f_.view.compare_since)
                  : sides ? f_.words.format("details.changes_sides", f_.world().processes[first].key.pid)
                          : std::string(f_.words.text("details.changes_event")),
                  TextStyle::small, Role::muted, Wrap::yes);
        if (found.empty()) {
            draw_text(f_, f_.words.text("details.no_changes"), TextStyle::small, Role::text, Wrap::yes);
        }
        constexpr std::size_t most = 60;
        for (std::size_t i = found.changes.size(); i-- > found.changes.size() - std::min(most, found.changes.size());) {
            const MapChange& change = found.changes[i];
            draw_text(f_, address_text(change.range.start, true), TextStyle::mono_small, Role::muted);
            ImGui::SameLine(0, f_.px(10));
            draw_fitted(f_, change_text(change, f_.words, sides) + " · " + change.name, TextStyle::small, Role::text);
        }
    }

    void space() { ImGui::Dummy({0, f_.px(4)}); }

    void title(const std::string& name, const std::string& hint, Role role) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float line = f_.px(f_.fonts.line_height(TextStyle::strong));
        ImGui::GetWindowDrawList()->AddRectFilled({at.x, at.y + f_.px(1)}, {at.x + f_.px(6), at.y + line},
                                                  colour_u32(f_.palette.of(role)), f_.px(2));
        ImGui::Indent(f_.px(14));
        draw_fitted(f_, name, TextStyle::strong, Role::text);
        draw_fitted(f_, hint, TextStyle::small, Role::muted);
        ImGui::Unindent(f_.px(14));
        space();
    }

    // Asks the live process for the region's bytes. For its stack, starts a little below the stack pointer.
    void look_button(const Process& process, AddressRange range) {
        constexpr ByteCount most = 16u << 10;
        constexpr ByteCount below = 256;
        const bool live = f_.run.live() && !f_.view.moment && process.alive();
        if (!live || range.start >= kernel_addresses) {
            return;
        }
        const bool clicked = draw_button(f_, "look", f_.words.text("bytes.look"), ButtonLook::plain,
                                         process.state == ProcessState::held, f_.words.text("bytes.look_tip"));
        space();
        if (!clicked) {
            return;
        }
        Address from = range.start;
        for (const ThreadState& thread : process.threads) {
            if (range.contains(thread.stack_pointer)) {
                from = std::max(range.start, thread.stack_pointer - below) & ~Address{15};
            }
        }
        if (f_.view.where && range.contains(*f_.view.where)) {
            from = *f_.view.where & ~Address{15};
        }
        actions_.put(action::LookAtBytes{{process.key, {from, std::min(range.end, from + most)}}, f_.view.region.process});
    }

    void row(std::string_view key, std::string_view value, TextStyle style = TextStyle::small, std::string_view tip = {}) {
        draw_text(f_, f_.words.text(key), TextStyle::small, Role::muted);
        ImGui::SameLine(f_.px(name_width_ + 14));
        draw_text(f_, value, style, Role::text, Wrap::yes);
        if (!tip.empty() && ImGui::IsItemHovered()) {
            draw_tip(f_, tip);
        }
    }

    void resident(const Process& process, std::span<const Region> regions) {
        row("details.resident", resident_text(process, regions), TextStyle::small, f_.words.text("details.resident_why"));
    }

    // Counts pages, because neighbouring regions may share one.
    std::string resident_text(const Process& process, std::span<const Region> regions) const {
        const Messages& words = f_.words;
        if (!process.resident) {
            return std::string(words.text(!process.alive() ? "details.resident_ended"
                                          : f_.run.live()  ? "details.resident_asked"
                                                           : "details.resident_lost"));
        }
        if (!process.resident->error.empty()) {
            return words.format("details.resident_error", display_text(process.resident->error));
        }
        constexpr Address page_mask = 4095;
        ByteCount bytes = 0;
        ByteCount all = 0;
        Address counted = 0;  // pages below this address are counted
        for (const Region& region : regions) {
            if (region.range.start >= kernel_addresses) {
                break;  // not in pagemap
            }
            const AddressRange pages{std::max(region.range.start & ~page_mask, counted),
                                     (region.range.end + page_mask) & ~page_mask};
            if (pages.start >= pages.end) {
                continue;
            }
            const auto here = resident_bytes(process, pages);
            if (!here) {
                return std::string(words.text("details.resident_skipped"));
            }
            bytes += *here;
            all += pages.size();
            counted = pages.end;
        }
        if (process.resident_moment > process.last_moment) {
            return words.format("details.resident_of", size_text(bytes), size_text(all));
        }
        return words.format(process.alive() ? "details.resident_at" : "details.resident_before_end", size_text(bytes),
                            size_text(all), time_text(f_.run.recording().events()[process.resident_moment]));
    }

    std::string permissions(const Region& region) const {
        const Permissions& p = region.permissions;
        std::string words;
        const auto add = [&](bool on, const char* key) {
            if (on) {
                words += (words.empty() ? "" : ", ") + std::string(f_.words.text(key));
            }
        };
        add(p.read, "details.read");
        add(p.write, "details.write");
        add(p.execute, "details.execute");
        if (words.empty()) {
            words = f_.words.text("details.nothing");
        }
        return permissions_text(p) + "  " + words + "; " +
               std::string(f_.words.text(p.shared ? "details.shared_pages" : "details.private_pages"));
    }

    void parts(const std::vector<Region>& regions, const Block& block) {
        space();
        draw_text(f_, f_.words.text("details.parts"), TextStyle::small, Role::muted);
        const std::size_t shown = std::min<std::size_t>(block.count, 40);
        for (std::size_t i = block.first + shown; i-- > block.first;) {
            const Region& region = regions[i];
            draw_text(f_, permissions_text(region.permissions), TextStyle::mono_small, Role::text);
            ImGui::SameLine(0, f_.px(10));
            draw_text(f_, address_text(region.range.start, true), TextStyle::mono_small, Role::muted);
            ImGui::SameLine(0, f_.px(10));
            std::string what = region.part == LibraryPart::none
                                   ? display_text(region.file.empty() ? std::string_view(region.label) : base_name(region.file))
                                   : std::string(f_.words.text("part." + std::string(library_part_name(region.part))));
            draw_fitted(f_, size_text(region.range.size()) + (what.empty() ? "" : "  " + what), TextStyle::small, Role::text);
        }
    }

    const Frame& f_;
    Actions& actions_;
    const std::vector<Region>& regions_;
    float name_width_ = 0;
};

}  // namespace

const MapChanges& DetailsPanel::changes(const Frame& frame, std::size_t first) {
    const Key key{frame.revision(), frame.view.selected, first, frame.view.compare, frame.view.compare_since};
    return changes_.at(key, [&] { return changes_of(frame, frame.view.selected, first); });
}

void DetailsPanel::ask_where(Actions& actions) {
    const std::string typed(address_.data());
    const auto address = parse_address(typed, true);
    no_address_ = address || typed.empty() ? std::string() : typed;
    actions.put(action::AskAddress{address});
}

// Draws "What is this address?" and the answer.
void DetailsPanel::draw_where(const Frame& frame, Actions& actions) {
    if (focuses_.is_new(frame.view.cues.focus_where)) {
        ImGui::SetKeyboardFocusHere();
    }
    const std::string hint(frame.words.text("inside.where"));
    frame.fonts.need(hint);
    frame.fonts.need(address_.data());
    ImGui::SetNextItemWidth(-1);
    if (ImGui::InputTextWithHint("##where", hint.c_str(), address_.data(), address_.size(),
                                 ImGuiInputTextFlags_EnterReturnsTrue)) {
        ask_where(actions);
    }
    if (ImGui::IsItemHovered() && !ImGui::IsItemActive()) {
        draw_tip(frame, std::string(frame.words.text("inside.where_tip")) + "  [W]");
    }
    if (!no_address_.empty()) {
        draw_text(frame, frame.words.format("inside.no_address", display_text(no_address_)), TextStyle::small, Role::warning,
                  Wrap::yes);
    }
    const auto& processes = frame.world().processes;
    if (frame.view.where && frame.view.selected < processes.size()) {
        const std::string& answer = where_.at({frame.revision(), *frame.view.where, frame.view.selected}, [&] {
            const auto text = where_text(frame.run.recording(), frame.moment(), processes[frame.view.selected].key.pid,
                                         *frame.view.where, frame.words);
            return text ? *text : text.error().message;
        });
        draw_text(frame, answer, TextStyle::small, Role::text, Wrap::yes);
    }
    ImGui::Dummy({0, frame.px(2)});
}

void DetailsPanel::draw(const Frame& frame, Actions& actions, const Box& place) {
    const PanelScope panel(frame, "details", place, " ", {});
    draw_head_switch(frame, actions, Bar::aside);
    const std::size_t count = frame.world().processes.size();
    if (count > 0) {
        draw_where(frame, actions);
    }
    ImGui::BeginChild("details_scroll", {0, 0}, false);
    const std::size_t told = process_in_details(frame.view, frame.world()).value_or(count);
    Details details(frame, actions, regions_.at({frame.revision(), told}, [&] { return regions_now(frame, told); }));
    if (frame.view.region.kind == HitKind::region && frame.view.region.process < count) {
        details.region();
    } else if (frame.view.selected < count) {
        const bool shown = !frame.view.columns.empty() && frame.view.columns.front() < count;
        const std::size_t first = shown ? frame.view.columns.front() : frame.view.selected;
        details.process(changes(frame, first), first);
    } else {
        draw_text(frame, frame.words.text("details.empty"), TextStyle::small, Role::muted, Wrap::yes);
    }
    ImGui::EndChild();
}

}  // namespace procatlas
