// The states of pages after forks, writes and exits: procatlas sees what the programs say they did.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "core/model/common_pages.h"
#include "core/store/read_recording.h"
#include "tests/live/cli_support.h"
#include "tests/live/live_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using namespace procatlas::live;

namespace {

LaunchCommand with_pages(const std::string& program, bool frames = false) {
    LaunchCommand launch = command({sample(program)});
    launch.pages = true;
    launch.frames = frames;
    return launch;
}

std::uint64_t pages_within(const RareVector<CopiedRun>& copied, std::int32_t pid, AddressRange range) {
    constexpr ByteCount page = 4096;
    std::uint64_t count = 0;
    for (const CopiedRun& run : copied) {
        const Address start = std::max(run.start, range.start);
        const Address end = std::min(run.start + run.pages * page, range.end);
        count += run.pid == pid && start < end ? (end - start) / page : 0;
    }
    return count;
}

// The number after `word` in what the program printed; 0: it did not print that.
std::uint64_t number_after(const std::string& text, const std::string& word, int base = 10) {
    const auto at = text.find(word);
    return at == std::string::npos ? 0 : std::stoull(text.substr(at + word.size()), nullptr, base);
}

// The name of a recording file; the destructor removes the file.
struct RecordingName {
    ScratchFolder folder;
    std::string name = folder.path("run.procatlas");
};

struct CowSteps {
    std::size_t steps = 0;
    std::string wrong;  // the first mistake
};

using FramesOfPages = std::map<Address, std::uint64_t>;

// The frames of shared pages only: an exclusive page is in no other process, even if an older reading of that process says so.
FramesOfPages shared_frames_of(const Process& process, AddressRange range) {
    FramesOfPages frames;
    for (const PageRun& run : process.pages ? runs_in(*process.pages, range) : std::vector<PageRun>()) {
        if (run.state != PageState::shared) {
            continue;
        }
        for (const FrameRun& part : frames_in(*process.pages, {run.start, run.start + run.count * 4096})) {
            for (std::uint64_t i = 0; i < part.count; ++i) {
                frames[part.start + i * 4096] = part.frame + i;
            }
        }
    }
    return frames;
}

// How many pages of a region have the same page frame in both processes.
std::uint64_t frames_in_common(const Process& a, const Process& b, AddressRange range) {
    const FramesOfPages of_a = shared_frames_of(a, range);
    const FramesOfPages of_b = shared_frames_of(b, range);
    return static_cast<std::uint64_t>(std::ranges::count_if(of_a, [&](const auto& page) {
        const auto other = of_b.find(page.first);
        return other != of_b.end() && other->second == page.second;
    }));
}

struct FrameCheck {
    std::size_t compared = 0;
    std::size_t with_copies = 0;
    std::string wrong;
};

// Checks every moment, every two living processes, and each private writable mapping without a file. Pages that are said to be
// shared must have the same page frames. With `all_read`, pages with the same page frames must also be said to be shared. If
// many processes run at once, the reading of one may be older than the latest writes of the others.
FrameCheck compare_with_frames(const Run& r, bool all_read) {
    FrameCheck found;
    for (std::size_t moment = 0; moment < r.recording.events().size(); ++moment) {
        const World world = r.recording.world_at(moment);
        for (std::size_t a = 0; a < world.processes.size(); ++a) {
            for (std::size_t b = a + 1; b < world.processes.size(); ++b) {
                const Process& one = world.processes[a];
                const Process& other = world.processes[b];
                if (!one.alive() || !other.alive() || !one.pages || !other.pages || !one.memory) {
                    continue;
                }
                const CommonPages common(r.recording, world, moment, a, b);
                for (const Mapping& mapping : one.memory->mappings) {
                    if (mapping.inode != 0 || mapping.permissions.shared || !mapping.permissions.write) {
                        continue;
                    }
                    const auto counts = common.in(mapping.range, false);
                    const std::uint64_t frames = frames_in_common(one, other, mapping.range);
                    ++found.compared;
                    found.with_copies += counts.copied != 0 ? 1 : 0;
                    const bool agrees = all_read ? counts.shared == frames : counts.shared <= frames;
                    if (!agrees && found.wrong.empty()) {
                        found.wrong = "moment " + std::to_string(moment) + ", " + std::to_string(one.key.pid) + " and " +
                                      std::to_string(other.key.pid) + ": " + std::to_string(counts.shared) +
                                      " are said to be shared, " + std::to_string(frames) + " have the same frame";
                    }
                }
            }
        }
    }
    return found;
}

// Compares every step of cow_pages, in both processes, with what the program printed.
CowSteps follow_cow_pages() {
    CowSteps found;
    const auto wrong = [&](const std::string& what) { found.wrong = found.wrong.empty() ? what : found.wrong; };
    const Run r = run(with_pages("cow_pages"));
    const World& last = r.recording.last_world();
    if (!r.ended || last.processes.size() != 2) {
        return {0, "it did not run to its end"};
    }
    const Process& parent = last.processes[0];
    const Process& child = last.processes[1];
    const Address start = number_after(output_of(r.recording), "pages at 0x", 16);
    const AddressRange memory{start, start + (16u << 20)};
    std::map<std::int32_t, std::uint64_t> copied;
    for (std::size_t moment = 0; moment < r.recording.events().size(); ++moment) {
        const Event& event = r.recording.events()[moment];
        for (const Process* process : {&parent, &child}) {
            copied[process->key.pid] += pages_within(event.copied, process->key.pid, memory);
        }
        const auto* output = std::get_if<OutputEvent>(&event.detail);
        const std::uint64_t written = output ? number_after(output->text, "written ") : 0;
        if (written == 0) {
            continue;
        }
        ++found.steps;
        const World world = r.recording.world_at(moment);
        for (const std::size_t process : {0u, 1u}) {
            const Process& now = world.processes[process];
            const RegionPages pages = now.pages ? pages_in(*now.pages, memory, false) : RegionPages{};
            // The parent is in wait(2), but may not have come there before the first step.
            const bool as_written = process == 1 ? copied[now.key.pid] == written : copied[now.key.pid] <= 256;
            if (!as_written || pages.exclusive != written || pages.shared != 4096 - written) {
                wrong("step " + std::to_string(found.steps) + ": written " + std::to_string(written) + ", copied " +
                      std::to_string(copied[now.key.pid]) + ", exclusive " + std::to_string(pages.exclusive));
            }
        }
    }
    const RegionPages at_the_end = parent.pages ? pages_in(*parent.pages, memory, false) : RegionPages{};
    if (at_the_end.exclusive != 4096) {
        wrong("the parent has " + std::to_string(at_the_end.exclusive) + " pages of its own when the child is gone");
    }
    if (copied[parent.key.pid] > 256) {
        wrong("what came back to the parent was taken for copied");
    }
    return found;
}

}  // namespace

TEST_CASE("at every step the child has copied as many pages as the program says it wrote, and both have as many") {
    const CowSteps found = follow_cow_pages();
    CHECK(found.wrong == "");
    CHECK(found.steps == 8);
}

TEST_CASE("an unprivileged user sees pages too") {
    const auto status = status_unprivileged(sample("cow_pages"), [] {
        const CowSteps found = follow_cow_pages();
        return found.steps == 8 && found.wrong.empty() ? 0 : 1;
    });
    CHECK(status.value_or(0) == 0);
}

TEST_CASE("a child that writes a global gets its own copy of the page, and its parent keeps the other") {
    const Run r = run(with_pages("fork_write"));
    REQUIRE(r.ended);
    const World& last = r.recording.last_world();
    const std::string output = output_of(r.recording);
    const Address number = number_after(output, "number at 0x", 16);
    const AddressRange page{number / 4096 * 4096, number / 4096 * 4096 + 4096};
    std::size_t copies = 0;
    for (const Event& event : r.recording.events()) {
        copies += pages_within(event.copied, last.processes[1].key.pid, page);
        const auto* told = std::get_if<OutputEvent>(&event.detail);
        if (told && told->text.starts_with("child") && told->text.ends_with(" is 2\n")) {
            CHECK(event.process == last.processes[1].key);
            CHECK(pages_within(event.copied, event.process.pid, page) == 1);
        } else if (told && told->text.starts_with("child")) {
            CHECK(copies == 0);
        }
    }
    CHECK(copies == 1);
}

TEST_CASE("fork_write as JSON, as text and as a figure: the page of the variable, and what was copied") {
    const RecordingName file;
    const Ran traced = run_procatlas("trace --json --pages -o " + file.name + " --example fork_write </dev/null");
    REQUIRE(traced.status == 0);
    const auto shown = run_procatlas("show " + file.name + " --pages --as json");
    const auto text = run_procatlas("show " + file.name + " --pages --as text");
    const auto figure = run_procatlas("show " + file.name + " --view pages --as svg");
    const auto without = run_procatlas("show " + file.name + " --as json");
    const auto traced_json = nlohmann::json::parse(traced.output);
    const auto json = nlohmann::json::parse(shown.output);
    CHECK(traced_json["events"] == json["events"]);
    CHECK(traced_json["processes"] == json["processes"]);
    CHECK(std::ranges::any_of(json["events"], [](const auto& event) { return event.contains("copied"); }));
    for (const auto& process : json["processes"]) {
        const auto data = std::ranges::find_if(process["regions"], [](const auto& r) { return r["kind"] == "data"; });
        REQUIRE(data != process["regions"].end());
        CHECK((*data)["pages"]["exclusive"] == 1);
        CHECK((*data)["pages"]["own"] == 1);  // the alias
        CHECK((*data)["pages"]["size"] == 4096);
        CHECK((*data)["pages"]["runs"][0][2] == "exclusive");
    }
    CHECK(text.output.find("Copy-on-write") != std::string::npos);
    CHECK(text.output.find("1 page: 1 exclusive") != std::string::npos);
    CHECK(figure.output.find("exclusive") != std::string::npos);
    CHECK(without.output.find("\"pages\"") == std::string::npos);
}

TEST_CASE("a recording without pages says so when asked for them") {
    const RecordingName file;
    const Ran traced = run_procatlas("trace -o " + file.name + " --example hello </dev/null");
    REQUIRE(traced.status == 0);
    const Ran shown = run_procatlas("show " + file.name + " --pages --as json 2>&1");
    CHECK(shown.status == 1);
    CHECK(shown.output.find("--pages") != std::string::npos);
}

TEST_CASE("shared mappings stay shared after writes, and private ones do not") {
    const Run r = run(with_pages("shared_map"));
    REQUIRE(r.ended);
    const std::string output = output_of(r.recording);
    const Address together = number_after(output, "shared at 0x", 16);
    const Address apart = number_after(output, "private at 0x", 16);
    constexpr ByteCount size = 64 * 1024;
    const auto outputs = r.recording.output_moments();
    const auto wrote_both = std::ranges::find_if(outputs, [&](std::size_t moment) {
        return std::get<OutputEvent>(r.recording.events()[moment].detail).text.starts_with("child wrote the private");
    });
    REQUIRE(wrote_both != outputs.end());
    const World world = r.recording.world_at(*wrote_both);
    for (const std::size_t process : {0u, 1u}) {
        const Process& now = world.processes[process];
        const auto regions = regions_of(now, r.recording.images());
        const Region* region = find_region(regions, together);
        REQUIRE(region);
        CHECK(region->kind == RegionKind::shared_memory);
        const auto pages = pages_of(now, *region);
        REQUIRE(pages);
        CHECK(pages->shared == size / 4096);
        CHECK(pages->exclusive == 0);
        CHECK(pages_in(*now.pages, {apart, apart + size}, false).exclusive == size / 4096);
    }
    for (const Event& event : r.recording.events()) {
        CHECK(pages_within(event.copied, event.process.pid, {together, together + size}) == 0);
    }
}

TEST_CASE("root sees that shared pages have one page frame, and copied ones two") {
    if (::geteuid() != 0) {
        MESSAGE("not checked: only root is told the numbers of frames");
        return;
    }
    const Run r = run(with_pages("cow_pages", true));
    REQUIRE(r.ended);
    const Address start = number_after(output_of(r.recording), "pages at 0x", 16);
    std::size_t moment = 0;
    for (const std::size_t at : r.recording.output_moments()) {
        const bool half = std::get<OutputEvent>(r.recording.events()[at].detail).text == "written 1024\n";
        moment = half ? at : moment;
    }
    REQUIRE(moment != 0);
    const World world = r.recording.world_at(moment);
    std::array<std::map<Address, std::uint64_t>, 2> frames;
    for (const std::size_t process : {0u, 1u}) {
        REQUIRE(world.processes[process].pages);
        for (const FrameRun& run : frames_in(*world.processes[process].pages, {start, start + (16u << 20)})) {
            for (std::uint64_t i = 0; i < run.count; ++i) {
                frames[process][run.start + i * 4096] = run.frame + i;
            }
        }
    }
    if (frames[0].empty()) {
        MESSAGE("not checked: the kernel does not tell frames here");
        return;
    }
    CHECK(frames[0].size() == 4096);
    CHECK(frames[1].size() == 4096);
    std::size_t together = 0;
    std::size_t apart = 0;
    for (std::size_t i = 0; i < 4096; ++i) {
        const Address page = start + i * 4096;
        const bool copied = i % 2 == 0 && i < 2048;
        const bool same = frames[0][page] == frames[1][page];
        CHECK(same != copied);
        ++(same ? together : apart);
    }
    CHECK(apart == 1024);
    CHECK(together == 3072);
}

TEST_CASE("a Python child copies pages even if it only reads a list") {
    LaunchCommand launch = command({"/usr/bin/python3", sample("python_cow.py")});
    launch.pages = true;
    const Run r = run(launch);
    REQUIRE(r.ended);
    REQUIRE(status_of(r.recording) == 0);
    const std::int32_t child = r.recording.last_world().processes[1].key.pid;
    std::uint64_t copied = 0;
    for (const Event& event : r.recording.events()) {
        copied += pages_within(event.copied, child, {0, 1ull << 47});
    }
    CHECK(copied > 500);
}

TEST_CASE("the pages reported as shared by two processes are those with the same page frames") {
    if (::geteuid() != 0) {
        MESSAGE("not checked: only root is told the numbers of frames");
        return;
    }
    const std::array<std::pair<std::string, bool>, 4> programs{{{fixture("two_forks"), true},
                                                                {sample("cow_pages"), true},
                                                                {sample("fork_three"), false},
                                                                {sample("three_different"), false}}};
    for (const auto& [program, all_read] : programs) {
        LaunchCommand launch = command({program});
        launch.pages = launch.frames = true;
        const Run r = run(launch);
        REQUIRE(r.ended);
        const FrameCheck found = compare_with_frames(r, all_read);
        INFO(program);
        CHECK(found.wrong == "");
        CHECK(found.compared > 10);
        CHECK(found.with_copies > 0);
    }
}

TEST_CASE("if a parent writes between two forks, the first child shares fewer pages with it than the second") {
    LaunchCommand launch = command({fixture("two_forks")});
    launch.pages = true;
    const Run r = run(launch);
    REQUIRE(r.ended);
    const Address start = number_after(output_of(r.recording), "pages at 0x", 16);
    const std::size_t moment = r.recording.output_moments().back();  // the parent's
    const World world = r.recording.world_at(moment);
    REQUIRE(world.processes.size() == 3);
    const auto between = [&](std::size_t a, std::size_t b) {
        return CommonPages(r.recording, world, moment, a, b).in({start, start + 64 * 4096}, false);
    };
    CHECK(between(0, 1).shared == 14);
    CHECK(between(0, 1).copied == 50);
    CHECK(between(0, 2).shared == 59);
    CHECK(between(0, 2).copied == 5);
    CHECK(between(1, 2).shared == 14);
    CHECK(between(1, 2).copied == 0);  // the page was copied before the younger one was born
}

TEST_CASE("the first write to a page of an initialised array copies it, and passing memory to write(2) copies none") {
    LaunchCommand launch = command({fixture("data_and_output")});
    launch.pages = true;
    const Run r = run(launch);
    REQUIRE(r.ended);
    const std::string output = output_of(r.recording);
    CHECK(output.find("table: 16 own") != std::string::npos);
    CHECK(output.find("text: 0 own") != std::string::npos);  // watching did not copy any page
    const World& last = r.recording.last_world();
    REQUIRE(last.processes.size() == 3);
    const auto in_child = [&](std::size_t child, const std::string& word, bool of_file) {
        const Address start = number_after(output, word, 16);
        const CommonPages common(r.recording, last, r.recording.last_moment(), 0, child);
        return common.in({start, start + 16 * 4096}, of_file).copied;
    };
    CHECK(in_child(1, "table at 0x", true) == 16);
    CHECK(in_child(2, "text at 0x", false) == 0);
}

TEST_CASE("at the grain of lines, the page is copied after the line that writes") {
    const RecordingName file;
    const Ran traced = run_procatlas("trace --json --pages --grain lines -o " + file.name + " --example fork_write </dev/null");
    REQUIRE(traced.status == 0);
    const auto loaded = read_recording(file.name);
    REQUIRE(loaded);
    const Recording& recording = loaded->recording;
    const auto number_in_child = [&](std::size_t moment) {
        const auto globals = recording.world_at(moment).processes[1].globals;
        REQUIRE(globals);
        const auto found = std::ranges::find(*globals, "number", &Variable::name);
        return found == globals->end() ? std::string() : found->value;
    };
    const Address number = number_after(output_of(recording), "number at 0x", 16) / 4096 * 4096;
    std::size_t line_before = 0;
    std::size_t copied_at = 0;
    for (std::size_t moment = 0; moment < recording.events().size() && copied_at == 0; ++moment) {
        const Event& event = recording.events()[moment];
        if (event.process != recording.last_world().processes[1].key) {
            continue;
        }
        copied_at = pages_within(event.copied, event.process.pid, {number, number + 4096}) != 0 ? moment : 0;
        // On a slow machine pages are not read at every line.
        const bool looked = copied_at == 0 && std::holds_alternative<LineEvent>(event.detail) &&
                            recording.world_at(moment).processes[1].pages_moment == moment;
        line_before = looked ? moment : line_before;
    }
    REQUIRE(copied_at != 0);
    CHECK(number_in_child(line_before) == "1");
    CHECK(number_in_child(copied_at) == "2");
}
