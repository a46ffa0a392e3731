#include "core/live/start_inspecting_observer.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/unique_fd.h"
#include "core/live/inspecting_observer.h"
#include "core/live/python_hook.h"

namespace procatlas {
namespace {

// Whether the descriptors that a reader needs can be made.
bool room_for_a_reader() {
    std::array<UniqueFd, 6> made;
    for (UniqueFd& one : made) {
        one.reset(::epoll_create1(EPOLL_CLOEXEC));
        if (!one) {
            return false;
        }
    }
    return true;
}

// What a launch of this machine becomes on another one.
void move_launch(LaunchCommand& launch, const Surroundings& there) {
    constexpr std::string_view terminal = "TERM=";
    const auto names_terminal = [&](const std::string& variable) { return variable.starts_with(terminal); };
    const auto ours = std::ranges::find_if(launch.environment, names_terminal);
    std::vector<std::string> environment = there.environment;
    if (ours != launch.environment.end() && std::ranges::none_of(environment, names_terminal)) {
        environment.push_back(*ours);
    }
    launch.environment = std::move(environment);
    launch.working_folder.clear();
    launch.frames = launch.frames && there.root;
}

}  // namespace

Result<std::unique_ptr<Observer>> start_inspecting_observer(LaunchCommand launch, std::string only,
                                                            std::shared_ptr<Companions> where) {
    if (where) {
        move_launch(launch, where->surroundings());
    }
    const bool looks = launch.grain != Grain::none;
    const std::string hook = !looks ? std::string() : where ? where->surroundings().python_hook_folder : python_hook_folder();
    const FollowedCode followed = launch.followed;
    const bool hooked = !hook.empty() && tells_python(launch.grain, followed);
    const PythonHook tells = !hooked                               ? PythonHook::none
                             : launch.grain == Grain::instructions ? PythonHook::with_interpreter
                                                                   : PythonHook::installed;
    launch.environment = with_python_hook(std::move(launch.environment), hook, launch.grain, followed);
    auto observer = start_observer(std::move(launch), where.get());
    if (!observer || !looks) {
        return observer;
    }
    auto inspecting =
        std::make_unique<InspectingObserver>(std::move(*observer), std::move(only), followed, tells, hook, std::move(where));
    if (!room_for_a_reader()) {  // without it threads would wait for ever
        return std::unexpected(system_error("the inside of the program cannot be read", errno));
    }
    return inspecting;
}

}  // namespace procatlas
