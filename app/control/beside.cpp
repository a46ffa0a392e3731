#include "app/control/beside.h"

#include <algorithm>

#include "app/control/actions.h"
#include "app/control/open_recording.h"
#include "core/base/text.h"
#include "core/store/recordings_folder.h"
#include "core/store/temporary_folder.h"

namespace procatlas {
namespace {

Result<BesideRun> read_run(const std::filesystem::path& file, const std::filesystem::path& named) {
    auto opened = open_recording(file);
    if (!opened) {
        return fail(display_text(named.native()) + ": " + display_text(opened.error().message));
    }
    if (opened->loaded.recording.empty()) {
        return fail(display_text(named.native()) + ": nothing was recorded in it");
    }
    return BesideRun{display_text(named.filename().native()), std::move(opened->loaded.recording)};
}

// Of one that may be written to, a copy is read.
Result<BesideRun> read_copy(const std::filesystem::path& file) {
    const auto folder = TemporaryFolder::make();
    if (!folder) {
        return std::unexpected(folder.error());
    }
    const std::filesystem::path copy = (*folder)->path() / "first.procatlas";
    if (const auto copied = copy_recording(file, copy); !copied) {
        return std::unexpected(copied.error());
    }
    return read_run(copy, file);
}

void find_steps(Beside& beside) {
    const std::pair ends(beside.first.recording.last_moment(), beside.second.recording.last_moment());
    beside.steps = beside.comparison.together;
    if (const auto& parts = beside.comparison.parts_at) {
        beside.parting = beside.steps.size();
        beside.steps.emplace_back(std::min(parts->first, ends.first), std::min(parts->second, ends.second));
    }
    if (beside.steps.empty() || beside.steps.back() != ends) {
        beside.steps.push_back(ends);
    }
}

}  // namespace

Result<std::shared_ptr<const Beside>> read_beside(const std::filesystem::path& first, const std::filesystem::path& second,
                                                  bool copy_first) {
    auto one = copy_first ? read_copy(first) : read_run(first, first);
    if (!one) {
        return std::unexpected(one.error());
    }
    auto other = read_run(second, second);
    if (!other) {
        return std::unexpected(other.error());
    }
    auto beside = std::make_shared<Beside>(Beside{std::move(*one), std::move(*other), {}, {}, {}});
    beside->comparison = compare_recordings(beside->first.recording, beside->second.recording);
    find_steps(*beside);
    return beside;
}

void travel_beside(BesideView& view, TravelTo to) {
    const std::size_t last = view.runs ? view.runs->steps.size() - 1 : 0;
    switch (to) {
        case TravelTo::back:
            view.step -= std::min<std::size_t>(view.step, 1);
            return;
        case TravelTo::forward:
            view.step = std::min(view.step + 1, last);
            return;
        case TravelTo::first:
            view.step = 0;
            return;
        case TravelTo::now:
            view.step = last;
            return;
    }
}

bool BesideReader::begin(BesideView& view, std::filesystem::path first, std::filesystem::path second, bool copy_first) {
    view = {};
    view.reading = work_.begin([first = std::move(first), second = std::move(second), copy_first](int) {
        return read_beside(first, second, copy_first);
    });
    return view.reading;
}

}  // namespace procatlas
