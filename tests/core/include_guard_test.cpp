// Dependencies point one way: this reads every #include of ours against the table of the plan (core/README.md).
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace {

namespace fs = std::filesystem;
const fs::path source_folder = PROCATLAS_SOURCE_DIR;

// What the headers and sources of each folder may include, besides those of the folder itself.
const std::map<std::string, std::set<std::string>> table{
    {"core/base", {}},
    {"core/compile", {"base"}},
    {"core/confine", {"base"}},
    {"core/model", {"base"}},
    {"core/stream", {"base", "model"}},
    {"core/scene", {"base", "model"}},
    {"core/narrate", {"base", "model"}},
    {"core/observe", {"base", "model", "stream"}},
    {"core/observe/linux/launch", {"base", "model"}},
    {"core/observe/linux/proc", {"base", "model", "stream"}},
    {"core/observe/linux/step", {"base", "model", "observe/linux/proc"}},
    {"core/observe/linux/trace",
     {"base", "model", "observe/linux/launch", "observe/linux/proc", "observe/linux/step", "stream"}},
    {"core/observe/linux/watch", {"base", "model", "observe/linux/proc", "observe/linux/trace"}},
    {"core/observe/linux",
     {"base", "observe/linux/launch", "observe/linux/proc", "observe/linux/trace", "observe/linux/watch", "stream"}},
    {"core/inspect/client", {"base", "model", "stream"}},
    {"core/inspect/memory", {"base", "model", "stream"}},
    {"core/inspect/elf", {"base", "model"}},
    {"core/inspect/dwarf", {"base", "inspect/elf", "inspect/memory", "model"}},
    {"core/inspect/values", {"base", "inspect/dwarf", "inspect/memory", "model"}},
    {"core/inspect/heap", {"base", "inspect/dwarf", "inspect/memory", "model"}},
    {"core/inspect/code", {"base", "inspect/dwarf", "inspect/memory", "inspect/values", "model"}},
    {"core/inspect",
     {"base", "confine", "inspect/client", "inspect/code", "inspect/dwarf", "inspect/elf", "inspect/heap", "inspect/memory",
      "inspect/values", "stream"}},
    {"core/far", {"base", "inspect/client", "stream"}},
    {"core/store", {"base", "model", "stream"}},
    {"core/open", {"base", "confine", "export/carry", "store"}},
    {"core/live", {"base", "inspect/client", "model", "observe", "store"}},
    {"core/explore", {"base", "live", "model", "observe"}},
    {"core/lesson", {"base", "model", "narrate", "store"}},
    {"core/layout", {"model", "narrate", "scene"}},
    {"core/layout/memory", {"base", "model", "narrate", "scene"}},
    {"core/layout/processes", {"model", "narrate"}},
    {"core/layout/tree", {"base", "layout", "layout/processes", "model", "narrate", "scene"}},
    {"core/layout/timeline", {"base", "layout", "layout/processes", "model", "narrate", "scene"}},
    {"core/layout/listing", {"base", "layout", "model", "narrate", "scene"}},
    {"core/layout/inside", {"base", "layout", "model", "narrate", "scene"}},
    {"core/layout/pages", {"base", "layout", "layout/memory", "model", "narrate", "scene"}},
    {"core/layout/stage", {"base", "layout", "model", "narrate", "scene"}},
    {"core/layout/storyboard",
     {"base", "layout", "layout/memory", "layout/processes", "layout/stage", "layout/tree", "model", "narrate", "scene"}},
    {"core/export/carry", {"base"}},
    {"core/export/request", {"base", "layout/memory", "layout/processes", "model", "narrate", "scene"}},
    {"core/export/data", {"base", "export/request", "layout/listing", "layout/pages", "model", "narrate"}},
    {"core/export/picture",
     {"base", "export/carry", "export/request", "layout", "layout/inside", "layout/listing", "layout/memory", "layout/pages",
      "layout/processes", "layout/stage", "layout/storyboard", "layout/timeline", "layout/tree", "model", "narrate", "scene"}},
    {"core/export/page",
     {"base", "export/data", "export/picture", "export/request", "layout/memory", "layout/stage", "layout/timeline",
      "layout/tree", "model", "narrate", "scene"}},
    {"core/export/paper", {"base", "export/picture", "narrate", "scene"}},
    {"core/serve",
     {"base", "export", "export/data", "export/page", "export/picture", "export/request", "lesson", "model", "narrate"}},
    {"core/export", {"base", "export/carry", "export/data", "export/page", "export/picture", "export/request", "model"}},
};

// For each folder of app/: the other folders of app/ that it may include. Each of them may include all of core.
const std::map<std::string, std::set<std::string>> app_table{
    {"app/control", {}},
    {"app/cli", {"app/control"}},
    {"app/paint", {"app/control"}},
    {"app/panels", {"app/control", "app/paint"}},
    {"app/window", {"app/control", "app/paint", "app/panels"}},
    {"app", {"app/cli", "app/control", "app/window"}},
};

// "core/inspect/client" of core/inspect/client/x.h.
std::string folder_of(std::string_view path) {
    return std::string(path.substr(0, std::min(path.rfind('/'), path.size())));
}

bool is_ours(std::string_view header) {
    return header.starts_with("core/") || header.starts_with("app/");
}

bool may_include(const std::string& from, const std::string& to) {
    if (from == to) {
        return true;
    }
    if (from.starts_with("app")) {
        const auto row = app_table.find(from);
        REQUIRE_MESSAGE(row != app_table.end(), from << " is not in the table");
        return to.starts_with("core/") || row->second.contains(to);
    }
    const auto row = table.find(from);
    REQUIRE_MESSAGE(row != table.end(), from << " is not in the table");
    return to.starts_with("core/") && row->second.contains(to.substr(5));
}

bool is_window_library(std::string_view header) {
    constexpr std::array<std::string_view, 6> names{"imgui", "backends/imgui", "GLFW/", "glad/", "GL/", "EGL/"};
    return std::ranges::any_of(names, [&](std::string_view name) { return header.starts_with(name); });
}

// The text between the quotes or brackets of an #include line; empty for other lines.
std::string included(std::string_view line) {
    if (!line.starts_with("#include")) {
        return {};
    }
    const auto open = line.find_first_of("\"<");
    const auto close = line.find_last_of("\">");
    return open == line.npos || close <= open ? std::string() : std::string(line.substr(open + 1, close - open - 1));
}

template <typename Visit>
int for_each_include(const char* folder, Visit visit) {
    int files = 0;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(source_folder / folder)) {
        if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") {
            continue;
        }
        ++files;
        const std::string name = fs::relative(entry.path(), source_folder);
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);) {
            if (const std::string header = included(line); !header.empty()) {
                visit(name, header);
            }
        }
    }
    return files;
}

}  // namespace

TEST_CASE("every include is one that the architecture allows") {
    const auto check = [](const std::string& file, const std::string& header) {
        if (is_ours(header)) {
            CHECK_MESSAGE(may_include(folder_of(file), folder_of(header)), file << " includes " << header);
            CHECK_MESSAGE(fs::exists(source_folder / header), file << " includes " << header);
        }
    };
    CHECK(for_each_include("core", check) > 10);
    for_each_include("app", check);
}

// A row that allows more than the code needs would let the next include slip through.
TEST_CASE("the table of includes allows nothing that no file needs") {
    std::set<std::pair<std::string, std::string>> used;
    const auto note = [&](const std::string& file, const std::string& header) {
        if (is_ours(header)) {
            used.emplace(folder_of(file), folder_of(header));
        }
    };
    for_each_include("core", note);
    for_each_include("app", note);
    for (const auto& [from, row] : table) {
        for (const std::string& to : row) {
            CHECK_MESSAGE(used.contains({from, "core/" + to}), from << " does not include " << to);
        }
    }
    for (const auto& [from, row] : app_table) {
        for (const std::string& to : row) {
            CHECK_MESSAGE(used.contains({from, to}), from << " does not include " << to);
        }
    }
}

// In a cycle, two rooms would in fact be one.
TEST_CASE("no two folders include one another, by whatever way") {
    std::map<std::string, std::set<std::string>> edges = app_table;
    for (const auto& [from, row] : table) {
        std::set<std::string>& edge = edges[from];
        for (const std::string& to : row) {
            edge.insert("core/" + to);
        }
    }
    std::set<std::string> done;
    while (done.size() < edges.size()) {  // a folder is done when all folders that it includes are done
        const auto next = std::ranges::find_if(edges, [&](const auto& edge) {
            return !done.contains(edge.first) &&
                   std::ranges::all_of(edge.second, [&](const std::string& to) { return done.contains(to); });
        });
        REQUIRE(next != edges.end());
        done.insert(next->first);
    }
}

TEST_CASE(
    "only app sees the window's libraries, only the reader sees libelf, libdw and capstone, and only figures see cairo and "
    "pango") {
    for_each_include("core", [](const std::string& file, const std::string& header) {
        CHECK_MESSAGE(!is_window_library(header), file << " includes " << header);
        const bool elf_library = header == "libelf.h" || header == "gelf.h" || header == "dwarf.h" ||
                                 header.starts_with("elfutils/") || header.starts_with("capstone/");
        const bool reader = file.starts_with("core/inspect/") && !file.starts_with("core/inspect/client/");
        CHECK_MESSAGE((!elf_library || reader), file << " includes " << header);
        const bool drawing_library = header.starts_with("cairo") || header.starts_with("pango/");
        CHECK_MESSAGE((!drawing_library || file.starts_with("core/export/picture/")), file << " includes " << header);
    });
}

TEST_CASE("every header can be included twice") {
    for (const char* folder : {"core", "app"}) {
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(source_folder / folder)) {
            if (entry.path().extension() != ".h") {
                continue;
            }
            std::ifstream file(entry.path());
            bool guarded = false;
            for (std::string line; std::getline(file, line);) {
                guarded |= line == "#pragma once";
            }
            CHECK_MESSAGE(guarded, entry.path().string());
        }
    }
}
