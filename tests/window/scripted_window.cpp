// The window on made-up events: one process with as many mappings as the first argument says, then nothing more happens.
#include <cstdlib>

#include "app/window_app.h"
#include "core/observe/scripted/scripted_observer.h"

using namespace procatlas;

int main(int count, char** arguments) {
    const unsigned long mappings = count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 100;
    auto memory = std::make_shared<AddressSpace>();
    Address at = 0x5555'0000'0000;
    for (unsigned long i = 0; i < mappings; ++i) {
        Mapping mapping;
        mapping.range = {at, at + 4096 * (1 + i % 7)};
        mapping.permissions = {.read = i % 4 != 0, .write = i % 2 == 0, .execute = i % 5 == 0, .shared = false};
        at = mapping.range.end + (i % 10 == 0 ? 1UL << 30 : 0);
        memory->mappings.push_back(mapping);
    }
    Event start;
    start.process = {4242, 1};
    start.detail = StartEvent{4241, {"scripted"}, "/"};
    Event exec = start;
    exec.memory = memory;
    exec.detail = ExecEvent{.path = "/bin/scripted", .arguments = {"scripted"}};
    WindowOptions options;
    options.launch = LaunchCommand{};
    options.title = "scripted";
    options.starter = [&](LaunchCommand) -> Result<std::unique_ptr<Observer>> {
        return std::make_unique<ScriptedObserver>(std::vector<Event>{start, exec});
    };
    return run_window(options);
}
