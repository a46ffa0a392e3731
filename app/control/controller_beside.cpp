#include <filesystem>
#include <string>
#include <utility>

#include "app/control/controller.h"
#include "core/base/text.h"

namespace procatlas {

void Controller::compare_files(const std::string& first, const std::string& second) {
    leave_lesson();
    const bool of_window = first.empty();
    if (!beside_.begin(view_.beside, of_window ? recording_file() : std::filesystem::path(first), second, of_window)) {
        return complain(std::string(words().text("beside.no_thread")));
    }
    view_.message = {std::string(words().text("beside.reading")), true};
}

// True: there is something new to show.
bool Controller::pump_beside() {
    auto read = beside_.take();
    if (!read) {
        return false;
    }
    view_.beside = {};
    view_.message = {};
    if (*read) {
        view_.beside.runs = std::move(**read);
        view_.beside.step = view_.beside.runs->parting.value_or(view_.beside.runs->steps.size() - 1);
    } else {
        complain(words().format("beside.failed", display_text(read->error().message)));
    }
    return true;
}

void Controller::leave_beside() {
    beside_.cancel();
    view_.beside = {};
}

}  // namespace procatlas
