#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "app/paint/ui.h"
#include "app/panels/output_panel.h"
#include "app/panels/shown_regions.h"
#include "app/panels/thing_menu_popup.h"
#include "core/base/text.h"
#include "core/model/memory_blocks.h"
#include "core/narrate/block_name.h"
#include "core/narrate/family_names.h"

namespace procatlas {

namespace {

float output_row_height(const Frame& frame) {
    return frame.fonts.font(TextStyle::mono)->FontSize + frame.px(7);
}

// Describes where in the program's memory a printed address is.
std::string where_is(const Frame& frame, std::size_t process, Address address) {
    const std::int32_t pid = frame.world().processes[process].key.pid;
    const std::string shown = hex_address(address);
    const std::vector<Region> regions = regions_now(frame, process);
    if (regions.empty()) {
        return frame.words.format("output.address_no_map", shown, pid);
    }
    for (const Block& block : gather_blocks(regions)) {
        if (block.range.contains(address)) {
            const Region* region = find_region(regions, address);
            return frame.words.format("output.address_in", shown, pid, block_name(block, regions, frame.words),
                                      permissions_text(region->permissions));
        }
    }
    return frame.words.format("output.address_unmapped", shown, pid);
}

class RowWriter {
public:
    RowWriter(const Frame& frame, Actions& actions, const OutputLine& line) : f_(frame), actions_(actions), line_(line) {}

    // Writes bytes [first, last) of the line, with addresses as links.
    void write(std::size_t first, std::size_t last) {
        std::size_t at = first;
        for (const PrintedAddress& address : line_.addresses) {
            const std::size_t start = std::max(address.position, first);
            const std::size_t end = std::min(address.position + address.length, last);
            if (start >= end) {
                continue;
            }
            piece(std::string_view(line_.text).substr(at, start - at), Role::text);
            link(std::string_view(line_.text).substr(start, end - start), address.address);
            at = end;
        }
        piece(std::string_view(line_.text).substr(at, last - at), Role::text);
        if (line_.cut > 0 && last == line_.text.size()) {
            piece(f_.words.format("output.cut", size_text(line_.cut)), Role::muted);
        }
    }

    // The printed address under the pointer; 0: none.
    [[nodiscard]] Address pointed() const { return pointed_; }

private:
    void piece(std::string_view text, Role role) {
        if (text.empty()) {
            return;
        }
        join();
        draw_text(f_, text, TextStyle::mono,
                  role != Role::text                             ? role
                  : line_.stream == OutputStream::standard_error ? Role::warning
                  : line_.stream == OutputStream::elsewhere      ? Role::muted
                                                                 : role);
    }

    void link(std::string_view text, Address address) {
        join();
        draw_text(f_, text, TextStyle::mono, Role::accent);
        const ImVec2 a = ImGui::GetItemRectMin();
        const ImVec2 b = ImGui::GetItemRectMax();
        ImGui::GetWindowDrawList()->AddLine({a.x, b.y}, {b.x, b.y}, colour_u32(f_.palette.of(Role::accent)));
        if (ImGui::IsItemHovered()) {
            pointed_ = address;
            actions_.point_at({line_.process, address});
            ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
            draw_tip(f_, where_is(f_, line_.process, address));
        }
        if (ImGui::IsItemClicked()) {
            show(address);
        }
    }

    void show(Address address) {
        Hit region;
        for (const Block& block : gather_blocks(regions_now(f_, line_.process))) {
            if (block.range.contains(address)) {
                region = {HitKind::region, line_.process, block.range.start};
            }
        }
        actions_.put(action::ShowRegion{line_.process, region});
    }

    void join() {
        if (!first_) {
            ImGui::SameLine(0, 0);
        }
        first_ = false;
    }

    const Frame& f_;
    Actions& actions_;
    const OutputLine& line_;
    bool first_ = true;
    Address pointed_ = 0;
};

float badge_width(const Frame& frame) {
    return frame.px(frame.fonts.width("0000000", TextStyle::mono_small) + 8);
}

constexpr float badge_gap = 10;

}  // namespace

// The font is monospaced, so a row is a number of characters. Wide characters (Hangul) count twice.
void OutputPanel::wrap(const OutputLog& log, std::size_t characters, std::size_t generation) {
    if (characters != characters_ || generation != generation_ || rewrites_ != log.rewrites() ||
        wrapped_ > log.lines().size()) {
        rows_.clear();
        wrapped_ = 0;
        characters_ = characters;
        generation_ = generation;
        rewrites_ = log.rewrites();
    }
    // The last line may have grown.
    if (wrapped_ > 0) {
        --wrapped_;
        while (!rows_.empty() && rows_.back().line == wrapped_) {
            rows_.pop_back();
        }
    }
    for (; wrapped_ < log.lines().size(); ++wrapped_) {
        const std::string& text = log.lines()[wrapped_].text;
        std::size_t first = 0;
        std::size_t count = 0;
        std::size_t word = 0;         // start of the last word …
        std::size_t before_word = 0;  // … and the width before it
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t start = at;
            const std::size_t width = next_code_point(text, at) < 0x1100 ? 1 : 2;
            if (count + width > characters) {
                const bool at_word = word > first;
                rows_.push_back({wrapped_, first, at_word ? word : start});
                first = rows_.back().last;
                count = at_word ? count - before_word : 0;
            }
            count += width;
            if (text[start] == ' ') {
                word = at;
                before_word = count;
            }
        }
        rows_.push_back({wrapped_, first, text.size()});
    }
}

void OutputPanel::draw_rows(const Frame& frame, Actions& actions) {
    const auto& lines = frame.output.lines();
    const auto& processes = frame.world().processes;
    const float badge = badge_width(frame);
    const float row_width = ImGui::GetWindowWidth();
    const float row_height = output_row_height(frame);
    const bool at_end = ImGui::GetScrollY() >= ImGui::GetScrollMaxY() - 1;
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(rows_.size()), row_height);
    while (clipper.Step()) {
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            const Row& row = rows_[static_cast<std::size_t>(i)];
            const OutputLine& line = lines[row.line];
            const bool known = line.process < processes.size();
            ImGui::PushID(i);
            const ImVec2 at = ImGui::GetCursorPos();
            const ImVec2 row_at = ImGui::GetCursorScreenPos();
            if (row.first == 0 && known && draw_badge(frame, family_name(frame.world(), line.process), line.process, badge)) {
                actions.put(action::SelectProcess{line.process});
            }
            ImGui::SetCursorPos({at.x + badge + frame.px(badge_gap), at.y + frame.px(1)});
            ImGui::BeginGroup();
            RowWriter writer(frame, actions, line);
            writer.write(row.first, row.last);
            ImGui::EndGroup();
            if (right_clicked() && ImGui::IsMouseHoveringRect(row_at, {row_at.x + row_width, row_at.y + row_height})) {
                offer_menu(actions, {.kind = ThingKind::output,
                                     .process = line.process,
                                     .address = writer.pointed(),
                                     .text = line.text,
                                     .moment = line.moment});
            }
            ImGui::SetCursorPos({at.x, at.y + row_height});
            ImGui::PopID();
        }
    }
    clipper.End();
    if (at_end) {
        ImGui::SetScrollHereY(1);
    }
}

void OutputPanel::draw_input(const Frame& frame, Actions& actions) {
    const bool live = frame.run.live() && !frame.run.ran_before();  // such a program has an input of its own
    const float interrupt = button_width(frame, frame.words.text("output.interrupt")) + frame.px(6);
    ImGui::BeginDisabled(!live);
    ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - interrupt);
    const bool asked = focuses_.is_new(frame.view.cues.focus_input);
    if ((std::exchange(keeps_focus_, false) || asked) && live) {
        ImGui::SetKeyboardFocusHere();
    }
    frame.fonts.need(typed_.data());
    frame.fonts.need(frame.words.text("output.input"));
    if (ImGui::InputTextWithHint("##input", frame.text("output.input"), typed_.data(), typed_.size(),
                                 ImGuiInputTextFlags_EnterReturnsTrue)) {
        actions.put(action::TypeInput{std::string(typed_.data()) + "\n"});
        typed_[0] = '\0';
        keeps_focus_ = true;
    }
    ImGui::EndDisabled();
    ImGui::SameLine(0, frame.px(6));
    if (draw_button(frame, "interrupt", frame.words.text("output.interrupt"), ButtonLook::plain, live,
                    frame.words.text("output.interrupt_tip"))) {
        actions.put(action::TypeInput{"\x03"});
    }
}

void OutputPanel::draw(const Frame& frame, Actions& actions, const Box& place) {
    const PanelScope panel(frame, "output", place, frame.words.text("output.title"), frame.words.text("output.hint"));
    const float input = frame.lesson ? 0 : ImGui::GetFrameHeight() + frame.px(8);  // the run of a lesson is over
    const float character = frame.fonts.width("0", TextStyle::mono);
    const float room =
        (ImGui::GetContentRegionAvail().x - badge_width(frame) - ImGui::GetStyle().ScrollbarSize) / frame.fonts.scale() -
        badge_gap;
    wrap(frame.output, std::max<std::size_t>(static_cast<std::size_t>(std::max(room, 0.0F) / character), 8),
         frame.run.generation());
    // Whole rows, so that none is cut at the top where the end is shown.
    const float rows = std::floor((ImGui::GetContentRegionAvail().y - input) / output_row_height(frame));
    ImGui::BeginChild("lines", {0, std::max(rows, 1.0F) * output_row_height(frame)}, false);
    if (frame.output.lines().empty()) {
        draw_text(frame, frame.words.text(frame.run.ran_before() ? "text.output_not_seen" : "output.empty"), TextStyle::small,
                  Role::muted, Wrap::yes);
    } else {
        draw_rows(frame, actions);
    }
    ImGui::EndChild();
    if (!frame.lesson) {
        ImGui::SetCursorPosY(ImGui::GetCursorPosY() + ImGui::GetContentRegionAvail().y - ImGui::GetFrameHeight());
        draw_input(frame, actions);
    }
}

}  // namespace procatlas
