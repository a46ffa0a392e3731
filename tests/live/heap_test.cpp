// After each step, the chunks of the heap and its end agree with the program's own pointers and with the kernel.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "core/inspect/client/reader_client.h"
#include "tests/live/cli_support.h"
#include "tests/live/grain_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using namespace procatlas::live;
using nlohmann::json;

namespace {

Address address_in(const json& text) {
    return std::stoull(text.get<std::string>(), nullptr, 16);
}

// What heap_grow has said so far about its blocks and the end of its heap.
struct Said {
    std::map<Address, ByteCount> usable;  // of the blocks in use
    std::vector<Address> order;
    std::vector<Address> freed;
    Address heap_end = 0;

    // "malloc 0x5000, usable 40968, heap ends at 0x9000" · "large ..." · "free, heap ends at 0x9000": of the last small block.
    void hear(const std::string& line) {
        std::istringstream words(line.substr(line.find("ends at ") + 8));
        words >> std::hex >> heap_end;
        if (line.starts_with("free")) {
            REQUIRE(!order.empty());
            usable.erase(order.back());
            freed.push_back(order.back());
            order.pop_back();
            return;
        }
        const Address block = std::stoull(line.substr(line.find(' ')), nullptr, 16);
        usable[block] = std::stoull(line.substr(line.find("usable ") + 7));
        if (line.starts_with("malloc")) {
            order.push_back(block);
        }
    }
};

// All chunks of the process's regions, by the address that malloc returned.
std::map<Address, json> chunks_in(const json& process) {
    std::map<Address, json> chunks;
    for (const json& region : process["regions"]) {
        if (!region.contains("chunks")) {
            continue;
        }
        for (const json& chunk : region["chunks"]) {
            chunks[address_in(chunk["start"]) + 16] = chunk;
        }
    }
    return chunks;
}

void check_chunks(const json& process, const Said& said) {
    const auto chunks = chunks_in(process);
    for (const auto& [block, usable] : said.usable) {
        CAPTURE(block);
        REQUIRE(chunks.contains(block));
        const bool mapped = usable > 1 << 20;
        CHECK(chunks.at(block)["state"] == (mapped ? "mapped" : "in_use"));
        CHECK(chunks.at(block)["size"] == usable + (mapped ? 16 : 8));
    }
    for (const Address block : said.freed) {  // joined with a neighbouring free chunk, or given back to the kernel
        auto holds = chunks.upper_bound(block);
        if (block < said.heap_end) {
            REQUIRE(holds != chunks.begin());
            const std::string state = (*std::prev(holds)).second["state"];
            CHECK_MESSAGE((state == "free" || state == "top"), state);
        }
    }
    // There are no unknown blocks: the small ones belong to the program, or to the allocator itself.
    const auto small = static_cast<std::size_t>(
        std::ranges::count_if(chunks, [](const auto& chunk) { return chunk.second["state"] == "in_use"; }));
    CHECK(small == said.order.size());
}

std::string file_text(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

// A field of /proc/PID/stat, by its number in proc(5).
Address start_of_heap(std::int32_t pid) {
    const std::string stat = file_text("/proc/" + std::to_string(pid) + "/stat");
    std::istringstream fields(stat.substr(stat.rfind(')') + 2));
    const std::vector<std::string> all(std::istream_iterator<std::string>(fields), {});
    constexpr std::size_t start_brk = 47;
    constexpr std::size_t behind_name = 3;
    return std::stoull(all.at(start_brk - behind_name));
}

Address end_of_heap(std::int32_t pid) {
    std::istringstream maps(file_text("/proc/" + std::to_string(pid) + "/maps"));
    for (std::string line; std::getline(maps, line);) {
        if (line.ends_with("[heap]")) {
            return std::stoull(line.substr(line.find('-') + 1), nullptr, 16);
        }
    }
    return 0;
}

}  // namespace

TEST_CASE("heap_grow: at each output the chunks and the end of the heap are those that the program prints") {
    const ScratchFolder folder;
    const std::string file = folder.path("heap.procatlas");
    const json recording = trace_json("--grain lines -o " + file + " --example heap_grow");
    Said said;
    std::size_t steps = 0;
    for (const json& event : recording["events"]) {
        if (event["kind"] != "output") {
            continue;
        }
        ++steps;
        const std::string text = event["text"];
        CAPTURE(text);
        said.hear(text);
        const Ran ran = run_procatlas("show " + file + " --as json --moment " + std::to_string(event["moment"].get<int>()));
        const json moment = json::parse(ran.output, nullptr, false);
        REQUIRE(!moment.is_discarded());
        const json& process = moment["processes"][0];
        CHECK(address_in(process["brk"]) == said.heap_end);
        check_chunks(process, said);
    }
    CHECK(steps == 13);
    CHECK(said.usable.size() == 1);  // the large one
}

TEST_CASE("heap_grow: at any time the heap begins as in /proc/PID/stat, and ends as in the kernel's map and brk") {
    const std::string path = sample("heap_grow");
    const PlannedProgram program(path);
    ReaderClient reader(std::chrono::seconds(10));
    std::size_t looked = 0;
    Address last_brk = 0;
    const auto look = [&](const ObservedEvent& event, Observer&) {
        if (const auto* call = std::get_if<MemoryEvent>(&event.detail); call && call->call == MemoryCall::brk) {
            last_brk = call->result;
        }
        const bool inside_program =
            std::holds_alternative<CallEvent>(event.detail) || std::holds_alternative<ReturnEvent>(event.detail);
        if (!inside_program || !event.waits || last_brk == 0) {
            return;
        }
        const std::int32_t pid = event.process.pid;
        REQUIRE(event.registers);
        const auto inside = ask_and_wait(reader, InsideRequest{pid, event.thread, *event.registers, true});
        REQUIRE_MESSAGE(inside, inside.error().message);
        std::vector<HeapChunk> chunks = inside->heap->chunks;
        std::erase_if(chunks, [](const HeapChunk& chunk) { return chunk.state == ChunkState::mapped; });
        if (chunks.empty()) {
            return;  // no malloc yet
        }
        CHECK(chunks.front().start == start_of_heap(pid));
        CHECK(chunks.back().start + chunks.back().size == end_of_heap(pid));
        CHECK(last_brk == end_of_heap(pid));
        ++looked;
    };
    LaunchCommand launch = finely({path}, Grain::calls);
    launch.watch_memory = true;
    const Run r = run_finely(launch, &program, look);
    REQUIRE(r.ended);
    CHECK(status_of(r.recording) == 0);
    CHECK(looked >= 16);  // tell, grow, shrink and main
}
