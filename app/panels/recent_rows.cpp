#include "app/panels/recent_rows.h"

#include <algorithm>

#include "app/paint/ui.h"
#include "core/base/text.h"

namespace procatlas {

std::optional<std::filesystem::path> draw_recent_rows(const Frame& frame, std::size_t most) {
    std::optional<std::filesystem::path> chosen;
    for (std::size_t i = 0; i < std::min(most, frame.recent.size()); ++i) {
        const RecentRecording& recording = frame.recent[i];
        ImGui::PushID(static_cast<int>(i));
        const ImVec2 at = ImGui::GetCursorScreenPos();
        if (ImGui::Selectable("##recent", false, 0, {0, frame.px(22)})) {
            chosen = recording.path;
        }
        const std::string when = local_time_text(recording.info.started_unix_ms);
        const float time_width = frame.px(frame.fonts.width("0000-00-00 00:00:00", TextStyle::mono_small) + 14);
        const auto write = [&](float x, const std::string& text, TextStyle style, Role role) {
            put_text(frame, {at.x + x, at.y + (frame.px(22) - frame.fonts.font(style)->FontSize) / 2}, text, style,
                     frame.palette.of(role));
        };
        write(frame.px(4), when, TextStyle::mono_small, Role::muted);
        write(time_width, fit_text(display_text(recording.info.title), TextStyle::mono, 380, frame.fonts), TextStyle::mono,
              Role::text);
        ImGui::PopID();
    }
    return chosen;
}

}  // namespace procatlas
