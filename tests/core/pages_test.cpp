// Runs of pages: how they are cut to regions, compared, and kept over time.
#include <doctest/doctest.h>

#include <array>
#include <random>
#include <tuple>

#include "core/model/copies.h"
#include "core/model/page_history.h"
#include "core/model/pages.h"
#include "core/model/recording.h"
#include "core/stream/proc_maps.h"
#include "tests/support/page_size.h"

using namespace procatlas;

namespace {

Pages pages_with(std::vector<PageRun> runs) {
    return {page, std::move(runs), {}, {}};
}

PageRun own(Address start, std::uint64_t count) {
    return {start * page, count, PageState::exclusive, false};
}
PageRun shared(Address start, std::uint64_t count) {
    return {start * page, count, PageState::shared, false};
}

ObservedEvent event_with(std::int32_t pid, EventDetail detail, std::vector<PagesRead> read) {
    ObservedEvent event;
    event.process = {pid, 1};
    event.thread = pid;
    event.detail = std::move(detail);
    event.pages = std::move(read);
    return event;
}

PagesRead read_of(std::int32_t pid, Pages pages) {
    return {{pid, 1}, std::make_shared<const Pages>(std::move(pages))};
}

ForkEvent fork_event(std::int32_t child) {
    ForkEvent fork;
    fork.child = {child, 1};
    return fork;
}

// A parent (1) and a child (2) that share pages 10 to 19.
Recording forked() {
    Recording recording;
    recording.append(event_with(1, StartEvent{}, {read_of(1, pages_with({own(10, 10)}))}));
    recording.append(
        event_with(1, fork_event(2), {read_of(1, pages_with({shared(10, 10)})), read_of(2, pages_with({shared(10, 10)}))}));
    return recording;
}

}  // namespace

TEST_CASE("a region's pages are counted up to its bounds, including partial pages") {
    const Pages pages =
        pages_with({own(1, 4), {5 * page, 2, PageState::file, false}, {512 * page, 512, PageState::shared, true}});
    const RegionPages in = pages_in(pages, {3 * page + 100, 6 * page + 1}, false);
    CHECK(in.count == 4);  // 3, 4, 5 and the first byte of 6
    CHECK(in.exclusive == 2);
    CHECK(in.file == 2);
    CHECK(in.present() == 4);
    CHECK(in.runs == std::vector<PageRun>{own(3, 2), {5 * page, 2, PageState::file, false}});
    CHECK(pages_in(pages, {512 * page, 1024 * page}, false).huge == 512);
    CHECK(pages_in(pages, {7 * page, 9 * page}, false).runs.empty());
    CHECK(pages_in(pages, {5 * page, 7 * page}, true).shared == 2);  // memory that is mapped shared
}

TEST_CASE("runs of page frames are cut to a region and keep their numbers") {
    Pages pages;
    pages.frames = {{10 * page, 4, 100}};
    CHECK(frames_in(pages, {12 * page, 13 * page}) == std::vector<FrameRun>{{12 * page, 1, 102}});
}

TEST_CASE("pages read again replace the old ones, and runs that continue are joined") {
    Pages pages = pages_with({shared(10, 10), own(30, 2)});
    pages.frames = {{10 * page, 10, 100}};
    Pages part = pages_with({own(12, 1), own(13, 9)});  // more pages were read than are needed
    part.frames = {{12 * page, 10, 200}};
    const std::vector<AddressRange> ranges{{12 * page, 13 * page}, {15 * page, 16 * page}};
    const Pages whole = with_part(pages, ranges, part);
    CHECK(whole.runs == std::vector<PageRun>{shared(10, 2), own(12, 1), shared(13, 2), own(15, 1), shared(16, 4), own(30, 2)});
    CHECK(whole.frames ==
          std::vector<FrameRun>{
              {10 * page, 2, 100}, {12 * page, 1, 200}, {13 * page, 2, 103}, {15 * page, 1, 203}, {16 * page, 4, 106}});
    CHECK(with_part(pages, {}, part) == pages);
    CHECK(became_exclusive(pages, whole) == ranges);
}

TEST_CASE("a stretch with a byte per page means the same as a run for each page") {
    std::mt19937 random(3);
    for (int round = 0; round < 300; ++round) {
        Pages mixed;
        Pages plain;
        Address at = 10;
        for (int part = 0; part < 4; ++part) {
            PageStretch stretch{at * page, {}};
            for (std::uint64_t i = 0, count = 1 + random() % 6; i < count; ++i, ++at) {
                stretch.codes.push_back(static_cast<PageCode>(random() % (page_state_count + 1)));
                if (stretch.codes.back() != absent_page) {
                    plain.runs.push_back({at * page, 1, state_of(stretch.codes.back()), false});
                }
            }
            mixed.stretches.push_back(std::move(stretch));
            const PageRun run{at * page, 1 + random() % 4, static_cast<PageState>(random() % page_state_count),
                              random() % 2 == 0};
            mixed.runs.push_back(run);
            plain.runs.push_back(run);
            at += run.count + random() % 3;
        }
        const auto by_page = [&](const std::vector<PageRun>& runs) {
            std::vector<PageRun> pages;
            for (const PageRun& run : runs) {
                for (std::uint64_t i = 0; i < run.count; ++i) {
                    pages.push_back({run.start + i * page, 1, run.state, run.huge});
                }
            }
            return pages;
        };
        CHECK(by_page(runs_of(mixed)) == by_page(plain.runs));
        const AddressRange some{(10 + random() % 10) * page, (15 + random() % 20) * page};
        const RegionPages in = pages_in(mixed, some, false);
        const RegionPages expected = pages_in(plain, some, false);
        CHECK(by_page(in.runs) == by_page(expected.runs));
        CHECK(std::tuple(in.exclusive, in.shared, in.file, in.swapped, in.unread, in.huge) ==
              std::tuple(expected.exclusive, expected.shared, expected.file, expected.swapped, expected.unread, expected.huge));
        const Pages all_own = pages_with({own(0, 100)});
        const Pages all_shared = pages_with({shared(0, 100)});
        CHECK(became_exclusive(all_shared, mixed) == became_exclusive(all_shared, plain));
        CHECK(became_exclusive(mixed, all_own) == became_exclusive(plain, all_own));
        CHECK(with_part(all_own, std::array{some}, mixed) == with_part(all_own, std::array{some}, plain));
        CHECK(with_part(mixed, std::array{some}, all_own) == with_part(plain, std::array{some}, all_own));
        PageHistory history;
        history.record(0, 0, mixed);
        CHECK(by_page(history.pages_at(0, 0)->runs) == by_page(plain.runs));
    }
}

TEST_CASE("a stretch that overlaps a run, as in a damaged stream, does not duplicate pages") {
    Pages pages = pages_with({own(10, 4)});
    pages.stretches = {{9 * page, {2, 2, 1, 2, 2, 1, 2}}, {15 * page, {2, 1}}};
    Address end = 0;
    for (const PageRun& run : runs_of(pages)) {
        CHECK(run.start >= end);
        end = run.start + run.count * page;
    }
    CHECK(end == 17 * page);
}

TEST_CASE("if one of two processes writes, each gets its own page, and both are reported") {
    Recording recording = forked();
    recording.append(event_with(2, LineEvent{},
                                {read_of(2, pages_with({shared(10, 3), own(13, 1), shared(14, 6)})),
                                 read_of(1, pages_with({shared(10, 3), own(13, 1), shared(14, 6)}))}));
    CHECK(recording.events()[1].copied.empty());
    CHECK(recording.events()[2].copied == std::vector<CopiedRun>{{2, 13 * page, 1}, {1, 13 * page, 1}});
}

TEST_CASE("of two processes that each have a page now, the one that ran is told as having copied it") {
    for (const bool did_not_run : {true, false}) {
        Recording recording = forked();
        const Pages parted = pages_with({shared(10, 3), own(13, 1), shared(14, 6)});
        PagesRead kept = read_of(1, parted);
        kept.did_not_run = did_not_run;
        recording.append(event_with(2, LineEvent{}, {read_of(2, parted), kept}));
        const auto copied = recording.events()[2].copied.all();
        CHECK(copied.size() == (did_not_run ? 1 : 2));
        CHECK(copied.front() == CopiedRun{2, 13 * page, 1});
        CHECK(has_copied(copied, 2, 13 * page + 100) == did_not_run);
        CHECK(!has_copied(copied, 1, 13 * page));
    }
}

TEST_CASE("of code that nobody may write to no copy is told, for breakpoints made it; of any other memory it is") {
    const auto maps = parse_proc_maps(
        "0000a000-0000c000 r-xp 00000000 08:01 7 /bin/program\n"
        "0000c000-0000e000 rwxp 00002000 08:01 7 /bin/program\n"
        "0000e000-00014000 rw-p 00000000 00:00 0 \n");
    REQUIRE(maps);
    const auto memory = std::make_shared<const AddressSpace>(*maps);
    const Pages all = pages_with({shared(10, 10)});
    Recording recording;
    recording.append(event_with(1, StartEvent{}, {read_of(1, pages_with({own(10, 10)}))}));
    ObservedEvent fork = event_with(1, fork_event(2), {read_of(1, all), read_of(2, all)});
    fork.memory = memory;
    fork.child_memory = memory;
    recording.append(std::move(fork));
    const Pages after = pages_with({own(10, 1), shared(11, 1), own(12, 1), shared(13, 2), own(15, 1), shared(16, 4)});
    recording.append(event_with(2, LineEvent{}, {read_of(2, after), read_of(1, all)}));
    CHECK(recording.events()[2].copied == std::vector<CopiedRun>{{2, 12 * page, 1}, {2, 15 * page, 1}});
}

TEST_CASE("pages that become exclusive because the other process exits or execs were not copied") {
    Recording gone = forked();
    gone.append(event_with(2, ExitEvent{0, std::nullopt, false}, {}));
    gone.append(event_with(1, LineEvent{}, {read_of(1, pages_with({own(10, 10)}))}));
    CHECK(gone.events()[3].copied.empty());

    Recording replaced = forked();
    replaced.append(event_with(2, ExecEvent{}, {read_of(2, pages_with({own(10, 10)})), read_of(1, pages_with({own(10, 10)}))}));
    CHECK(replaced.events()[2].copied.empty());
}

TEST_CASE("if one of three processes writes to a shared page, it gets a copy and the others still share") {
    const Pages all = pages_with({shared(10, 1)});
    const Pages mine = pages_with({own(10, 1)});
    const auto everything = [](std::size_t, std::size_t) { return AddressRanges{{0, 100 * page}}; };
    const std::vector<PagesChange> changes{{1, &all, &all}, {2, &all, &mine}, {3, &all, &all}};
    CHECK(copied_pages(changes, everything) == std::vector<CopiedRun>{{2, 10 * page, 1}});
}

TEST_CASE("the pages at any moment are the last ones read by then, in many random readings") {
    std::mt19937 random(5);
    PageHistory history;
    std::vector<Pages> told;
    for (std::size_t moment = 0; moment < 200; ++moment) {
        Pages pages;
        for (Address at = random() % 4; at < 60; at += 1 + random() % 6) {
            const std::uint64_t count = 1 + random() % 3;
            pages.runs.push_back({at * page, count, static_cast<PageState>(random() % page_state_count), random() % 7 == 0});
            at += count;
        }
        if (moment % 3 == 0) {
            pages.frames.push_back({page, 2, random() % 5});
        }
        history.record(moment % 2, moment, pages);
        told.push_back(std::move(pages));
    }
    KeptPages kept;
    kept.page_size = page;
    for (const PageRow& row : history.states().rows()) {
        kept.states.push_back(row);
    }
    for (const PageRow& row : history.frames().rows()) {
        kept.frames.push_back(row);
    }
    const auto restored = PageHistory::restored(std::move(kept), 2, told.size());
    REQUIRE(restored);
    for (std::size_t moment = 1; moment < told.size(); ++moment) {
        for (const PageHistory* h : std::initializer_list<const PageHistory*>{&history, &*restored}) {
            CHECK(*h->pages_at(moment % 2, moment) == told[moment]);
            CHECK(*h->pages_at((moment - 1) % 2, moment) == told[moment - 1]);
        }
    }
}

TEST_CASE("invalid rows are refused") {
    const PageRow fine{page, 2, 0, 0, 0, PageRow::open};
    const auto with = [&](auto change) {
        PageRow row = fine;
        ByteCount size = page;
        change(row, size);
        KeptPages kept;
        kept.page_size = size;
        kept.states.push_back(row);
        return PageHistory::restored(std::move(kept), 1, 10).has_value();
    };
    CHECK(with([](PageRow&, ByteCount&) {}));
    CHECK_FALSE(with([](PageRow& row, ByteCount&) { row.process = 1; }));
    CHECK_FALSE(with([](PageRow& row, ByteCount&) { row.value = page_state_count; }));
    CHECK_FALSE(with([](PageRow& row, ByteCount&) { row.count = 0; }));
    CHECK_FALSE(with([](PageRow& row, ByteCount&) { row.count = ~std::uint64_t{0}; }));
    CHECK_FALSE(with([](PageRow& row, ByteCount&) { row.start = 17; }));
    CHECK_FALSE(with([](PageRow& row, ByteCount&) { row.until = row.since; }));
    CHECK_FALSE(with([](PageRow& row, ByteCount&) { row.since = 10; }));
    CHECK_FALSE(with([](PageRow&, ByteCount& size) { size = 0; }));
}

TEST_CASE("the pages at any of thousands of moments are those that were read, even in a history from a file") {
    constexpr ByteCount size = 4096;
    PageHistory history;
    std::vector<Pages> read;
    for (std::uint64_t moment = 0; moment < 3000; ++moment) {
        Pages pages{size, {}, {}, {}};
        for (std::uint64_t i = 0; i < 6; ++i) {  // some stay, some come and go
            if ((moment / (i + 1)) % (i + 2) != 0) {
                const auto state = static_cast<PageState>((moment / (3 * i + 1)) % 3);
                pages.runs.push_back({0x10000 * (i + 1), 1 + moment % (i + 1), state, false});
            }
        }
        history.record(moment % 2, moment, pages);
        read.push_back(std::move(pages));
    }
    KeptPages kept;
    kept.page_size = size;
    for (const PageRow& row : history.states().rows()) {
        kept.states.push_back(row);
    }
    REQUIRE(kept.states.size() > 5000);
    const auto restored = PageHistory::restored(std::move(kept), 2, 3000);
    REQUIRE(restored);
    for (std::uint64_t moment = 1; moment < 3000; ++moment) {
        REQUIRE(*history.pages_at(moment % 2, moment) == read[moment]);
        REQUIRE(*history.pages_at((moment + 1) % 2, moment) == read[moment - 1]);
        REQUIRE(*restored->pages_at(moment % 2, moment) == read[moment]);
        REQUIRE(*restored->pages_at((moment + 1) % 2, moment) == read[moment - 1]);
    }
}
