#include "core/observe/linux/launch/launch.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace procatlas;

TEST_CASE("where a program may be is worked out without a look at any file") {
    using Paths = std::vector<std::string>;
    CHECK(candidates_for("./program", {"PATH=/a"}) == Paths{"./program"});
    CHECK(candidates_for("program", {"PATH=/a:/b"}) == Paths{"/a/program", "/b/program"});
    CHECK(candidates_for("program", {"PATH=bin::/b"}) == Paths{"bin/program", "./program", "/b/program"});
    CHECK(candidates_for("program", {"HOME=/"}) == Paths{"/usr/local/bin/program", "/usr/bin/program", "/bin/program"});
    // It is looked for even where it can be in one folder only.
    CHECK(candidates_for("program", {"PATH=/a"}) == Paths{"/a/program", "/a/program"});
}
