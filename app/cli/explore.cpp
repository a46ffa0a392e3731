#include "app/cli/explore.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "app/cli/end_signals.h"
#include "app/cli/exit_status.h"
#include "app/cli/explored_text.h"
#include "app/cli/terminal_text.h"
#include "core/base/text.h"
#include "core/explore/explore.h"
#include "core/live/live_run.h"
#include "core/live/recording_keeper.h"
#include "core/store/recordings_folder.h"

namespace procatlas {
namespace {

int explore_complaint(std::string_view message) {
    fmt::print(stderr, "procatlas: {}\n", terminal_text(display_text(message, true)));
    return exit_failed;
}

void print_explored(const nlohmann::ordered_json& json) {
    fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

std::vector<std::string> names_in(std::string_view list) {
    std::vector<std::string> names;
    while (!list.empty() && list != "-") {
        const auto comma = std::min(list.find(','), list.size());
        names.emplace_back(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return names;
}

}  // namespace

int explore_command(const ExploreArguments& arguments, const std::vector<std::string>& command, const std::string& title,
                    const Messages& words) {
    const EndSignals signals;
    ExploreOptions options;
    options.launch = launch_of(command);
    options.title = title;
    options.most_runs = arguments.runs;
    options.most_time = std::chrono::milliseconds(static_cast<std::int64_t>(arguments.seconds * 1000));
    options.seed = arguments.seed;
    options.free_runs = arguments.free_runs;
    options.wants_end = [&signals] { return signals.interrupts() + signals.requests() > 0; };
    const std::filesystem::path folder = arguments.folder;
    std::error_code error;
    if (!folder.empty() && !std::filesystem::create_directories(folder, error) && error) {
        return explore_complaint(fmt::format("{}: {}", arguments.folder, error.message()));
    }
    options.file_for = [&](std::size_t number) -> Result<std::filesystem::path> {
        if (!folder.empty()) {
            return folder / fmt::format("outcome-{}.procatlas", number);
        }
        constexpr std::size_t most = 12;  // the folder keeps 20, and not all of them should be of one exploration
        if (number > most) {
            return std::filesystem::path();
        }
        const auto users = RecordingsFolder::of_user();
        return users ? users->new_file(recording_info_now(fmt::format("{} {}", title, number)))
                     : std::unexpected(users.error());
    };
    if (arguments.replays) {
        if (arguments.choices.empty() || std::ranges::count(names_in(arguments.choices), std::string()) > 0 ||
            arguments.choices.ends_with(',')) {
            explore_complaint("--replay needs names with commas between, as in P,C1,C1, or - for none");
            return exit_usage;
        }
        const std::vector<std::string> choices = names_in(arguments.choices);
        const auto file = folder.empty() ? Result<std::filesystem::path>(std::filesystem::path()) : options.file_for(1);
        const auto replayed = replay(options, choices, *file);
        if (!replayed) {
            return explore_complaint(replayed.error().message);
        }
        if (arguments.json) {
            print_explored(replayed_json(*replayed, choices));
        } else {
            fmt::print("{}", terminal_text(replayed_text(*replayed, words)));
        }
        return std::fflush(stdout) == 0 && replayed->as_asked ? exit_done : exit_failed;
    }
    const auto explored = explore(options);
    if (!explored) {
        return explore_complaint(explored.error().message);
    }
    if (arguments.json) {
        print_explored(explored_json(*explored));
    } else {
        fmt::print("{}", terminal_text(explored_text(*explored, words)));
    }
    if (std::fflush(stdout) != 0) {
        return exit_failed;
    }
    return signals.requests() > 0     ? exit_signal + signals.request()
           : signals.interrupts() > 0 ? exit_signal + SIGINT
                                      : exit_done;
}

}  // namespace procatlas
