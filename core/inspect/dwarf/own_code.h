// Tells the functions and lines that the student wrote from those of libraries that were compiled into the same program, such
// as the templates of C++'s headers and the runtime of Go.
#pragma once

#include <elfutils/libdw.h>

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "core/inspect/dwarf/own_source.h"
#include "core/inspect/dwarf/program_info.h"
#include "core/inspect/dwarf/rust_derive.h"

namespace procatlas {

// compiler: nobody wrote it (the constructor that a class has without one, the start of static objects, what Rust derives).
enum class Author { student, library, compiler };

class OwnCode {
public:
    // `program` must outlive this.
    explicit OwnCode(const ProgramInfo& program) : program_(program) {}

    // By the file that declares the function, else by that of its first line. Where the debug information names no file, the
    // student has written it: what is told needlessly does less harm than what is left out.
    [[nodiscard]] Author author_of(const FunctionInfo& function);
    // By a name of the line table of `unit`, which stays where it is as long as the debug information is open; null: not own.
    [[nodiscard]] bool is_own_file(const char* file, Dwarf_Die unit);
    [[nodiscard]] bool is_own_path(const std::string& path);
    // Of a Go program: whether the package has a source file of the student's.
    [[nodiscard]] bool is_own_package(const std::string& name);

private:
    [[nodiscard]] Author find_author(const FunctionInfo& function);
    const StandardPlaces& places();
    bool has_own_file(Dwarf_Die unit);

    const ProgramInfo& program_;
    std::optional<StandardPlaces> places_;
    std::unordered_map<const void*, Author> authors_;  // by the entries of functions
    std::unordered_map<const char*, bool> files_;
    std::optional<std::unordered_set<std::string>> packages_;  // those of Go that are own
    RustDerives derives_;
};

}  // namespace procatlas
