// Programs whose debug information, symbols or section table are damaged run as they do without procatlas. The kernel does not
// read these parts. procatlas-reader does read them, but it cannot stop the program from running.
#include <doctest/doctest.h>
#include <elf.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "tests/live/cli_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using nlohmann::json;

namespace {

const std::string original = PROCATLAS_BUILD_DIR "/bin/programs/push_pop";
const std::string sold = "4 apples: 1100 won\n";

std::string program_bytes(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(file), {});
    REQUIRE(bytes.size() > sizeof(Elf64_Ehdr));
    return bytes;
}

void write_program(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
}

template <typename T>
T read_at(const std::string& bytes, std::size_t offset) {
    T value{};
    REQUIRE(offset + sizeof value <= bytes.size());
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

// The end of what the kernel loads. After it come debug information, symbols and section headers.
std::size_t end_of_loaded(const std::string& bytes) {
    const auto header = read_at<Elf64_Ehdr>(bytes, 0);
    std::size_t end = 0;
    for (int i = 0; i < header.e_phnum; ++i) {
        const auto segment = read_at<Elf64_Phdr>(bytes, header.e_phoff + static_cast<std::size_t>(i) * sizeof(Elf64_Phdr));
        end = std::max(end, segment.p_type == PT_LOAD ? static_cast<std::size_t>(segment.p_offset + segment.p_filesz) : 0);
    }
    REQUIRE(end < bytes.size());
    return end;
}

// Changes a few bytes, or a few words, in the part that the kernel does not load.
std::string mutated(std::string bytes, unsigned seed) {
    std::mt19937 random(seed);
    const std::size_t first = end_of_loaded(bytes);
    std::uniform_int_distribution<std::size_t> place(first, bytes.size() - 8);
    const unsigned changes = 1U << (seed % 8);  // up to 128
    for (unsigned i = 0; i < changes; ++i) {
        const std::size_t at = place(random);
        switch (random() % 3) {
            case 0:
                bytes[at] = static_cast<char>(random());
                break;
            case 1:
                bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
                break;
            default:
                bytes.replace(at, 8, 8, random() % 2 == 0 ? '\xff' : '\0');
        }
    }
    return bytes;
}

struct LinesTold {
    std::string output;
    std::size_t calls = 0;
    std::size_t ended = 0;  // programs, with 0
    std::string reasons;    // why something could not be read
};

LinesTold trace_lines(const std::string& command) {
    const json recording = trace_json("--grain lines " + command);
    LinesTold told;
    for (const json& event : recording["events"]) {
        told.output += event["kind"] == "output" ? event["text"].get<std::string>() : "";
        told.calls += event["kind"] == "call" ? 1 : 0;
        told.reasons += event.contains("not_available") ? event["not_available"].get<std::string>() + "\n" : "";
    }
    for (const json& process : recording["processes"]) {
        told.ended += process["exit"]["code"] == 0 ? 1 : 0;
    }
    return told;
}

}  // namespace

TEST_CASE("programs with damaged debug information run to their end, with their output") {
    constexpr unsigned programs = 24;
    const ScratchFolder folder;
    const std::string bytes = program_bytes(original);
    std::string expected;
    for (unsigned seed = 0; seed < programs; ++seed) {
        write_program(folder.path("mutated" + std::to_string(seed)), mutated(bytes, seed));
        expected += sold;
    }
    const LinesTold told = trace_lines("-- sh -c 'for p in " + folder.path("*") + "; do $p; done'");
    CHECK(told.output == expected);
    CHECK(told.ended == programs + 1);
    CHECK(told.calls > programs);  // some programs still have readable debug information
    INFO(told.reasons);
    CHECK(told.reasons.find("not read in time") == std::string::npos);
}

TEST_CASE("a program truncated after its loaded part runs, and is reported to have no debug information") {
    const ScratchFolder folder;
    const std::string bytes = program_bytes(original);
    const std::size_t loaded = end_of_loaded(bytes);
    for (const std::size_t size : {loaded, loaded + 100, (loaded + bytes.size()) / 2, bytes.size() - 1}) {
        CAPTURE(size);
        const std::string path = folder.path("cut" + std::to_string(size));
        write_program(path, bytes.substr(0, size));
        const LinesTold told = trace_lines("-- " + path);
        CHECK(told.output == sold);
        CHECK(told.ended == 1);
        CHECK((told.calls > 0 || !told.reasons.empty()));
    }
}

TEST_CASE("a program of three gigabytes runs to its end, even if its debug information claims to fill them") {
    const ScratchFolder folder;
    std::string bytes = program_bytes(original);
    constexpr std::uintmax_t huge = std::uintmax_t{3} << 30;
    const std::string larger = folder.path("larger");
    write_program(larger, bytes);
    std::filesystem::resize_file(larger, huge);  // sparse
    LinesTold told = trace_lines("-- " + larger);
    CHECK(told.output == sold);
    CHECK(told.calls == 4);

    const auto header = read_at<Elf64_Ehdr>(bytes, 0);
    for (int i = 1; i < header.e_shnum; ++i) {
        const std::size_t at = header.e_shoff + static_cast<std::size_t>(i) * sizeof(Elf64_Shdr);
        auto section = read_at<Elf64_Shdr>(bytes, at);
        if (section.sh_type == SHT_PROGBITS && section.sh_addr == 0) {
            section.sh_size = huge - section.sh_offset;
            std::memcpy(bytes.data() + at, &section, sizeof section);
        }
    }
    const std::string claims = folder.path("claims");
    write_program(claims, bytes);
    std::filesystem::resize_file(claims, huge);
    told = trace_lines("-- " + claims);
    CHECK(told.output == sold);
    CHECK(told.ended == 1);
    CHECK((told.calls == 4 || !told.reasons.empty()));
}
