#include "core/layout/processes/process_chips.h"

#include "layout_support.h"

using namespace procatlas;

TEST_CASE("as many processes as have room are named: those with a column first, then the living; the others are counted") {
    World world;
    apply(world, kept(event_of(10, StartEvent{9, {"make"}, "/"})));
    for (std::int32_t pid = 11; pid <= 16; ++pid) {
        apply(world, kept(event_of(10, fork_of(10, pid))));
    }
    apply(world, kept(event_of(11, ExitEvent{})));
    const std::vector<std::size_t> order{0, 1, 2, 3, 4, 5, 6};
    const std::vector<std::size_t> columns{0, 2, 6};
    const std::vector<float> widths(order.size(), 30);
    const auto chips = [&](float room) { return process_chips(world, order, columns, {widths, 25, room}); };

    CHECK(chips(210).named == order);
    CHECK(chips(210).counted.empty());
    CHECK(chips(209).named == std::vector<std::size_t>{0, 2, 3, 4, 5, 6});  // the first child has ended
    CHECK(chips(209).counted == std::vector<std::size_t>{1});
    CHECK(chips(145).named == std::vector<std::size_t>{0, 2, 3, 6});
    CHECK(chips(145).counted == std::vector<std::size_t>{1, 4, 5});
    CHECK(chips(115).named == columns);
    CHECK(chips(114).named.empty());  // a column without its name would be missed
    CHECK(chips(114).counted == order);
    CHECK(process_chips(world, {}, columns, {{}, 25, 0}).named.empty());
}
