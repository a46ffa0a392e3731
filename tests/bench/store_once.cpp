// What a recording costs, a part at each start, so that each has its own peak of memory:
// store_once make FILE EVENTS      writes a made-up recording of so many events and 200 processes
// store_once open FILE             reads it, and jumps to 1,000 random moments
// store_once floor FILE            has SQLite alone step through the rows that reading it needs, two tables at once as we do
// store_once snapshots FOLDER      1,000 maps of 100 mappings with 3 changes each: as whole rows, and as a recording
// Prints "name value" lines: milliseconds, MiB, a second.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/store/database.h"
#include "core/store/read_recording.h"
#include "core/store/recording_writer.h"
#include "tests/core/made_up_run.h"

namespace {

using namespace procatlas;
using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

void print(const char* name, double value) {
    std::printf("%s %.3f\n", name, value);
}

// "VmHWM", "VmRSS" of /proc/self/status, in MiB.
double memory_mib(const std::string& name) {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        if (double kib = 0; word == name + ":" && status >> kib) {
            return kib / 1024;
        }
    }
    return 0;
}

[[noreturn]] void give_up(const Error& error) {
    std::fprintf(stderr, "%s\n", error.message.c_str());
    std::exit(1);
}

std::unique_ptr<RecordingWriter> writer_of(const std::filesystem::path& path) {
    auto writer = RecordingWriter::create(path, {"bench", 0, "bench"});
    if (!writer) {
        give_up(writer.error());
    }
    return std::move(*writer);
}

void finish(RecordingWriter& writer, const Recording& recording) {
    if (auto finished = writer.finish(recording); !finished) {
        give_up(finished.error());
    }
}

int make(const std::filesystem::path& path, std::size_t events) {
    MadeUpRun run(1, 120, 60, 200);
    Recording recording;
    const auto writer = writer_of(path);
    double append = 0;
    for (std::size_t i = 0; i < events; ++i) {
        ObservedEvent event = run.next();
        const auto begin = Clock::now();
        recording.append(std::move(event));
        if (i % 256 == 0) {
            writer->follow(recording);
        }
        append += milliseconds_since(begin);
    }
    const auto begin = Clock::now();
    finish(*writer, recording);
    print("processes", static_cast<double>(recording.last_world().processes.size()));
    print("mapping_rows", static_cast<double>(recording.maps().rows().size()));
    print("append_and_follow_us_an_event", append * 1000 / static_cast<double>(events));
    print("finish_ms", milliseconds_since(begin));
    print("file_mib", static_cast<double>(std::filesystem::file_size(path)) / (1 << 20));
    print("peak_mib", memory_mib("VmHWM"));
    return 0;
}

int open(const std::filesystem::path& path) {
    const auto begin = Clock::now();
    const auto loaded = read_recording(path);
    if (!loaded) {
        give_up(loaded.error());
    }
    print("open_ms", milliseconds_since(begin));
    print("open_peak_mib", memory_mib("VmHWM"));
    print("open_kept_mib", memory_mib("VmRSS"));
    std::mt19937 random(1);
    std::vector<double> jumps;
    for (int i = 0; i < 1000; ++i) {
        const std::size_t moment = random() % loaded->recording.events().size();
        const auto start = Clock::now();
        const World world = loaded->recording.world_at(moment);
        jumps.push_back(milliseconds_since(start));
        if (world.event_count != moment + 1) {
            return 1;
        }
    }
    std::ranges::sort(jumps);
    print("jump_median_ms", jumps[jumps.size() / 2]);
    print("jump_99_of_100_ms", jumps[jumps.size() * 99 / 100]);
    print("jump_longest_ms", jumps.back());
    print("peak_mib", memory_mib("VmHWM"));
    return 0;
}

void step_through(const std::filesystem::path& path, const char* query) {
    auto database = Database::open(path, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX);
    if (!database) {
        give_up(database.error());
    }
    if (auto done = database->run(query); !done) {
        give_up(done.error());
    }
}

int floor(const std::filesystem::path& path) {
    const auto begin = Clock::now();
    auto rest = std::async(std::launch::async, [&] {
        step_through(
            path,
            "SELECT max(id), max(process), max(since), max(until), max(start), max(end), max(permissions), max(offset),"
            " max(file) FROM mapping");
    });
    step_through(path,
                 "SELECT max(moment), max(length(body)), max(mappings), max(child_mappings), max(torn), max(address),"
                 " max(length) FROM event");
    rest.get();
    print("floor_ms", milliseconds_since(begin));
    return 0;
}

std::vector<std::shared_ptr<const AddressSpace>> snapshots() {
    AddressSpace space;
    std::mt19937 random(1);
    for (std::size_t i = 0; i < 100; ++i) {
        const Address at = 0x7f00'0000'0000 + i * 0x10'0000;
        space.mappings.push_back({{at, at + 4096}, {true, false, false, false}, 0, 8, 1, 1000 + i / 5, {}});
        static const std::vector<std::string> names = [] {
            std::vector<std::string> made;
            for (int n = 0; n < 20; ++n) {
                made.push_back("/usr/lib/x86_64-linux-gnu/libnumber" + std::to_string(n) + ".so.1");
            }
            return made;
        }();
        space.mappings.back().name = names[i / 5];
    }
    std::vector<std::shared_ptr<const AddressSpace>> made;
    for (int i = 0; i < 1000; ++i) {
        for (int change = 0; change < 3; ++change) {
            Mapping& chosen = space.mappings[random() % 100];
            chosen.range.end = chosen.range.start + 4096 * (1 + random() % 200);
        }
        made.push_back(std::make_shared<const AddressSpace>(space));
    }
    return made;
}

// One transaction for 10 snapshots, as the same time of events would be for us.
double whole_rows(const std::filesystem::path& path, const std::vector<std::shared_ptr<const AddressSpace>>& maps) {
    auto database = Database::open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (!database) {
        give_up(database.error());
    }
    (void)database->run(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "CREATE TABLE mapping(moment INTEGER, process INTEGER, start INTEGER, end INTEGER, permissions TEXT,"
        " offset INTEGER, device INTEGER, inode INTEGER, name TEXT)");
    const auto begin = Clock::now();
    auto insert = database->prepare("INSERT INTO mapping VALUES(?, 0, ?, ?, ?, ?, ?, ?, ?)");
    for (std::size_t i = 0; i < maps.size(); ++i) {
        if (i % 10 == 0) {
            (void)database->run("BEGIN");
        }
        for (const Mapping& m : maps[i]->mappings) {
            const std::string permissions = permissions_text(m.permissions);
            insert->integer(i);
            insert->integer(m.range.start);
            insert->integer(m.range.end);
            insert->text(permissions);
            insert->integer(m.offset);
            insert->integer(std::uint64_t{m.device_major} << 8 | m.device_minor);
            insert->integer(m.inode);
            insert->text(m.name);
            insert->step();
        }
        if (i % 10 == 9) {
            (void)database->run("COMMIT");
        }
    }
    (void)database->run("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE");  // one whole file, as ours is
    return milliseconds_since(begin);
}

// The whole way: into the recording, over to the thread, into the file.
double recorded(const std::filesystem::path& path, const std::vector<std::shared_ptr<const AddressSpace>>& maps) {
    const auto writer = writer_of(path);
    Recording recording;
    ObservedEvent event;
    event.process = {10, 1};
    event.thread = 10;
    event.detail = StartEvent{1, {"bench"}, "/"};
    recording.append(event);
    event.detail = MemoryEvent{MemoryCall::mmap, 0, 4096, 0x7f00'0000'0000, 0, 3};
    const auto begin = Clock::now();
    for (std::size_t i = 0; i < maps.size(); ++i) {
        event.time_ns = i * 1000;
        event.memory = maps[i];
        recording.append(event);
        if (i % 10 == 9) {
            writer->follow(recording);
        }
    }
    finish(*writer, recording);
    return milliseconds_since(begin);
}

int compare(const std::filesystem::path& folder) {
    const auto maps = snapshots();
    const double rows = whole_rows(folder / "rows.db", maps);
    const double ours = recorded(folder / "ours.procatlas", maps);
    const auto size = [&](const char* name) { return static_cast<double>(std::filesystem::file_size(folder / name)); };
    print("whole_rows_a_second", 1000.0 * 1000 / rows);
    print("recorded_a_second", 1000.0 * 1000 / ours);
    print("whole_rows_kib", size("rows.db") / 1024);
    print("recorded_kib", size("ours.procatlas") / 1024);
    print("speed_ratio", rows / ours);
    print("size_ratio", size("rows.db") / size("ours.procatlas"));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 2 ? argv[1] : "";
    if (what == "make" && argc == 4) {
        return make(argv[2], std::strtoull(argv[3], nullptr, 10));
    }
    if (what == "open") {
        return open(argv[2]);
    }
    if (what == "floor") {
        return floor(argv[2]);
    }
    if (what == "snapshots") {
        return compare(argv[2]);
    }
    std::fputs("store_once make FILE EVENTS | open FILE | floor FILE | snapshots FOLDER\n", stderr);
    return 2;
}
