// The inside of real processes, as the command line reports it: calls, frames, variables, chunks.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/base/address.h"
#include "tests/live/cli_support.h"

using namespace procatlas;
using nlohmann::json;

namespace {

std::string all_output(const json& recording) {
    std::string text;
    for (const json& event : recording["events"]) {
        text += event["kind"] == "output" ? event["text"].get<std::string>() : "";
    }
    return text;
}

const json& variable(const json& frame, const std::string& name) {
    for (const json& one : frame["variables"]) {
        if (one["name"] == name) {
            return one;
        }
    }
    FAIL("no variable " << name);
    return frame;
}

Address address_of(const json& text) {
    return std::stoull(text.get<std::string>(), nullptr, 16);
}

}  // namespace

TEST_CASE("push_pop: each call pushes a frame below the last one, each return pops it") {
    const json recording = trace_json("--grain calls --example push_pop");
    std::vector<std::string> order;
    std::size_t depth = 0;
    for (const json& event : recording["events"]) {
        const std::string kind = event["kind"];
        if (kind != "call" && kind != "return") {
            continue;
        }
        order.push_back(kind + " " + event["function"].get<std::string>());
        const json& frames = event["frames"];
        if (kind == "call") {
            CHECK(frames.size() > depth);
            REQUIRE(frames[0]["function"] == event["function"]);
            CHECK(address_of(frames[0]["end"]) <= address_of(frames[1]["start"]));
            CHECK(frames[0]["own"] == true);
            for (const json& one : frames[0]["variables"]) {
                CHECK(one["region"] == "stack");
            }
        } else {
            CHECK(frames.size() < depth);
        }
        depth = frames.size();
        if (order.back() == "call add_tax") {
            CHECK(variable(frames[0], "price")["value"] == "1000");
            CHECK(variable(frames[1], "each")["value"] == "250");
            CHECK(variable(frames[2], "what")["value"].get<std::string>().ends_with("\"apples\""));
        }
        if (order.back() == "return add_tax") {
            CHECK(address_of(event["value"]) == 1100);
        }
    }
    CHECK(order == std::vector<std::string>{"call main", "call sell", "call price_of", "call add_tax", "return add_tax",
                                            "return price_of", "return sell", "return main"});
    CHECK(all_output(recording) == "4 apples: 1100 won\n");
}

TEST_CASE("recursion: ten frames of the same function return their results to one another") {
    const json recording = trace_json("--grain calls --only factorial --example recursion");
    std::size_t calls = 0;
    std::vector<Address> results;
    for (const json& event : recording["events"]) {
        if (event["kind"] == "call") {
            CHECK(event["function"] == "factorial");
            CHECK(variable(event["frames"][0], "n")["value"] == std::to_string(10 - calls));
            ++calls;
        } else if (event["kind"] == "return") {
            results.push_back(address_of(event["value"]));
        }
    }
    CHECK(calls == 10);
    REQUIRE(results.size() == 10);
    CHECK(results.back() == 3628800);
}

TEST_CASE("no grain changes a program's output or how it ends") {
    for (const std::string grain : {"lifecycle", "memory", "calls", "lines", "instructions"}) {
        CAPTURE(grain);
        const json recording = trace_json("--grain " + grain + " --example globals");
        CHECK(all_output(recording) == "43 49 7 changed 1.25\n");
        CHECK(recording["processes"][0]["exit"]["code"] == 0);
        if (grain == "instructions") {
            continue;  // a shell has millions of them
        }
        const json script = trace_json("--grain " + grain + " -- bash -c 'echo a | cat; exit 3'");
        CHECK(all_output(script) == "a\n");
        CHECK(script["processes"][0]["exit"]["code"] == 3);
    }
}

TEST_CASE("globals are in the expected regions, and keep their last values") {
    const json recording = trace_json("--grain lines --example globals");
    std::string regions;
    for (const json& global : recording["processes"][0]["globals"]) {
        const std::string name = global["name"];
        regions += name == "initialised" || name == "uninitialised" || name == "constant"
                       ? name + " " + global["region"].get<std::string>() + " " + global["value"].get<std::string>() + "\n"
                       : "";
    }
    CHECK(regions.find("initialised data 43") != std::string::npos);
    CHECK(regions.find("uninitialised bss 49") != std::string::npos);
    CHECK(regions.find("constant read_only_data 7") != std::string::npos);
}

TEST_CASE("heap_grow: the chunks at each output agree with the blocks that the program prints") {
    const json recording = trace_json("--grain calls --example heap_grow");
    const json& process = recording["processes"][0];
    bool seen_heap = false;
    for (const json& region : process["regions"]) {
        if (region["kind"] == "heap") {
            seen_heap = true;
            REQUIRE(!region["chunks"].empty());
            Address end = address_of(region["start"]);
            for (const json& chunk : region["chunks"]) {  // without gaps, up to brk
                CHECK(address_of(chunk["start"]) == end);
                end += chunk["size"].get<Address>();
            }
            CHECK(end == address_of(process["brk"]));
            CHECK(region["chunks"].back()["state"] == "top");
        }
    }
    CHECK(seen_heap);
}

TEST_CASE("of 2,000 calls of mprotect all are told, and where the inside was not read the event says why") {
    const json recording = trace_json("--grain calls -- " PROCATLAS_BUILD_DIR "/bin/fixtures/protects_often");
    int told = 0;
    int with_frames = 0;
    int passed_over = 0;
    for (const json& event : recording["events"]) {
        if (event["kind"] != "memory" || event["call"] != "mprotect") {
            continue;
        }
        ++told;
        const bool read = event.contains("frames");
        const std::string why = event.value("not_available", "");
        with_frames += read ? 1 : 0;
        passed_over += why.find("too quickly") != std::string::npos ? 1 : 0;
        CHECK(read != (why.find("too quickly") != std::string::npos));
    }
    CHECK(told >= 2000);  // the dynamic linker makes some more
    CHECK(with_frames > 0);
    CHECK(passed_over > 0);
    CHECK(all_output(recording) == "done\n");
}
