#include "core/narrate/missing_inside.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/model/inside.h"
#include "core/narrate/reasons.h"

namespace procatlas {

std::vector<std::string> missing_grains(const Process& process, const Messages& words) {
    std::vector<std::string> sentences;
    const std::string program = display_text(base_name(process.program()));
    if (process.why_not_inside == no_debug_information) {
        sentences.push_back(words.format("inside.no_debug", program));
    } else if (process.why_not_inside == ran_before) {
        sentences.emplace_back(words.text("inside.was_running"));
    } else if (process.why_not_inside == no_script_yet) {
        sentences.push_back(words.format("inside.no_script_yet", program));
    } else if (process.why_not_inside.starts_with(only_library_functions)) {
        sentences.push_back(words.format("inside.only_libraries", program));
    } else if (process.why_not_inside.starts_with(of_debug_information)) {
        sentences.push_back(
            words.format("inside.no_debug_found", program, display_text(reason_text(process.why_not_inside, words))));
    } else if (!process.why_not_inside.empty()) {
        sentences.push_back(
            words.format("inside.no_grains", program, display_text(reason_text(process.why_not_inside, words))));
    }
    const bool shown = std::ranges::any_of(process.threads, [](const ThreadState& t) { return t.stack != nullptr; });
    if (shown && !process.why_old_inside.empty()) {
        sentences.push_back(words.format("inside.old", display_text(reason_text(process.why_old_inside, words))));
    }
    return sentences;
}

std::vector<std::string> nothing_inside(const Recording& recording, const Process& process, const Messages& words) {
    std::vector<std::string> sentences = missing_grains(process, words);
    if (sentences.empty() && process.programs.empty() && !process.found) {
        sentences.push_back(words.format("inside.no_program", process.key.pid));
    } else if (sentences.empty()) {
        const auto& how = recording.how_followed();
        const bool fine = how && how->grain != Grain::none;
        sentences.push_back(words.format(fine ? "stack.none_yet" : "stack.none", process.key.pid));
    }
    return sentences;
}

}  // namespace procatlas
