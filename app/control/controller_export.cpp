#include <filesystem>
#include <utility>

#include "app/control/controller.h"
#include "app/control/write_figure.h"
#include "core/base/text.h"

namespace procatlas {

void Controller::export_steps(const FigureRequest& request) {
    const std::filesystem::path file = recording_file();
    if (file.empty()) {
        return complain(std::string(words().text("save.nothing")));
    }
    if (!series_.begin(series_request(request, run_, view_, file), words())) {
        return complain(std::string(words().text("export.no_thread")));
    }
    view_.series = series_.progress();
    view_.message = {};
}

void Controller::stop_export() {
    const std::size_t done = view_.series ? view_.series->done : 0;
    series_.stop();
    view_.series.reset();
    view_.message = {words().format("figure.stopped", done), true};
}

// True: there is something new to show.
bool Controller::pump_export() {
    if (auto ended = series_.take()) {
        view_.series.reset();
        report(*ended, "export.done", series_.file());
        return true;
    }
    const auto before = std::exchange(view_.series, series_.progress());
    return view_.series && (!before || before->done != view_.series->done);
}

}  // namespace procatlas
