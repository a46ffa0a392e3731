#include "core/live/run_failure.h"

#include <variant>

#include "core/base/text.h"
#include "core/model/event.h"

namespace procatlas {

std::string run_failure(const Recording& recording) {
    for (const Event& event : recording.events()) {
        const auto* note = std::get_if<NoteEvent>(&event.detail);
        const auto* gap = std::get_if<GapEvent>(&event.detail);
        if (note && note->code == NoteCode::launch_failed) {
            return display_text(note->text);
        }
        if (gap && gap->code == GapCode::observer_lost) {
            return "the observer was lost: " + display_text(gap->text);
        }
        if (gap && gap->code == GapCode::recording_full) {
            return "its recording is too large";
        }
    }
    return {};
}

}  // namespace procatlas
