#include <algorithm>
#include <array>
#include <cstring>

#include "app/panels/panels.h"
#include "app/ui.h"
#include "core/base/text.h"
#include "core/layout/memory_blocks.h"

namespace procatlas {

namespace {

// Where an address that a program printed falls, in that program's memory.
std::string where_is(const Frame& frame, std::size_t process, Address address) {
    const std::int32_t pid = frame.world().processes[process].key.pid;
    const std::string shown = "0x" + address_text(address);
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

class LineWriter {
public:
    LineWriter(Frame& frame, const OutputLine& line) : f_(frame), line_(line), font_(frame.fonts.font(TextStyle::mono)) {}

    void write() {
        std::size_t at = 0;
        for (const PrintedAddress& address : line_.addresses) {
            piece(std::string_view(line_.text).substr(at, address.position - at), Role::text);
            link(address);
            at = address.position + address.length;
        }
        piece(std::string_view(line_.text).substr(at), Role::text);
        if (line_.cut > 0) {
            piece(f_.words.format("output.cut", size_text(line_.cut)), Role::muted);
        }
    }

private:
    void piece(std::string_view text, Role role) {
        if (text.empty()) {
            return;
        }
        join();
        draw_text(f_, text, TextStyle::mono, line_.stream == OutputStream::standard_error && role == Role::text ? Role::warning : role);
    }

    void link(const PrintedAddress& address) {
        join();
        draw_text(f_, std::string_view(line_.text).substr(address.position, address.length), TextStyle::mono, Role::accent);
        const ImVec2 a = ImGui::GetItemRectMin();
        const ImVec2 b = ImGui::GetItemRectMax();
        ImGui::GetWindowDrawList()->AddLine({a.x, b.y}, {b.x, b.y}, colour_u32(f_.palette.of(Role::accent)));
        if (ImGui::IsItemHovered()) {
            f_.view.pointed = address.address;
            f_.view.pointed_process = line_.process;
            ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
            draw_tip(f_, where_is(f_, line_.process, address.address));
        }
        if (ImGui::IsItemClicked()) {
            show(address.address);
        }
    }

    void show(Address address) {
        f_.view.selected = line_.process;
        if (std::ranges::find(f_.view.columns, line_.process) == f_.view.columns.end()) {
            f_.actions.push_back(Action::toggle_column);
        }
        for (const Block& block : gather_blocks(regions_now(f_, line_.process))) {
            if (block.range.contains(address)) {
                f_.view.region = {HitKind::region, line_.process, block.range.start};
            }
        }
    }

    void join() {
        if (!first_) {
            ImGui::SameLine(0, 0);
        }
        first_ = false;
    }

    Frame& f_;
    const OutputLine& line_;
    ImFont* font_;
    bool first_ = true;
};

void draw_lines(Frame& frame) {
    const auto& lines = frame.output.lines();
    const auto& processes = frame.world().processes;
    const float badge = frame.px(frame.fonts.width("0000000", TextStyle::mono_small) + 8);
    const bool at_end = ImGui::GetScrollY() >= ImGui::GetScrollMaxY() - 1;
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(lines.size()), frame.fonts.font(TextStyle::mono)->FontSize + frame.px(9));
    while (clipper.Step()) {
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            const OutputLine& line = lines[static_cast<std::size_t>(i)];
            if (line.process >= processes.size()) {
                continue;
            }
            ImGui::PushID(i);
            const ImVec2 at = ImGui::GetCursorPos();
            if (draw_badge(frame, std::to_string(processes[line.process].key.pid), line.process, badge)) {
                frame.view.selected = line.process;
                frame.view.show_selected = true;
            }
            ImGui::SetCursorPos({at.x + badge + frame.px(10), at.y + frame.px(1)});
            ImGui::BeginGroup();
            LineWriter(frame, line).write();
            ImGui::EndGroup();
            ImGui::SetCursorPos({at.x, at.y + frame.fonts.font(TextStyle::mono)->FontSize + frame.px(9)});
            ImGui::PopID();
        }
    }
    clipper.End();
    if (at_end) {
        ImGui::SetScrollHereY(1);
    }
}

void draw_input(Frame& frame) {
    static std::array<char, 1024> typed{};  // what stands in the field, until Enter
    const bool live = frame.session.live();
    const float interrupt = button_width(frame, frame.words.text("output.interrupt")) + frame.px(6);
    ImGui::BeginDisabled(!live);
    ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - interrupt);
    if (frame.view.focus_input && live) {
        ImGui::SetKeyboardFocusHere();
    }
    frame.view.focus_input = false;
    frame.fonts.need(typed.data());
    frame.fonts.need(frame.words.text("output.input"));
    if (ImGui::InputTextWithHint("##input", frame.text("output.input"), typed.data(), typed.size(), ImGuiInputTextFlags_EnterReturnsTrue)) {
        if (const Result<void> sent = frame.session.send(InputCommand{std::string(typed.data()) + "\n"}); !sent) {
            frame.view.message = frame.words.format("message.send_failed", sent.error().message);
        }
        typed[0] = '\0';
        frame.view.focus_input = true;
    }
    ImGui::EndDisabled();
    ImGui::SameLine(0, frame.px(6));
    if (draw_button(frame, "interrupt", frame.words.text("output.interrupt"), ButtonLook::plain, live, frame.words.text("output.interrupt_tip"))) {
        if (const Result<void> sent = frame.session.send(InputCommand{"\x03"}); !sent) {
            frame.view.message = frame.words.format("message.send_failed", sent.error().message);
        }
    }
}

}  // namespace

void draw_output_panel(Frame& frame, const Box& place) {
    const PanelScope panel(frame, "output", place, frame.words.text("output.title"), frame.words.text("output.hint"));
    frame.view.pointed.reset();
    const float input = ImGui::GetFrameHeight() + frame.px(8);
    ImGui::BeginChild("lines", {0, -input}, false, ImGuiWindowFlags_HorizontalScrollbar);
    if (frame.output.lines().empty()) {
        draw_text(frame, frame.words.text("output.empty"), TextStyle::small, Role::muted, Wrap::yes);
    } else {
        draw_lines(frame);
    }
    ImGui::EndChild();
    draw_input(frame);
}

}  // namespace procatlas
