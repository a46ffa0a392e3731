#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>

// The tests link libraries that no program links together. If two types have one name, the linker uses the code of one for
// both.
TEST_CASE("no two headers of core define a type of the same name") {
    namespace fs = std::filesystem;
    const std::regex definition(R"(^(?:struct|class|enum class) ([A-Z]\w*)[^;]*\{)");
    std::map<std::string, std::string> seen;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(fs::path(PROCATLAS_SOURCE_DIR) / "core")) {
        if (entry.path().extension() != ".h") {
            continue;
        }
        std::ifstream stream(entry.path());
        std::string line;
        while (std::getline(stream, line)) {
            std::smatch match;
            if (std::regex_search(line, match, definition)) {
                INFO(entry.path().string() << " and " << seen[match[1]]);
                CHECK(seen[match[1]].empty());
                seen[match[1]] = entry.path().string();
            }
        }
    }
    CHECK(seen.size() > 50);
}
