#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "core/layout/memory/address_axis.h"

using namespace procatlas;

TEST_CASE("an axis without blocks is empty") {
    const AddressAxis axis;
    CHECK(axis.height() == 0);
    CHECK(axis.y(0x1000) == 0);
}

TEST_CASE("high addresses are on top, and each block has at least its minimum height") {
    const std::vector<AxisBlock> blocks = {{{0x1000, 0x2000}, 30}, {{0x9000, 0xA000}, 50}};
    const AddressAxis axis(blocks, 20);
    CHECK(axis.y(0xA000) == 0);
    CHECK(axis.y(0x9000) == 50);
    CHECK(axis.y(0x2000) == 70);
    CHECK(axis.y(0x1000) == 100);
    CHECK(axis.height() == 100);
    CHECK(axis.y(0) == 100);
    CHECK(axis.y(~Address{0}) == 0);
}

TEST_CASE("overlapping blocks of several columns all get their height") {
    const std::vector<AxisBlock> blocks = {{{0x1000, 0x5000}, 40}, {{0x2000, 0x3000}, 60}, {{0x2800, 0x9000}, 10}};
    const AddressAxis axis(blocks, 20);
    for (const AxisBlock& block : blocks) {
        CHECK(axis.bottom(block.range) - axis.top(block.range) >= block.height - 0.01F);
    }
}

TEST_CASE("y never decreases as addresses decrease") {
    const std::vector<AxisBlock> blocks = {
        {{0x1000, 0x5000}, 40}, {{0x7000, 0x7001}, 22}, {{0xFFFFFFFFFF600000, 0xFFFFFFFFFF601000}, 22}};
    const AddressAxis axis(blocks, 20);
    float last = axis.height();
    for (const Address address :
         {0x0ULL, 0x1000ULL, 0x1800ULL, 0x5000ULL, 0x6000ULL, 0x7000ULL, 0x7001ULL, 0xFFFFFFFFFF600800ULL, ~0ULL}) {
        CHECK(axis.y(address) <= last);
        last = axis.y(address);
    }
}

TEST_CASE("blocks that stand apart are placed as the same blocks in another order are") {
    std::vector<AxisBlock> blocks;
    Address at = 0x1000;
    for (int i = 0; i < 50; ++i) {
        const Address end = at + 0x1000 * (1 + i % 5);
        blocks.push_back({{at, end}, 20.0F + static_cast<float>(i % 7)});
        at = end + (i % 3 == 0 ? 0x8000 : 0);
    }
    const AddressAxis in_order(blocks, 17);
    std::ranges::reverse(blocks);
    const AddressAxis reversed(blocks, 17);
    CHECK(in_order.height() == reversed.height());
    for (const AxisBlock& block : blocks) {
        CHECK(in_order.top(block.range) == reversed.top(block.range));
        CHECK(in_order.bottom(block.range) == reversed.bottom(block.range));
    }
}
