// Programs print the addresses of their code and data. Each address must be in a region of the right kind with the right
// permissions.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "core/inspect/client/reader_client.h"
#include "core/inspect/client/wanted_images.h"
#include "tests/live/live_support.h"

using namespace procatlas;
using namespace procatlas::live;

namespace {

// Runs to the end and adds the images of all files that were mapped.
Run run_with_images(const LaunchCommand& launch) {
    Run r = run(launch);
    ReaderClient reader;
    WantedImages wanted;
    for (const MapRow& row : r.recording.maps().rows().all()) {
        if (auto request = wanted.take_new(r.recording.maps().mapping(row), 0)) {
            reader.ask(std::move(*request));
        }
    }
    for (ReaderReply& reply : reader.finish()) {
        REQUIRE_MESSAGE(reply.answer, subject_of(reply.request));
        r.recording.add_image(std::move(*reply.get<ElfImage>()));
    }
    return r;
}

struct Expected {
    std::vector<RegionKind> kinds;
    std::string permissions;
};

const std::map<std::string, Expected>& expectations() {
    static const std::map<std::string, Expected> expected{
        {"function", {{RegionKind::code}, "r-xp"}},
        {"constant", {{RegionKind::read_only_data}, "r--p"}},
        {"initialised_global", {{RegionKind::data}, "rw-p"}},
        {"uninitialised_global", {{RegionKind::bss}, "rw-p"}},
        {"static", {{RegionKind::data, RegionKind::bss}, "rw-p"}},
        {"malloc", {{RegionKind::heap}, "rw-p"}},
        {"large_malloc", {{RegionKind::anonymous}, "rw-p"}},
        {"local", {{RegionKind::stack}, "rw-p"}},
    };
    return expected;
}

// Checks each "[pid] name 0xADDRESS" line against the world at the moment at which it was written. Returns how many there were.
int check_testimony(const Recording& recording) {
    int checked = 0;
    for (const std::size_t moment : recording.output_moments()) {
        const Event& event = recording.events()[moment];
        const World world = recording.world_at(moment);
        const Process* process = world.find(event.process);
        REQUIRE(process);
        const auto regions = regions_of(*process, recording.images());
        std::istringstream lines(std::get<OutputEvent>(event.detail).text);
        std::string line;
        while (std::getline(lines, line)) {
            const auto name_at = line.find("] ");
            const auto address_at = line.find(" 0x");
            if (name_at == std::string::npos || address_at == std::string::npos) {
                continue;
            }
            const std::string name = line.substr(name_at + 2, address_at - name_at - 2);
            const auto expected = expectations().find(name);
            CAPTURE(line);
            REQUIRE(expected != expectations().end());
            const Region* region = find_region(regions, std::stoull(line.substr(address_at + 1), nullptr, 16));
            REQUIRE(region);
            CAPTURE(region_kind_name(region->kind));
            CHECK(std::ranges::find(expected->second.kinds, region->kind) != expected->second.kinds.end());
            CHECK(permissions_text(region->permissions) == expected->second.permissions);
            CHECK(std::stoi(line.substr(1)) == event.process.pid);
            ++checked;
        }
    }
    return checked;
}

}  // namespace

TEST_CASE("the regions that `regions` prints are right in the parent and in the child after fork and exec") {
    const Run r = run_with_images(command({sample("regions")}));
    REQUIRE(r.ended);
    CHECK(r.recording.last_world().processes.size() == 2);
    CHECK(check_testimony(r.recording) == 3 * 8);
}

TEST_CASE("without ELF images, the kernel's own numbers distinguish data from BSS") {
    const Run r = run(command({sample("regions")}));
    REQUIRE(r.ended);
    CHECK(check_testimony(r.recording) == 3 * 8);
}

TEST_CASE("thread stacks and arenas are recognised by the addresses of a thread's local variable and block") {
    const Run r = run(command({fixture("arenas")}));
    REQUIRE(r.ended);
    int checked = 0;
    for (const std::size_t moment : r.recording.output_moments()) {
        const Event& event = r.recording.events()[moment];
        const World world = r.recording.world_at(moment);
        const auto regions = regions_of(*world.find(event.process), {});
        std::istringstream words(std::get<OutputEvent>(event.detail).text);
        std::string local;
        std::string block;
        while (words >> local >> block) {
            const Region* stack = find_region(regions, std::stoull(local, nullptr, 16));
            REQUIRE(stack);
            CHECK(stack->kind == RegionKind::thread_stack);
            CHECK(stack->thread != 0);
            const Region* arena = find_region(regions, std::stoull(block, nullptr, 16));
            REQUIRE(arena);
            CHECK(arena->kind == RegionKind::heap);
            CHECK(arena->arena);
            ++checked;
        }
    }
    CHECK(checked == 2);
}

TEST_CASE("the regions cover the map exactly, in order") {
    const Run r = run_with_images(command({"/usr/bin/python3", "-c", "import ctypes"}));
    REQUIRE(r.ended);
    for (std::size_t moment = 0; moment < r.recording.events().size(); ++moment) {
        const ObservedEvent event = r.recording.observed_event(moment);
        if (!event.memory) {
            continue;
        }
        const auto regions = classify_regions(*event.memory, "", r.recording.images(), {});
        ByteCount mapped = 0;
        for (const Mapping& m : event.memory->mappings) {
            mapped += m.range.size();
        }
        ByteCount drawn = 0;
        Address end = 0;
        for (const Region& region : regions) {
            CHECK(region.range.start >= end);
            CHECK(!region.range.empty());
            end = region.range.end;
            drawn += region.range.size();
        }
        CHECK(drawn == mapped);
    }
}

TEST_CASE("resident sizes are those in the kernel's smaps") {
    LaunchCommand launch = command({fixture("grows")});
    launch.hold = true;
    launch.hold_classes = {false, false, true};
    ByteCount expected = 0;
    bool asked = false;
    const Run r = run(launch, [&](const ObservedEvent& event, Observer& observer) {
        if (event.held && !asked) {  // at its first output, where it is held
            asked = true;
            std::ifstream smaps("/proc/" + std::to_string(event.process.pid) + "/smaps");
            std::string word;
            while (smaps >> word) {
                ByteCount kib = 0;
                if (word == "Rss:" && smaps >> kib) {
                    expected += kib * 1024;
                }
            }
            CHECK(observer.send(MeasureCommand{event.process.pid}));
        }
        if (std::holds_alternative<ResidentEvent>(event.detail)) {
            CHECK(observer.send(RunCommand{}));
        }
    });
    REQUIRE(r.ended);
    const Process& process = r.recording.last_world().processes[0];
    const auto resident = resident_bytes(process, {0, ~Address{0} & ~Address{4095}});
    REQUIRE(resident);
    CHECK(expected > 0);
    // The kernel's own pages ([vdso], [vvar]) are present, but no process's Rss includes them.
    CHECK(*resident >= expected);
    CHECK(*resident <= expected + 16 * 4096);
}
