// What procatlas-reader finds inside a stopped process is the same as what gdb, or the process itself, says.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/inspect/client/reader_client.h"
#include "tests/core/stopped_fixture.h"
#include "tests/support/run_line.h"

using namespace procatlas;

namespace {

const std::string fixtures = PROCATLAS_BUILD_DIR "/bin/fixtures/";

Inside look_inside(ReaderClient& client, const StoppedFixture& program) {
    const auto inside = ask_and_wait(client, InsideRequest{program.pid(), program.pid(), program.registers(), true, true});
    REQUIRE_MESSAGE(inside, inside.error().message);
    CHECK(inside->error.empty());
    return *inside;
}

// What gdb prints for a script of commands, line by line.
class Debugger {
public:
    explicit Debugger(pid_t pid) : pid_(pid) {}
    void ask(const std::string& command) { script_ += command + "\n"; }
    void mark(const std::string& mark) { ask("echo @" + mark + "\\n"); }

    // For each mark, the output that follows it.
    std::map<std::string, std::vector<std::string>> run() {
        std::string file = (std::filesystem::temp_directory_path() / "procatlas-gdb-XXXXXX").string();
        const int fd = ::mkstemp(file.data());
        REQUIRE(fd >= 0);
        ::close(fd);
        std::ofstream(file) << "set width 0\nset confirm off\n" << script_ << "echo @end\\n\n";
        const std::string command = "DEBUGINFOD_URLS= LC_ALL=C.UTF-8 timeout 100 gdb -nx -batch -p " + std::to_string(pid_) +
                                    " -x " + file + " 2>/dev/null";
        const Ran ran = run_line(command);
        CHECK(ran.status == 0);
        std::map<std::string, std::vector<std::string>> answers;
        std::string at;
        std::istringstream lines(ran.output);
        for (std::string text; std::getline(lines, text);) {
            if (text.starts_with('@')) {
                at = text.substr(1);
            } else if (!at.empty()) {
                answers[at].push_back(text);
            }
        }
        std::filesystem::remove(file);
        return answers;
    }

private:
    pid_t pid_;
    std::string script_;
};

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
        text += line + "\n";
    }
    return text;
}

std::string hex(Address address) {
    std::ostringstream out;
    out << "0x" << std::hex << address;
    return out.str();
}

void ask_about(Debugger& gdb, const std::string& mark, const Variable& variable) {
    gdb.mark(mark + variable.name);
    gdb.ask("output/x (unsigned long)&" + variable.name);
    gdb.ask("echo \\n");
    gdb.ask("whatis " + variable.name);
}

void check_variable(const std::vector<std::string>& told, const Variable& variable) {
    INFO(variable.name);
    REQUIRE(told.size() == 2);
    CHECK(told[0] == hex(variable.address));
    CHECK(told[1] == "type = " + variable.type);
}

}  // namespace

TEST_CASE("frames, variables, addresses, types and values are what gdb prints") {
    StoppedFixture program(fixtures + "frames");
    program.run_to_stop();
    ReaderClient client;
    const Registers registers = program.registers();
    const Inside inside = look_inside(client, program);
    program.let_go();

    const auto& frames = inside.stack->frames;
    CHECK(inside.stack->why_cut.empty());
    REQUIRE(frames.size() >= 9);
    Debugger gdb(program.pid());
    for (std::size_t i = 0; i < 8; ++i) {
        const std::string number = std::to_string(i);
        gdb.mark("frame" + number);
        gdb.ask("frame " + number);
        gdb.ask("info frame");
        gdb.mark("values" + number);
        gdb.ask("info args");
        gdb.ask("info locals");
        for (const Variable& variable : frames[i]->variables) {
            ask_about(gdb, "variable" + number, variable);
        }
    }
    auto told = gdb.run();

    for (std::size_t i = 0; i < 8; ++i) {
        const StackFrame& frame = *frames[i];
        const std::string number = std::to_string(i);
        INFO("frame ", i);
        const std::string about = joined(told["frame" + number]);
        CHECK_MESSAGE(about.find("frame at " + hex(frame.extent.end) + ":") != about.npos, about);
        CHECK_MESSAGE(about.find("saved rip = " + hex(frame.return_address)) != about.npos, about);
        CHECK_MESSAGE(about.find(" in " + frame.function + " (") != about.npos, about);
        CHECK_MESSAGE(about.find("frames.c:" + std::to_string(frame.line) + ")") != about.npos, about);
        CHECK(frame.own);
        CHECK(frame.file == std::string(PROCATLAS_SOURCE_DIR) + "/tests/fixtures/programs/frames.c");
        CHECK(frame.extent.start == (i == 0 ? registers[7] : frames[i - 1]->extent.end));

        std::multiset<std::string> values;
        for (const Variable& variable : frame.variables) {
            CHECK_MESSAGE(variable.why_not.empty(), variable.name);
            values.insert(variable.name + " = " + variable.value);
            check_variable(told["variable" + number + variable.name], variable);
        }
        std::multiset<std::string> expected(told["values" + number].begin(), told["values" + number].end());
        std::erase_if(expected,
                      [](const std::string& line) { return line.starts_with("calls = "); });  // a static, so a global for us
        CHECK(values == expected);
    }
    CHECK(frames.back()->function == "_start");
}

TEST_CASE("globals and statics are where and what gdb says, ascending by address") {
    StoppedFixture program(fixtures + "frames");
    program.run_to_stop();
    ReaderClient client;
    const Inside inside = look_inside(client, program);
    program.let_go();

    std::vector<Variable> placed;
    Debugger gdb(program.pid());
    for (const Variable& variable : *inside.globals) {
        if (variable.name == "of_thread") {
            CHECK(variable.value.empty());
            CHECK(variable.why_not.find("thread-local") != std::string::npos);
            continue;
        }
        placed.push_back(variable);
        ask_about(gdb, "variable", variable);
        gdb.mark("value" + variable.name);
        gdb.ask("output " + variable.name);
        gdb.ask("echo \\n");
    }
    CHECK(placed.size() == 8);
    CHECK(std::ranges::is_sorted(placed, {}, &Variable::address));
    auto told = gdb.run();
    for (const Variable& variable : placed) {
        check_variable(told["variable" + variable.name], variable);
        CHECK(joined(told["value" + variable.name]) == variable.value + "\n");
    }
}

TEST_CASE("the plan stops in each function where gdb would, and only at statements inside functions") {
    StoppedFixture program(fixtures + "frames");
    program.run_to_stop();
    ReaderClient client;
    const auto plan = ask_and_wait(client, PlanRequest{program.pid()});
    REQUIRE_MESSAGE(plan, plan.error().message);
    program.let_go();

    std::vector<std::string> names;
    Debugger gdb(program.pid());
    for (const FunctionSpot& spot : plan->functions) {
        names.push_back(spot.name);
        gdb.mark(spot.name);
        gdb.ask("tbreak " + spot.name);
        gdb.ask("info symbol " + hex(spot.entry));
    }
    gdb.mark("entry");
    gdb.ask("info symbol " + hex(plan->entry));
    auto told = gdb.run();
    std::ranges::sort(names);
    CHECK(names == std::vector<std::string>{"deepest", "main", "square", "with_arrays"});
    for (const FunctionSpot& spot : plan->functions) {
        const std::string answer = joined(told[spot.name]);
        CHECK_MESSAGE(answer.find(" at " + hex(spot.body) + ":") != answer.npos, answer);
        CHECK_MESSAGE(answer.find(spot.name + " in section .text") != answer.npos, answer);
    }
    CHECK(joined(told["entry"]).starts_with("_start in section .text"));

    REQUIRE(plan->own_code.size() == 1);
    CHECK(plan->lines.size() > 20);
    CHECK(std::ranges::is_sorted(plan->lines));
    for (const Address line : plan->lines) {
        CHECK(plan->own_code[0].contains(line));
        CHECK(line > plan->functions.front().entry);
        CHECK(std::ranges::none_of(plan->functions, [&](const FunctionSpot& spot) { return spot.entry == line; }));
    }
}

TEST_CASE("the chunks of the heap agree with the program's own pointers and malloc_usable_size") {
    StoppedFixture program(fixtures + "chunks");
    program.run_to_stop();
    ReaderClient client;
    const Inside inside = look_inside(client, program);
    CHECK(inside.heap->why_not.empty());
    std::map<Address, HeapChunk> chunks;  // by what malloc returned
    Address end = 0;
    for (const HeapChunk& chunk : inside.heap->chunks) {
        chunks[chunk.start + 16] = chunk;
        if (chunk.state != ChunkState::mapped) {
            CHECK((end == 0 || chunk.start == end));  // without gaps
            end = chunk.start + chunk.size;
        }
    }
    std::istringstream output(program.output());
    int blocks = 0;
    for (std::string first, second; output >> first && first != "ready"; ++blocks) {
        output >> second;
        const bool freed = first == "free";
        const Address block = std::stoull(freed ? second : first, nullptr, 16);
        INFO(first, " ", second);
        REQUIRE(chunks.contains(block));
        const HeapChunk& chunk = chunks[block];
        if (freed) {
            CHECK(chunk.state == ChunkState::free);
            continue;
        }
        const ByteCount usable = std::stoull(second);
        const bool mapped = usable >= 1 << 20;
        CHECK(chunk.state == (mapped ? ChunkState::mapped : ChunkState::in_use));
        CHECK(chunk.size == usable + (mapped ? 16 : 8));
    }
    CHECK(blocks == 75);
    const auto count = [&](ChunkState state) { return std::ranges::count(inside.heap->chunks, state, &HeapChunk::state); };
    CHECK(count(ChunkState::top) == 1);
    CHECK(count(ChunkState::mapped) == 2);
    CHECK(count(ChunkState::free) == 32);  // only chunks that the program has freed
    CHECK(count(ChunkState::in_use) == 41);
    CHECK(count(ChunkState::bookkeeping) == 1);  // memory that the allocator uses itself
}

TEST_CASE("bytes of the stack reach from below the stack pointer up, and are the process's own") {
    StoppedFixture program(fixtures + "frames");
    program.run_to_stop();
    ReaderClient client;
    const Registers registers = program.registers();
    const Inside inside = look_inside(client, program);
    const Stack& stack = *inside.stack;
    CHECK(stack.bytes_start == registers[7] - 1024);
    CHECK(stack.bytes_start + stack.bytes.size() > stack.frames.back()->extent.end);
    const auto same =
        ask_and_wait(client, BytesRequest{program.pid(), {stack.bytes_start, stack.bytes_start + stack.bytes.size()}});
    REQUIRE(same);
    CHECK(same->bytes == stack.bytes);
    CHECK(same->why_cut.empty());
}

TEST_CASE("bytes are cut where nothing is mapped, and too many at once are refused") {
    StoppedFixture program(fixtures + "frames");
    program.run_to_stop();
    ReaderClient client;
    const auto nothing = ask_and_wait(client, BytesRequest{program.pid(), {0, 64}});
    REQUIRE(nothing);
    CHECK(nothing->bytes.empty());
    CHECK(nothing->why_cut.find("nothing is mapped") != std::string::npos);
    CHECK_FALSE(ask_and_wait(client, BytesRequest{program.pid(), {0, bytes_request_limit + 1}}));
    CHECK_FALSE(ask_and_wait(client, BytesRequest{program.pid(), {64, 0}}));
    CHECK_FALSE(ask_and_wait(client, BytesRequest{999'999'999, {0, 64}}));
}

TEST_CASE("a function's code is whole, without breakpoints, with its lines and the names of what it calls and uses") {
    StoppedFixture program(fixtures + "frames");
    program.run_to_stop();
    ReaderClient client;
    const Inside inside = look_inside(client, program);
    const auto& frames = inside.stack->frames;
    const auto main_frame = std::ranges::find(frames, "main", [](const auto& f) { return f->function; });
    REQUIRE(main_frame != frames.end());
    const Address counter = (*main_frame)->program_counter - 1;
    const auto plain = ask_and_wait(client, FunctionRequest{program.pid(), counter});
    REQUIRE_MESSAGE(plain, plain.error().message);
    program.set_breakpoint(plain->start);
    const auto code = ask_and_wait(client, FunctionRequest{program.pid(), counter});
    REQUIRE(code);
    CHECK(*code == *plain);
    CHECK(code->function == "main");
    CHECK(code->range().contains(counter));
    CHECK(code->program.ends_with("/frames"));
    Address at = code->start;
    std::set<std::string> names;
    for (const Instruction& instruction : code->instructions) {
        CHECK(instruction.address == at);
        at += instruction.size;
        names.insert(instruction.target_name);
    }
    CHECK(at == code->range().end);
    CHECK(code->instructions.front().line != 0);
    // It calls the function of the next inner frame.
    CHECK(names.contains((*std::prev(main_frame))->function));

    Debugger gdb(program.pid());
    program.let_go();
    gdb.mark("code");
    gdb.ask("disassemble " + hex(counter));
    const auto told = gdb.run();
    REQUIRE(told.contains("code"));
    // As many instructions as gdb finds: one in each line of its output except the first and the last.
    CHECK(told.at("code").size() == code->instructions.size() + 2);
    CHECK_FALSE(ask_and_wait(client, FunctionRequest{program.pid(), 16}));
    CHECK_FALSE(ask_and_wait(client, FunctionRequest{program.pid(), frames.front()->extent.start}));  // the stack is not code
}

TEST_CASE("the pieces of memory hold the values of the globals in the data and the beginning of the heap") {
    StoppedFixture program(fixtures + "frames");
    program.run_to_stop();
    ReaderClient client;
    const auto inside =
        ask_and_wait(client, InsideRequest{program.pid(), program.pid(), program.registers(), true, true, true});
    REQUIRE(inside);
    REQUIRE(inside->pieces);
    const auto holding = [&](Address address) {
        return std::ranges::find_if(inside->pieces->pieces, [&](const auto& piece) {
            return address >= piece->start && address - piece->start < piece->bytes.size();
        });
    };
    std::size_t found = 0;
    for (const Variable& variable : *inside->globals) {
        const auto piece = holding(variable.address);
        if (piece == inside->pieces->pieces.end()) {
            continue;  // constants are in read-only data
        }
        const auto bytes = ask_and_wait(client, BytesRequest{program.pid(), {variable.address, variable.address + 1}});
        REQUIRE(bytes);
        CHECK((*piece)->bytes[variable.address - (*piece)->start] == bytes->bytes[0]);
        ++found;
    }
    CHECK(found >= 4);
    REQUIRE(!inside->heap->chunks.empty());
    CHECK(holding(inside->heap->chunks.front().start) != inside->pieces->pieces.end());
}

TEST_CASE("source text is read from regular files only") {
    ReaderClient client;
    const std::string path = std::string(PROCATLAS_SOURCE_DIR) + "/tests/fixtures/programs/frames.c";
    const auto source = ask_and_wait(client, SourceRequest{::getpid(), path});
    REQUIRE(source);
    CHECK(source->text.find("int with_arrays(") != std::string::npos);
    CHECK_FALSE(ask_and_wait(client, SourceRequest{::getpid(), "/dev/zero"}));
    CHECK_FALSE(ask_and_wait(client, SourceRequest{::getpid(), "/missing"}));
}

TEST_CASE("a page that never arrives delays one question but not the next, and the program is unchanged") {
    StoppedFixture program(fixtures + "page_never_comes");
    program.run_to_stop();
    const std::string page = program.output();
    if (page.starts_with("refused")) {
        MESSAGE("not tested: userfaultfd is refused here");
        return;
    }
    ReaderClient client(std::chrono::milliseconds(300));
    const Address address = std::stoull(page, nullptr, 16);
    const auto late = ask_and_wait(client, BytesRequest{program.pid(), {address, address + 16}});
    // Newer versions of Linux say at once that /proc/PID/mem cannot read such a page. In older ones the reader waits for ever.
    const bool waits = !late;
    CHECK((waits || late->bytes.empty()));
    // A variable points to that page too, so reading its text waits as well.
    const auto inside = ask_and_wait(client, InsideRequest{program.pid(), program.pid(), program.registers(), false, false});
    CHECK(inside.has_value() != waits);
    for (const auto& error :
         {late ? std::string("in time") : late.error().message, inside ? "in time" : inside.error().message}) {
        CHECK(error.find("in time") != std::string::npos);
    }
    const Address stack = program.registers()[7];
    CHECK(ask_and_wait(client, BytesRequest{program.pid(), {stack, stack + 16}}));
}

TEST_CASE("the frames continue past a signal handler with its own stack, and past a library function") {
    StoppedFixture program(fixtures + "signal_frame");
    program.run_to_stop();
    ReaderClient client;
    const Inside inside = look_inside(client, program);
    program.let_go();
    CHECK(inside.stack->why_cut.empty());
    std::vector<std::string> own;
    Debugger gdb(program.pid());
    for (const auto& frame : inside.stack->frames) {
        if (frame->own && frame->function != "_start") {
            own.push_back(frame->function);
            gdb.mark(frame->function);
            gdb.ask("frame function " + frame->function);
            gdb.ask("info frame");
        }
    }
    CHECK(own == std::vector<std::string>{"on_signal", "compare", "main"});
    CHECK(inside.stack->frames[1]->function == "<signal handler called>");
    auto told = gdb.run();
    for (const auto& frame : inside.stack->frames) {
        if (frame->own && frame->function != "_start") {
            const std::string about = joined(told[frame->function]);
            CHECK_MESSAGE(about.find("frame at " + hex(frame->extent.end) + ":") != about.npos, about);
            CHECK_MESSAGE(about.find("signal_frame.c:" + std::to_string(frame->line) + ")") != about.npos, about);
        }
    }
}

TEST_CASE("a program's own malloc is named, and no chunk of its heap is told as glibc's") {
    StoppedFixture program(fixtures + "own_malloc");
    program.run_to_stop();
    ReaderClient client;
    const Inside inside = look_inside(client, program);
    CHECK(inside.heap->chunks.empty());
    CHECK(inside.heap->why_not.find("an allocator of its own: its blocks are not known") != std::string::npos);
    CHECK(inside.heap->why_not.find("own_malloc") != std::string::npos);
}

TEST_CASE("the chunks before, between and behind the program's own sbrk agree with the program's own pointers") {
    StoppedFixture program(fixtures + "foreign_heap");
    program.run_to_stop();
    ReaderClient client;
    const Inside inside = look_inside(client, program);
    CHECK(inside.heap->why_not.find("parts of the heap are not malloc's") != std::string::npos);
    std::map<Address, HeapChunk> chunks;  // by what malloc returned
    Address end = 0;
    for (const HeapChunk& chunk : inside.heap->chunks) {
        chunks[chunk.start + 16] = chunk;
        CHECK(chunk.start >= end);
        end = chunk.start + chunk.size;
    }
    std::istringstream output(program.output());
    int blocks = 0;
    for (std::string first, second; output >> first && first != "ready"; ++blocks) {
        output >> second;
        if (first == "free") {
            const auto within = std::ranges::find_if(inside.heap->chunks, [&](const HeapChunk& chunk) {
                return chunk.start < std::stoull(second, nullptr, 16) &&
                       std::stoull(second, nullptr, 16) < chunk.start + chunk.size;
            });
            REQUIRE(within != inside.heap->chunks.end());
            CHECK(within->state == ChunkState::free);
            continue;
        }
        const HeapChunk& chunk = chunks[std::stoull(first, nullptr, 16)];
        INFO(first, " ", second);
        CHECK(chunk.state == ChunkState::in_use);
        CHECK(chunk.size == std::stoull(second) + 8);
    }
    CHECK(blocks == 160);
    CHECK(std::ranges::count(inside.heap->chunks, ChunkState::bookkeeping, &HeapChunk::state) == 1);
}

TEST_CASE("an incomplete list of chunks is reported as incomplete") {
    StoppedFixture program(fixtures + "thread_arena");
    program.run_to_stop();
    ReaderClient client;
    const Inside inside = look_inside(client, program);
    CHECK(inside.heap->chunks.size() > 2);
    CHECK(inside.heap->why_not.find("arenas of their own") != std::string::npos);
    CHECK(inside.heap->why_not.find("another thread has freed") == std::string::npos);  // it has ended
}

TEST_CASE("a program without debug information has frames, but no variables and no places to stop but its entry") {
    StoppedFixture program("/bin/true");
    ReaderClient client;
    const auto plan = ask_and_wait(client, PlanRequest{program.pid()});
    REQUIRE_MESSAGE(plan, plan.error().message);
    CHECK(plan->functions.empty());
    CHECK(plan->lines.empty());
    REQUIRE(plan->own_code.size() == 1);
    CHECK(plan->own_code[0].contains(plan->entry));
    const Inside inside = look_inside(client, program);
    CHECK(inside.globals->empty());
    REQUIRE_FALSE(inside.stack->frames.empty());  // in the dynamic loader
    CHECK(inside.stack->frames[0]->variables.empty());
    CHECK_FALSE(inside.instruction.empty());
}
