#include "app/control/exploration.h"

#include <fmt/format.h>
#include <poll.h>

#include <chrono>
#include <filesystem>
#include <utility>

#include "core/base/text.h"

namespace procatlas {
namespace {

// A person waits for it.
constexpr std::size_t most_runs = 500;
constexpr std::chrono::seconds most_time{20};
constexpr std::size_t free_runs = 20;
constexpr std::size_t most_recordings = 60;

bool is_readable(int descriptor) {
    pollfd ready{descriptor, POLLIN, 0};
    return ::poll(&ready, 1, 0) > 0;
}

}  // namespace

void Exploration::begin(LaunchCommand launch, const std::string& title, ExplorationView& view) {
    view = {};
    view.title = title;
    auto folder = TemporaryFolder::make();
    if (!folder) {
        view.problem = display_text(folder.error().message);
        return;
    }
    folders_.push_back(*folder);
    ExploreOptions options;
    options.launch = std::move(launch);
    options.title = title;
    options.most_runs = most_runs;
    options.most_time = most_time;
    options.free_runs = free_runs;
    options.file_for = [path = (*folder)->path()](std::size_t number) -> Result<std::filesystem::path> {
        return number > most_recordings ? std::filesystem::path() : path / fmt::format("outcome-{}.procatlas", number);
    };
    view.running = work_.begin([options = std::move(options)](int cancelled) {
        ExploreOptions one = options;
        one.wants_end = [cancelled] { return is_readable(cancelled); };
        return explore(one);
    });
}

void Exploration::cancel(ExplorationView& view) {
    work_.cancel();
    view.running = false;
}

bool Exploration::pump(ExplorationView& view) {
    auto found = work_.take();
    if (!found) {
        return false;
    }
    view.running = false;
    if (*found) {
        view.found = std::move(**found);
    } else {
        view.problem = display_text(found->error().message);
    }
    return true;
}

}  // namespace procatlas
