#include "core/inspect/dwarf/own_source.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/text.h"

namespace procatlas {
namespace {

// Folders in which nobody keeps work of their own. /usr/src is not among them: images for containers have the student's program
// there.
constexpr std::array<std::string_view, 24> library_folders{
    "/usr/include/", "/usr/lib/",       "/usr/lib32/",        "/usr/lib64/",
    "/usr/libx32/",  "/usr/libexec/",   "/usr/local/lib/",    "/usr/local/go/",
    "/lib/",         "/lib64/",         "/usr/local/lib64/",  "/usr/local/include/",
    "/usr/share/go", "/usr/src/debug/", "/usr/src/rustc-",    "/usr/local/rustup",
    "/rustc/",       "/rust/deps/",     "/nix/store/",        "/gnu/store/",
    "/snap/",        "/usr/local/cuda", "/usr/share/libc++/", "/proc/self/cwd/external/",
};

// Parts of a path that name a toolchain or a package cache wherever they stand.
constexpr std::array<std::string_view, 32> library_parts{
    "/include/c++/",     "/lib/gcc/",        "/lib/clang/",    "/include/g++-v", "/lib/rustlib/src/", "/.cargo/registry/",
    "/.cargo/git/",      "/cargo/registry/", "/cargo/git/",    "/.rustup/",      "/go/pkg/mod/",      "/pkg/mod/cache/",
    "/site-packages/",   "/dist-packages/",  "/node_modules/", "/.conan/data/",  "/.conan2/p/",       "/vcpkg_installed/",
    "/vcpkg/installed/", "/.linuxbrew/",     "/include/bits/", "/build/glibc-",  "/build/gcc-",       "/golang.org/toolchain@",
    "/_deps/",           "/.opam/",          "/lib/zig/",      "/zig/lib/std/",  "/compiler-rt/lib/", "/libstdc++-v3/",
    "/libgcc/",          "/build/musl-",
};

// The first folders of Go's standard packages. A path that begins with another one is of a module.
constexpr std::array<std::string_view, 59> go_packages{
    "archive",
    "arena",
    "bufio",
    "builtin",
    "bytes",
    "cmd",
    "cmp",
    "compress",
    "container",
    "context",
    "crypto",
    "database",
    "debug",
    "embed",
    "encoding",
    "errors",
    "expvar",
    "flag",
    "fmt",
    "go",
    "hash",
    "html",
    "image",
    "index",
    "internal",
    "io",
    "iter",
    "log",
    "maps",
    "math",
    "mime",
    "net",
    "os",
    "path",
    "plugin",
    "reflect",
    "regexp",
    "runtime",
    "slices",
    "sort",
    "strconv",
    "strings",
    "structs",
    "sync",
    "syscall",
    "testing",
    "text",
    "time",
    "unicode",
    "unique",
    "unsafe",
    "vendor",
    "weak",
    "_cgo_export.c",
    "_cgo_gotypes.go",
    "_cgo_main.c",
    "cgo-gcc-prolog",
    "cgo-generated-wrappers",
    "_testmain.go",
};

// Without "//", "/./" and "/../", because clang names headers by way of its own folder.
std::string normal_path(std::string_view path) {
    std::vector<std::string_view> parts;
    const bool absolute = path.starts_with('/');
    while (!path.empty()) {
        const std::size_t slash = std::min(path.find('/'), path.size());
        const std::string_view part = path.substr(0, slash);
        path.remove_prefix(std::min(slash + 1, path.size()));
        if (part == ".." && !parts.empty() && parts.back() != "..") {
            parts.pop_back();
        } else if (!part.empty() && part != "." && (part != ".." || !absolute)) {
            parts.push_back(part);
        }
    }
    std::string normal;
    for (const std::string_view part : parts) {
        normal += normal.empty() && !absolute ? "" : "/";
        normal += part;
    }
    return normal;
}

bool is_of_go(std::string_view path, const StandardPlaces& places) {
    const bool is_go = !places.go.empty() || places.go_trimmed;
    if (!places.go.empty() && path.starts_with(places.go)) {
        return true;
    }
    // Modules of others that were copied into the student's: their names begin with the name of a host.
    constexpr std::string_view vendor = "/vendor/";
    if (const std::size_t at = is_go ? path.find(vendor) : path.npos; at != path.npos) {
        const std::string_view module = path.substr(at + vendor.size());
        const std::size_t slash = module.find('/');
        if (slash != module.npos && module.substr(0, slash).find('.') != module.npos) {
            return true;
        }
    }
    if (!places.go_trimmed || path.starts_with('/')) {
        return false;
    }
    const std::string_view first = path.substr(0, path.find('/'));
    // Modules that were downloaded have their version in the path.
    return std::ranges::find(go_packages, first) != go_packages.end() || path.find("@v") != path.npos;
}

}  // namespace

void add_place_of_go(StandardPlaces& places, std::string_view file) {
    const std::string path = normal_path(file);
    if (const std::size_t at = path.rfind("/runtime/"); at != path.npos) {
        places.go = path.substr(0, at + 1);
    } else if (path.starts_with("runtime/")) {
        places.go_trimmed = true;
    }
}

void add_place_of_rust(StandardPlaces& places, std::string_view unit) {
    constexpr std::string_view library = "/library/";
    const std::string path = normal_path(unit);
    if (const std::size_t at = path.rfind("/library/std/src/lib.rs/@/std."); at != path.npos) {
        places.rust = path.substr(0, at + library.size());
    }
}

bool is_own_source(std::string_view path, const StandardPlaces& places) {
    const std::string normal = normal_path(path);
    const std::string_view name = base_name(normal);
    if (name == "<stdin>" || name == "<anon>") {  // what was typed into gcc or rustc
        return true;
    }
    if (normal.empty() || name.starts_with('<') || name.starts_with("_cgo_")) {
        return false;
    }
    const auto begins = [&](std::string_view folder) { return normal.starts_with(folder); };
    const auto has = [&](std::string_view part) { return normal.find(part) != normal.npos; };
    return std::ranges::none_of(library_folders, begins) && std::ranges::none_of(library_parts, has) &&
           !is_of_go(normal, places) && (places.rust.empty() || !normal.starts_with(places.rust));
}

}  // namespace procatlas
