#include "core/narrate/exec_facts.h"

#include "core/base/text.h"
#include "core/narrate/error_text.h"

namespace procatlas {
namespace {

// `launch`: the exec replaced procatlas's own launcher, whose files and mappings do not concern the user.
std::vector<ExecFact> facts_of_success(const ExecEvent& exec, const Process& process, std::size_t moment, bool launch,
                                       const Messages& words) {
    std::vector<ExecFact> facts;
    // Descriptors are read only if the recording watches more than the lifecycle, and kept only when they change.
    const Descriptors* descriptors = process.descriptors.get();
    std::string stays = words.format("exec.stays_pid", process.key.pid, process.parent_pid);
    if (descriptors) {
        stays += words.format("exec.stays_files", display_text(descriptors->working_folder),
                              descriptors_text(descriptors->open, words));
    } else {
        stays += std::string(words.text("exec.files_not_read"));
    }
    facts.push_back({std::string(words.text("exec.stays")), std::move(stays)});
    if (descriptors && process.descriptors_moment == moment && !descriptors->closed.empty() && !launch) {
        facts.push_back({std::string(words.text("exec.closed")), descriptors_text(descriptors->closed, words)});
    }
    const std::string before = launch ? std::string(words.text("exec.launcher"))
                               : process.programs.size() < 2
                                   ? std::string(words.text("tree.no_program"))
                                   : display_text(base_name(process.programs[process.programs.size() - 2]));
    facts.push_back({std::string(words.text("exec.replaced")),
                     exec.mappings_before == 0 || launch
                         ? words.format("exec.replaced_program", before, display_text(base_name(exec.path)))
                         : words.format("exec.replaced_text", before, display_text(base_name(exec.path)), exec.mappings_before,
                                        exec.mappings_after)});
    return facts;
}

}  // namespace

std::string descriptors_text(const std::vector<OpenDescriptor>& descriptors, const Messages& words) {
    constexpr std::size_t most = 8;
    std::string text;
    for (std::size_t i = 0; i < descriptors.size() && i < most; ++i) {
        text += (text.empty() ? "" : ", ") + std::to_string(descriptors[i].number) + " " + display_text(descriptors[i].target);
    }
    if (descriptors.size() > most) {
        text += words.format("exec.more_files", descriptors.size() - most);
    }
    return descriptors.empty() ? std::string(words.text("exec.no_files")) : text;
}

std::vector<ExecFact> exec_facts(const MomentContext& context) {
    const auto& [recording, world, moment, words] = context;

    if (moment >= recording.events().size()) {
        return {};
    }
    const Event& event = recording.events()[moment];
    const Process* process = world.find(event.process);
    if (!process) {
        return {};
    }
    if (const auto* exec = std::get_if<ExecEvent>(&event.detail)) {
        return facts_of_success(*exec, *process, moment, is_launch(world, event), words);
    }
    if (const auto* failed = std::get_if<ExecFailedEvent>(&event.detail)) {
        return {{std::string(words.text("exec.why")), exec_error_text(failed->error, words)},
                {std::string(words.text("exec.nothing_changed")), std::string(words.text("exec.nothing_changed_text"))}};
    }
    return {};
}

}  // namespace procatlas
