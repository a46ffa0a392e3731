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

// Besides itself, base and model, each may see:
const std::map<std::string, std::set<std::string>> table{
    {"base", {}},
    {"model", {}},
    {"stream", {}},
    {"scene", {}},
    {"narrate", {}},
    {"inspect/client", {"stream"}},  // the reader's answers travel as the events do
    {"inspect", {"inspect/client", "stream"}},
    {"observe", {"stream"}},
    {"store", {"stream"}},
    {"live", {"observe", "inspect/client", "store", "stream"}},
    {"layout", {"narrate", "scene"}},
    {"export", {"narrate", "scene", "layout"}},
};

// "layout" of core/layout/tree/x.h; "app" of app/x.h; empty for what is not ours. Whoever asks the reader sees its client only.
std::string part_of(std::string_view path) {
    if (path.starts_with("app/")) {
        return "app";
    }
    if (!path.starts_with("core/")) {
        return {};
    }
    path.remove_prefix(5);
    if (path.starts_with("inspect/client/")) {
        return "inspect/client";
    }
    return std::string(path.substr(0, path.find('/')));
}

bool allowed(const std::string& from, const std::string& to) {
    if (from == "app") {
        return true;
    }
    if (to == "app") {
        return false;
    }
    const auto row = table.find(from);
    REQUIRE_MESSAGE(row != table.end(), "core/" << from << " is not in the table");
    return to == from || to == "base" || (to == "model" && from != "base") || row->second.contains(to);
}

bool is_window_library(std::string_view header) {
    constexpr std::array<std::string_view, 6> names{"imgui", "backends/imgui", "GLFW/", "glad/", "GL/", "EGL/"};
    return std::ranges::any_of(names, [&](std::string_view name) { return header.starts_with(name); });
}

// What stands between the quotes or brackets of an #include line, else empty.
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
        const std::string to = part_of(header);
        if (!to.empty()) {
            CHECK_MESSAGE(allowed(part_of(file), to), file << " includes " << header);
            CHECK_MESSAGE(fs::exists(source_folder / header), file << " includes " << header);
        }
    };
    CHECK(for_each_include("core", check) > 10);
    for_each_include("app", check);
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
