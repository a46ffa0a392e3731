#include "app/control/own_programs.h"

#include <cstdlib>
#include <utility>

namespace procatlas {

namespace fs = std::filesystem;

void OwnPrograms::prepare(OwnRun run, OwnProgramView& view) {
    view.refused.reset();
    view.preparing = run.program;
    const bool begun =
        made_.begin([program = run.program](int cancelled) { return make_ready(program, {.cancel = cancelled}); });
    if (!begun) {
        view.refused = std::exchange(view.preparing, std::nullopt);
        view.why = {.why = NotReady::Why::failed, .detail = "no thread", .messages = {}};
    }
    asked_ = std::move(run);
}

void OwnPrograms::cancel(OwnProgramView& view) {
    made_.cancel();
    view.preparing.reset();
}

void OwnPrograms::list(const fs::path& folder) {
    listed_.begin([folder](int) { return list_folder(folder); });
}

bool OwnPrograms::pump(OwnProgramView& view) {
    bool news = false;
    if (auto listing = listed_.take()) {
        view.folder = std::move(listing);
        news = true;
    }
    auto made = made_.take();
    if (!made) {
        return news;
    }
    view.preparing.reset();
    if (!*made) {
        view.refused = asked_->program;
        view.why = std::move(made->error());
        return true;
    }
    ReadyProgram& program = **made;
    ready_ = Ready{launch_of(std::move(program.words), asked_->at_first), asked_->program.file.filename().string(),
                   std::move(program.warnings)};
    ready_->launch.working_folder = asked_->working_folder.empty() ? std::move(program.folder) : asked_->working_folder;
    running_ = asked_;
    return true;
}

fs::path without_tilde(std::string_view path) {
    const char* home = std::getenv("HOME");
    return home != nullptr && path.starts_with("~/") ? fs::path(home) / path.substr(2) : fs::path(path);
}

}  // namespace procatlas
