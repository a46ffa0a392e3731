#include "core/base/memo.h"

#include <doctest/doctest.h>

#include <string>

using namespace procatlas;

TEST_CASE("Memo makes a value once for each key, and again when the key comes back after another") {
    Memo<int, std::string> memo;
    CHECK(memo.last().empty());
    const auto made_for = [&](int key) { return memo.at(key, [key] { return std::to_string(key); }); };
    CHECK(made_for(0) == "0");  // a default key is a key too
    CHECK(made_for(0) == "0");
    CHECK(memo.made() == 1);
    CHECK(made_for(7) == "7");
    CHECK(made_for(0) == "0");
    CHECK(memo.made() == 3);
    CHECK(memo.last() == "0");
}
