// The window on made-up events, after which nothing more happens:
// procatlas-scripted-window MAPPINGS    one process with as many mappings
// procatlas-scripted-window pages MIB   a parent and its child that share every other page of so many MiB, in 200,000 runs at
// most,
//                                       as many as the observer tells
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "app/window/window_app.h"
#include "tests/support/scripted_observer.h"

using namespace procatlas;

namespace {

constexpr ProcessKey parent{4242, 1};
constexpr ProcessKey child{4243, 2};

ObservedEvent event_of(EventDetail detail, std::shared_ptr<const AddressSpace> memory = nullptr) {
    ObservedEvent event;
    event.process = parent;
    event.thread = parent.pid;
    event.memory = std::move(memory);
    event.detail = std::move(detail);
    return event;
}

std::vector<ObservedEvent> with_mappings(unsigned long mappings) {
    auto memory = std::make_shared<AddressSpace>();
    Address at = 0x5555'0000'0000;
    for (unsigned long i = 0; i < mappings; ++i) {
        Mapping mapping;
        mapping.range = {at, at + 4096 * (1 + i % 7)};
        mapping.permissions = {.read = i % 4 != 0, .write = i % 2 == 0, .execute = i % 5 == 0, .shared = false};
        at = mapping.range.end + (i % 10 == 0 ? 1UL << 30 : 0);
        memory->mappings.push_back(mapping);
    }
    ObservedEvent fork = event_of(ForkEvent{ForkKind::fork, child, parent.pid, false}, memory);
    fork.child_memory = memory;
    return {event_of(StartEvent{4241, {"scripted"}, "/"}),
            event_of(ExecEvent{.path = "/bin/scripted", .arguments = {"scripted"}}, memory)};
}

std::shared_ptr<const Pages> pages_of(AddressRange memory, PageState first) {
    constexpr std::uint64_t most_runs = 200'000;
    const std::uint64_t count = memory.size() / 4096;
    const std::uint64_t pages_a_run = std::max<std::uint64_t>(1, count / most_runs);
    auto pages = std::make_shared<Pages>();
    PageState state = first;
    for (std::uint64_t done = 0; done < count; done += pages_a_run) {
        pages->runs.emplace_back(memory.start + done * 4096, std::min(pages_a_run, count - done), state, false);
        state = state == PageState::shared ? PageState::exclusive : PageState::shared;
    }
    return pages;
}

std::vector<ObservedEvent> with_pages(unsigned long mib) {
    auto memory = std::make_shared<AddressSpace>();
    Mapping mapping;
    mapping.range = {0x7f00'0000'0000, 0x7f00'0000'0000 + (mib << 20)};
    mapping.permissions = {.read = true, .write = true, .execute = false, .shared = false};
    memory->mappings.push_back(mapping);
    ObservedEvent written = event_of(OutputEvent{OutputStream::standard_output, "written\n", 8}, memory);
    written.pages = {{parent, pages_of(mapping.range, PageState::shared)}, {child, pages_of(mapping.range, PageState::shared)}};
    ObservedEvent fork = event_of(ForkEvent{ForkKind::fork, child, parent.pid, false}, memory);
    fork.child_memory = memory;
    return {event_of(StartEvent{4241, {"scripted"}, "/"}),
            event_of(ExecEvent{.path = "/bin/scripted", .arguments = {"scripted"}}, memory), fork, written};
}

}  // namespace

int main(int count, char** arguments) {
    const std::vector<std::string> given(arguments + 1, arguments + count);
    const auto number = [&](std::size_t place) {
        return place < given.size() ? std::strtoul(given[place].c_str(), nullptr, 10) : 100;
    };
    const auto events = !given.empty() && given[0] == "pages" ? with_pages(number(1)) : with_mappings(number(0));
    WindowOptions options;
    options.launch = LaunchCommand{};
    options.title = "scripted";
    options.starter = [&](LaunchCommand) -> Result<std::unique_ptr<Observer>> {
        return std::make_unique<ScriptedObserver>(events);
    };
    return run_window(options);
}
