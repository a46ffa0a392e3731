// A program that a person wrote: a Python script, a C or C++ source, or a program that the system executes as it is. Here it is
// made into a command: C and C++ are compiled with debug information, without optimization, by the machine's cc or c++.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/compile/compiler_messages.h"

namespace procatlas {

enum class SourceLanguage { python, c, cpp };

// By the ending of its name; nullopt: it is no source of these.
[[nodiscard]] std::optional<SourceLanguage> source_language_of(const std::filesystem::path& file);

// Whether a command whose first word is this means the source, which the system would not execute: it has a source's ending,
// and there is such a file that is neither a script with "#!" nor machine code. Reads the file's first bytes.
[[nodiscard]] bool means_source(const std::filesystem::path& file);

struct SourceProgram {
    std::filesystem::path file;
    std::vector<std::string> arguments;

    bool operator==(const SourceProgram&) const = default;
};

struct ReadyProgram {
    std::vector<std::string> words;         // what to execute
    std::string folder;                     // where the source lies
    std::vector<CompilerMessage> warnings;  // of the compiler
};

// Why there is no program to run.
struct NotReady {
    enum class Why {
        unreadable,   // `detail`: the system's reason
        no_program,   // neither a source nor executable
        no_compiler,  // `detail`: its name
        no_python,
        no_place,  // no cache folder, or it cannot be written; `detail`: the reason
        refused,   // the compiler did not accept it; `messages` say why
        too_slow,  // it did not end in time, and was killed
        cancelled,
        failed,  // the compiler could not be started, or died; `detail`: the reason
    };
    Why why = Why::failed;
    std::string detail;
    std::vector<CompilerMessage> messages;
};

struct CompileLimits {
    std::chrono::milliseconds deadline{60'000};
    int cancel = -1;  // a descriptor that becomes readable where the program is not wanted any more; -1: none
};

// Blocks until the program can be run, or cannot; any thread. Replaces the program that was compiled from the same file before.
[[nodiscard]] std::expected<ReadyProgram, NotReady> make_ready(const SourceProgram& program, const CompileLimits& limits);

// Where compiled programs are kept: $XDG_CACHE_HOME/procatlas/programs, else ~/.cache/procatlas/programs. Error: the
// environment names no place.
[[nodiscard]] Result<std::filesystem::path> compiled_programs_folder();

}  // namespace procatlas
