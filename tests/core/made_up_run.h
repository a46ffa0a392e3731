// Events that no program ever made, but that hang together: processes that fork, exec, map, make threads, print and end, each
// with its memory map. The same seed gives the same run.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/model/descriptors.h"
#include "core/model/event.h"
#include "core/model/inside.h"
#include "core/model/learnt.h"

namespace procatlas {

class MadeUpRun {
public:
    // `most_ever`: processes of the whole run.
    explicit MadeUpRun(unsigned seed, std::size_t most_alive = 12, std::size_t first_mappings = 20,
                       std::uint64_t most_ever = 1'000'000)
        : random_(seed), most_alive_(most_alive), first_mappings_(first_mappings), most_ever_(most_ever) {}

    ObservedEvent next() {
        time_ += random_() % 1000;
        if (alive_.empty()) {
            return start();
        }
        Living& who = alive_[random_() % alive_.size()];
        switch (random_() % 24) {
            case 0:
            case 1:
                return alive_.size() < most_alive_ && ticks_ < most_ever_ ? fork(who) : memory(who);
            case 2:
                return exec(who);
            case 3:
                return alive_.size() > most_alive_ / 2 || (ticks_ < most_ever_ && random_() % 8 == 0) ? exit(who) : memory(who);
            case 4:
                return dead_.empty() ? output(who) : reap(who);
            case 5:
                return thread(who);
            case 6:
                return thread_exit(who);
            case 7:
            case 8:
                return output(who);
            case 9:
                return event(who, SignalEvent{static_cast<int>(1 + random_() % 31), 0, std::nullopt}, Map::maybe);
            case 10:
                return event(who, StepEvent{random_() % 2 == 0}, Map::no);
            case 11:
                return other(who);
            case 12:
                return random_() % 3 == 0 ? look_inside(who) : memory(who);
            default:
                return memory(who);
        }
    }

    std::vector<ObservedEvent> events(std::size_t count) {
        std::vector<ObservedEvent> made;
        made.reserve(count);
        while (made.size() < count) {
            made.push_back(next());
        }
        return made;
    }

private:
    enum class Map { no, maybe, yes };
    using Space = std::shared_ptr<const AddressSpace>;
    struct Living {
        ProcessKey key;
        Space space;
        std::vector<std::int32_t> threads;
        std::shared_ptr<const Pages> pages;
    };

    bool often() { return random_() % 4 != 0; }

    ObservedEvent event(Living& who, EventDetail detail, Map map) {
        ObservedEvent made;
        made.time_ns = time_;
        made.process = who.key;
        made.thread = who.threads[random_() % who.threads.size()];
        made.held = random_() % 5 == 0;
        if (map == Map::yes || (map == Map::maybe && often())) {
            made.memory = who.space;
            made.program_counter = 0x5555'0000'1000 + random_() % 4096;
            made.stack_pointer = who.space->mappings[random_() % who.space->mappings.size()].range.start + 8;
        }
        made.detail = std::move(detail);
        if (map != Map::no && random_() % 4 == 0) {
            const PageRun changed{0x5555'0000'0000 + 4096 * 8 * (random_() % 6), 1 + random_() % 8,
                                  static_cast<PageState>(random_() % page_state_count), random_() % 9 == 0};
            read_pages(who, made, changed);
            Living& other = alive_[random_() % alive_.size()];
            if (other.key != who.key) {
                read_pages(other, made, changed);
            }
        }
        return made;
    }

    // As they were, with a run that came, went or became something else.
    void read_pages(Living& who, ObservedEvent& event, const PageRun& changed) {
        Pages pages = who.pages ? *who.pages : Pages{};
        const Address start = changed.start;
        std::erase_if(pages.runs, [&](const PageRun& run) { return run.start == start; });
        if (random_() % 5 != 0) {
            pages.runs.push_back(changed);
        }
        std::ranges::sort(pages.runs, {}, &PageRun::start);
        pages.frames.clear();
        if (random_() % 2 == 0) {
            pages.frames.push_back({start, 2, random_() % 100});
        }
        who.pages = std::make_shared<const Pages>(std::move(pages));
        event.pages.push_back({who.key, who.pages});
    }

    ProcessKey new_key() {
        const bool again = !gone_.empty() && random_() % 4 == 0;  // pids are used again
        const std::int32_t pid = again ? gone_[random_() % gone_.size()].pid : ++last_pid_;
        return {pid, ++ticks_};
    }

    ObservedEvent start() {
        Living first{new_key(), fresh_space(), {}, nullptr};
        first.threads = {first.key.pid};
        alive_.push_back(first);
        return event(alive_.back(), StartEvent{1, {"made", "up"}, "/"}, Map::maybe);
    }

    ObservedEvent fork(Living& parent) {
        Living child = parent;
        child.key = new_key();
        child.threads = {child.key.pid};
        if (random_() % 3 == 0) {
            child.space = changed(*child.space);
        }
        const ForkKind kind = random_() % 8 == 0 ? ForkKind::vfork : ForkKind::fork;
        const Space child_space = often() ? child.space : nullptr;
        ObservedEvent made = event(parent, ForkEvent{kind, child.key, parent.key.pid, random_() % 6 == 0}, Map::maybe);
        made.child_memory = child_space;
        alive_.push_back(std::move(child));
        return made;
    }

    ObservedEvent exec(Living& who) {
        const auto before = who.space->mappings.size();
        who.space = fresh_space();
        who.pages = nullptr;
        who.threads = {who.key.pid};
        return event(who,
                     ExecEvent{"/bin/program" + std::to_string(random_() % 9),
                               {"program", "\xff\n"},
                               false,
                               static_cast<std::uint32_t>(before),
                               static_cast<std::uint32_t>(who.space->mappings.size()),
                               0},
                     Map::maybe);
    }

    ObservedEvent exit(Living& who) {
        const bool killed = random_() % 4 == 0;
        ObservedEvent made =
            event(who, killed ? ExitEvent{std::nullopt, 9, false} : ExitEvent{static_cast<int>(random_() % 3), {}, false},
                  Map::maybe);
        dead_.push_back(who.key);
        std::erase_if(alive_, [&](const Living& l) { return l.key == made.process; });
        return made;
    }

    ObservedEvent reap(Living& who) {
        const ProcessKey child = dead_.back();
        dead_.pop_back();
        gone_.push_back(child);
        return event(who, ReapEvent{child, static_cast<Reaper>(random_() % 3)}, Map::no);
    }

    ObservedEvent thread(Living& who) {
        who.threads.push_back(++last_pid_);
        return event(who, ThreadEvent{who.threads.back()}, Map::maybe);
    }

    ObservedEvent thread_exit(Living& who) {
        if (who.threads.size() < 2) {
            return thread(who);
        }
        const std::int32_t ended = who.threads.back();
        ObservedEvent made = event(who, ThreadExitEvent{ended}, Map::maybe);
        who.threads.pop_back();
        return made;
    }

    ObservedEvent output(Living& who) {
        const std::string text = "line " + std::to_string(random_() % 1000) + "\x1b[1m\xff\n";
        return event(who, OutputEvent{static_cast<OutputStream>(random_() % 2), text, text.size()}, Map::no);
    }

    ObservedEvent other(Living& who) {
        switch (random_() % 7) {
            case 0:
                return event(who, StopEvent{19}, Map::no);
            case 1:
                return event(who, ContinueEvent{}, Map::no);
            case 2:
                return event(who, ReparentEvent{who.key.pid, 1, true}, Map::no);
            case 3:
                return event(who, ExecFailedEvent{"/nowhere", 2}, Map::no);
            case 4:
                return event(who, ResidentEvent{{{4096, 8192 + 4096 * (random_() % 4)}}, {}, {}}, Map::no);
            case 5:
                return event(who, GapEvent{GapCode::memory_not_read, "why", 0}, Map::no);
            default: {
                ObservedEvent note;
                note.time_ns = time_;
                note.detail = NoteEvent{NoteCode::text, "a note", random_()};
                return note;
            }
        }
    }

    ObservedEvent look_inside(Living& who) {
        EventDetail detail = LineEvent{};
        if (random_() % 2 == 0) {
            detail = CallEvent{0x5555'0000'1000, "f"};
        } else if (random_() % 2 == 0) {
            detail = ReturnEvent{0x5555'0000'1000, "f", random_()};
        }
        ObservedEvent made = event(who, std::move(detail), Map::maybe);
        Inside inside;
        Stack stack;
        for (std::size_t depth = random_() % 6; depth > 0; --depth) {  // the outer ones are often as they were
            StackFrame frame;
            frame.function = "f" + std::to_string(depth);
            frame.line = depth > 2 ? 1 : static_cast<std::uint32_t>(random_() % 3);
            frame.extent = {0x7ffc'0000'0000 - depth * 64, 0x7ffc'0000'0040 - depth * 64};
            frame.variables = {{"x", "int", frame.extent.start + 8, 4, std::to_string(random_() % 2), "", {}, depth == 1}};
            stack.frames.push_back(std::make_shared<const StackFrame>(std::move(frame)));
        }
        stack.bytes_start = 0x7ffb'ffff'ff00;
        stack.bytes = std::string(random_() % 3, '\0') + "raw";
        inside.stack = std::make_shared<const Stack>(std::move(stack));
        if (often()) {
            const Variable global{"g", "char *", 0x5555'0000'4000, 8, "0x0", random_() % 2 == 0 ? "why\xff" : "", {1}, false};
            inside.globals = std::make_shared<const std::vector<Variable>>(1, global);
            const HeapChunk chunk{0x5555'0001'0000, 32 * (1 + random_() % 2), static_cast<ChunkState>(random_() % 4), {16}};
            inside.heap = std::make_shared<const Heap>(Heap{{chunk}, ""});
        }
        if (often()) {
            MemoryPieces pieces;
            for (Address piece = 0; piece < 1 + random_() % 3; ++piece) {
                const std::string bytes(1 + random_() % 2, static_cast<char>(random_() % 3));
                pieces.pieces.push_back(std::make_shared<const MemoryBytes>(
                    MemoryBytes{0x5555'0000'4000 + piece * MemoryPieces::piece_size, bytes, piece == 2 ? "why\xff" : ""}));
            }
            inside.pieces = std::make_shared<const MemoryPieces>(std::move(pieces));
        }
        made.inside = std::make_shared<const Inside>(std::move(inside));
        learn_in(made);
        return made;
    }

    void learn_in(ObservedEvent& made) {
        Learnt learnt;
        const std::string number = std::to_string(random_() % 4);
        if (random_() % 2 == 0) {
            learnt.sources.push_back({"/src/\xff" + number + ".c", "int x;\n\tx = " + number + ";\n", number == "1", ""});
        } else if (random_() % 2 == 0) {
            learnt.sources.push_back({"/src/none" + number, "", false, "why"});
        }
        if (random_() % 2 == 0) {
            FunctionCode code{"/bin/pro gram", 1013, "f\n" + number, 0x5555'0000'1000 + random_() % 64, "\x55\xc3", {}, ""};
            code.instructions = {{code.start, 1, "push   rbp", "", 0, "/src/x.c", 3, 0, ""},
                                 {code.start + 1, 1, "ret", "", 0, "", 0, 16, "main+0x4"}};
            learnt.functions.push_back(std::move(code));
        }
        made.learnt = std::make_shared<const Learnt>(std::move(learnt));
    }

    void open_files_in(ObservedEvent& made) {
        Descriptors descriptors;
        for (std::int32_t number = 0; number < static_cast<std::int32_t>(random_() % 5); ++number) {
            const std::string target = number % 2 == 0 ? "pipe:[" + std::to_string(random_() % 9) + "]" : "/tmp/\xff\n";
            descriptors.open.push_back({number, target, random_() % 2 == 0, random_() % 2 == 0, false});
        }
        descriptors.closed = {{9, "/etc/x", true, false, true}};
        descriptors.working_folder = "/home/\xff";
        made.descriptors = std::make_shared<const Descriptors>(std::move(descriptors));
    }

    ObservedEvent memory(Living& who) {
        who.space = changed(*who.space);
        ObservedEvent made = event(who,
                                   MemoryEvent{static_cast<MemoryCall>(random_() % 5), who.space->mappings[0].range.start, 4096,
                                               0, random_() % 16 == 0 ? 12 : 0, 3},
                                   Map::maybe);
        if (random_() % 64 == 0) {
            open_files_in(made);
        }
        return made;
    }

    Mapping mapping_at(Address at) {
        static constexpr std::array<std::string_view, 6> names{"",       "/lib/libc.so.6", "/bin/pro gram",
                                                               "[heap]", "[stack]",        "/tmp/\n\xff"};
        Mapping made;
        made.range = {at, at + 4096 * (1 + random_() % 4)};
        made.permissions = {random_() % 2 == 0, random_() % 2 == 0, random_() % 2 == 0, random_() % 8 == 0};
        made.name = names[random_() % names.size()];
        if (made.name.starts_with('/')) {
            made.offset = 4096 * (random_() % 4);
            made.device_major = 8;
            made.device_minor = 1;
            made.inode = 1000 + made.name.size();
        }
        return made;
    }

    Space fresh_space() {
        AddressSpace space;
        Address at = 0x5555'0000'0000 + 0x10'0000 * (random_() % 16);
        for (std::size_t i = 0; i < first_mappings_ + random_() % 4; ++i) {
            space.mappings.push_back(mapping_at(at));
            at += 0x1'0000;
        }
        space.mappings.push_back({{0xffff'ffff'ff60'0000, 0xffff'ffff'ff60'1000}, {}, 0, 0, 0, 0, "[vsyscall]"});
        space.marks.start_code = space.mappings[0].range.start;
        return std::make_shared<const AddressSpace>(std::move(space));
    }

    // The same map, but for a mapping that came, went, grew or got other permissions; now and then for nothing at all.
    Space changed(AddressSpace space) {
        const std::size_t at = random_() % (space.mappings.size() - 1);
        Mapping& chosen = space.mappings[at];
        switch (random_() % 6) {
            case 0:
                if (space.mappings.size() > 4) {
                    space.mappings.erase(space.mappings.begin() + static_cast<std::ptrdiff_t>(at));
                }
                break;
            case 1:
                chosen.permissions.write = !chosen.permissions.write;
                break;
            case 2:
                chosen.range.end = chosen.range.start + 4096 * (1 + random_() % 16);
                break;
            case 3:
                space.torn = !space.torn;
                break;
            case 4:
                break;
            default: {
                const Address free = (chosen.range.end + 0xffff) & ~Address{0xffff};
                if (free + 0x1'0000 <= space.mappings[at + 1].range.start) {
                    space.mappings.insert(space.mappings.begin() + static_cast<std::ptrdiff_t>(at) + 1, mapping_at(free));
                }
            }
        }
        return std::make_shared<const AddressSpace>(std::move(space));
    }

    std::mt19937 random_;
    std::size_t most_alive_;
    std::size_t first_mappings_;
    std::uint64_t most_ever_;
    std::uint64_t time_ = 0;
    std::uint64_t ticks_ = 0;
    std::int32_t last_pid_ = 100;
    std::vector<Living> alive_;
    std::vector<ProcessKey> dead_;
    std::vector<ProcessKey> gone_;
};

}  // namespace procatlas
