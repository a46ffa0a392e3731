// Which pages two processes have in common after forks, writes, execs and exits.
#include "core/model/common_pages.h"
#include "tests/support/page_size.h"

#include <doctest/doctest.h>

using namespace procatlas;

namespace {

constexpr AddressRange ten_pages{10 * page, 20 * page};

ObservedEvent event_of(std::int32_t pid, EventDetail detail, std::vector<std::pair<std::int32_t, std::vector<PageRun>>> read) {
    ObservedEvent event;
    event.process = {pid, 1};
    event.thread = pid;
    event.detail = std::move(detail);
    for (auto& [whose, runs] : read) {
        event.pages.push_back({{whose, 1}, std::make_shared<const Pages>(Pages{page, std::move(runs), {}, {}})});
    }
    return event;
}

PageRun run(PageState state, Address start, std::uint64_t count) {
    return {start * page, count, state, false};
}
std::vector<PageRun> all(PageState state) {
    return {run(state, 10, 10)};
}
// The first `count` pages are the process's own.
std::vector<PageRun> first_own(std::uint64_t count) {
    return {run(PageState::exclusive, 10, count), run(PageState::shared, 10 + count, 10 - count)};
}

ForkEvent fork_to(std::int32_t child) {
    ForkEvent fork;
    fork.child = {child, 1};
    return fork;
}

// 1 forks 2. 1 writes three pages, but this is seen only when it forks 3. 2 forks 4.
Recording page_family() {
    Recording recording;
    recording.append(event_of(1, StartEvent{}, {{1, all(PageState::exclusive)}}));
    recording.append(event_of(1, fork_to(2), {{1, all(PageState::shared)}, {2, all(PageState::shared)}}));
    recording.append(event_of(1, PagesEvent{}, {{1, first_own(3)}, {2, first_own(3)}}));
    recording.append(event_of(1, fork_to(3), {{1, all(PageState::shared)}, {3, all(PageState::shared)}}));
    recording.append(event_of(2, fork_to(4), {{2, all(PageState::shared)}, {4, all(PageState::shared)}}));
    return recording;
}

CommonPages::Counts between(const Recording& recording, std::size_t moment, std::size_t a, std::size_t b) {
    return CommonPages(recording, recording.world_at(moment), moment, a, b).in(ten_pages, false);
}

}  // namespace

TEST_CASE("pages copied before a later fork stay copied for the processes that existed before it") {
    const Recording recording = page_family();
    CHECK(between(recording, 1, 0, 1).shared == 10);
    CHECK(between(recording, 3, 0, 1).shared == 7);
    CHECK(between(recording, 3, 0, 1).copied == 3);
    CHECK(between(recording, 3, 0, 2).shared == 10);
    CHECK(between(recording, 3, 0, 2).copied == 0);
    CHECK(between(recording, 3, 1, 2).shared == 7);  // siblings
    CHECK(between(recording, 4, 1, 3).shared == 10);
    CHECK(between(recording, 4, 0, 3).shared == 7);  // grandchild
    CHECK(between(recording, 4, 2, 3).shared == 7);  // 4 and 3: nephew and uncle
    CHECK(between(recording, 4, 3, 0).shared == 7);  // the order does not matter
}

TEST_CASE("pages that two processes have in two page frames are told, though they never had them in common") {
    Recording recording = page_family();
    CHECK(between(recording, 3, 0, 1).apart == 0);  // copied
    CHECK(between(recording, 3, 0, 2).apart == 0);
    // 1 wrote three pages between the births of its children 2 and 3: 2 has the old ones, 3 the new ones.
    CHECK(between(recording, 3, 1, 2).apart == 3);
    CHECK(between(recording, 3, 2, 1).apart == 3);
    recording.append(event_of(3, LineEvent{}, {{1, first_own(4)}, {3, first_own(4)}}));
    CHECK(between(recording, 5, 1, 2).shared == 6);
    CHECK(between(recording, 5, 1, 2).copied == 1);
    CHECK(between(recording, 5, 1, 2).apart == 3);
    CHECK(CommonPages(recording, recording.world_at(5), 5, 1, 2).in({10 * page, 12 * page}, false).apart == 2);
    recording.append(event_of(2, ExecEvent{}, {{2, all(PageState::exclusive)}}));
    CHECK(between(recording, 6, 1, 2).apart == 0);  // it is another memory
}

TEST_CASE("a page of a file that both have, or that one of them does not have, is none of two") {
    Recording recording;
    recording.append(event_of(1, StartEvent{}, {{1, {run(PageState::file, 10, 2)}}}));
    recording.append(event_of(1, fork_to(2), {{1, {run(PageState::file, 10, 2)}}, {2, {run(PageState::file, 10, 2)}}}));
    recording.append(event_of(2, LineEvent{}, {{2, {run(PageState::file, 10, 2), run(PageState::exclusive, 15, 1)}}}));
    for (const bool of_file : {true, false}) {
        CHECK(CommonPages(recording, recording.last_world(), 2, 0, 1).in(ten_pages, of_file).apart == 0);
    }
}

TEST_CASE("a page that is copied twice is counted once") {
    Recording recording = page_family();
    recording.append(event_of(2, LineEvent{}, {{2, first_own(1)}, {4, first_own(1)}}));
    recording.append(event_of(2, ContinueEvent{}, {{2, first_own(2)}, {4, first_own(2)}}));
    CHECK(between(recording, 6, 0, 1).copied == 3);
    CHECK(between(recording, 6, 1, 3).copied == 2);
    CHECK(between(recording, 6, 1, 3).shared == 8);
}

TEST_CASE("after an exec a process has no pages in common with any other") {
    Recording recording = page_family();
    recording.append(event_of(2, ExecEvent{}, {{2, all(PageState::shared)}}));  // made-up: the same addresses again
    const World world = recording.world_at(5);
    CHECK_FALSE(CommonPages(recording, world, 5, 0, 1).related());
    CHECK(between(recording, 5, 0, 1).shared == 0);
    CHECK(between(recording, 5, 0, 1).copied == 0);
    CHECK(between(recording, 5, 0, 3).shared == 7);  // its child was forked before the exec
}

TEST_CASE("an ended process shares nothing, but what was copied before is still reported") {
    Recording recording = page_family();
    recording.append(event_of(2, ExitEvent{0, std::nullopt, false}, {{2, first_own(4)}, {4, first_own(4)}}));
    recording.append(event_of(1, LineEvent{}, {{1, all(PageState::exclusive)}}));  // again the only process that has its pages
    CHECK(between(recording, 6, 0, 1).shared == 0);
    CHECK(between(recording, 6, 0, 1).copied == 4);
    CHECK(between(recording, 5, 1, 3).copied == 4);
}

TEST_CASE("two processes share pages of a private file mapping until one writes, whether they are present or not") {
    Recording recording;
    recording.append(event_of(1, StartEvent{}, {{1, {run(PageState::file, 10, 2)}}}));
    recording.append(event_of(1, fork_to(2), {{1, {run(PageState::file, 10, 2)}}, {2, {}}}));
    recording.append(event_of(2, LineEvent{}, {{2, {run(PageState::exclusive, 11, 4)}}}));
    const World world = recording.world_at(2);
    const CommonPages common(recording, world, 2, 0, 1);
    CHECK(common.in(ten_pages, true).copied == 4);
    CHECK(common.in(ten_pages, false).copied == 0);  // anonymous pages that were not present before are new, not copies
}

TEST_CASE("memory that two processes each made at the same place after their fork is not shared between them") {
    Recording recording;
    recording.append(event_of(1, StartEvent{}, {{1, {run(PageState::exclusive, 10, 1)}}}));
    recording.append(event_of(1, fork_to(2), {{1, {run(PageState::shared, 10, 1)}}, {2, {run(PageState::shared, 10, 1)}}}));
    recording.append(event_of(1, PagesEvent{}, {{1, {run(PageState::shared, 10, 1), run(PageState::exclusive, 15, 5)}}}));
    recording.append(event_of(1, fork_to(3), {{1, all(PageState::shared)}, {3, all(PageState::shared)}}));
    recording.append(event_of(2, PagesEvent{}, {{2, {run(PageState::shared, 10, 1), run(PageState::exclusive, 15, 5)}}}));
    recording.append(event_of(2, fork_to(4), {{2, all(PageState::shared)}, {4, all(PageState::shared)}}));
    CHECK(CommonPages(recording, recording.last_world(), 5, 0, 1).in({15 * page, 20 * page}, false).shared == 0);
    CHECK(CommonPages(recording, recording.last_world(), 5, 2, 3).in({15 * page, 20 * page}, false).shared == 0);
    CHECK(CommonPages(recording, recording.last_world(), 5, 0, 2).in({15 * page, 20 * page}, false).shared == 5);
}

TEST_CASE("pages that become exclusive because other processes exit were not copied, even if relatives share older pages") {
    Recording recording = page_family();
    recording.append(event_of(3, ExitEvent{0, std::nullopt, false}, {{3, all(PageState::shared)}}));
    // 1 had written three pages before it forked 3. 2 and 4 still share the old pages.
    recording.append(event_of(1, SignalEvent{17, 0, std::nullopt},
                              {{1, first_own(3)}, {2, all(PageState::shared)}, {4, all(PageState::shared)}}));
    CHECK(recording.events().back().copied.empty());
    recording.append(event_of(4, LineEvent{}, {{4, first_own(1)}, {2, all(PageState::shared)}, {1, first_own(3)}}));
    CHECK(recording.events().back().copied == std::vector<CopiedRun>{{4, 10 * page, 1}});
}

TEST_CASE("pages that one process has only dropped do not count as copied") {
    Recording recording = page_family();
    recording.append(event_of(2, LineEvent{}, {{2, {run(PageState::shared, 10, 2)}}, {1, all(PageState::exclusive)}}));
    CHECK(between(recording, 5, 0, 1).copied == 2);
    CHECK(between(recording, 5, 0, 1).shared == 0);
}

TEST_CASE("memory that a vfork child borrows is reported once, for its parent") {
    Recording recording = page_family();
    ForkEvent vfork = fork_to(5);
    vfork.kind = ForkKind::vfork;
    recording.append(event_of(1, vfork, {{1, all(PageState::shared)}, {5, all(PageState::shared)}}));
    recording.append(event_of(5, LineEvent{}, {{5, first_own(1)}, {1, first_own(1)}, {3, all(PageState::shared)}}));
    CHECK(recording.events().back().copied == std::vector<CopiedRun>{{1, 10 * page, 1}});
}
