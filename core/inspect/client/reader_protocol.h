// What procatlas-reader can be asked and what it answers: frames (core/stream/frame.h), one answer for each question, in order.
// Stop a process before asking about it: if it runs, the answer mixes several states of it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/result.h"
#include "core/model/grain.h"
#include "core/model/image.h"
#include "core/model/inside.h"
#include "core/model/learnt.h"

namespace procatlas {

// Of questions and answers as they are here; raise it if you change them. What they share with the stream has its version too.
inline constexpr std::uint64_t reader_version = 1;
inline constexpr ByteCount bytes_request_limit = 1u << 20;
inline constexpr ByteCount source_limit = 2u << 20;

// The file of a mapping, as the kernel names it. It must still be the one with this device and inode.
struct ElfImageRequest {
    using Answer = ElfImage;
    std::string path;
    std::uint32_t device_major = 0;
    std::uint32_t device_minor = 0;
    std::uint64_t inode = 0;
    pid_t pid = 0;  // who has it mapped: a path means what it means in this process's root; 0: in ours

    bool operator==(const ElfImageRequest&) const = default;
};

// Where to put breakpoints into the program that the process runs, in the addresses of the process.
struct PlanRequest {
    using Answer = BreakpointPlan;
    pid_t pid = 0;
    FollowedCode followed = FollowedCode::own;

    bool operator==(const PlanRequest&) const = default;
};

// The inside of the process of a stopped thread, as far as it is asked for.
struct InsideRequest {
    using Answer = Inside;
    pid_t pid = 0;
    pid_t thread = 0;
    Registers registers{};
    bool heap = false;
    bool globals = false;
    bool pieces = false;
    bool stack = true;  // and the next instruction

    bool operator==(const InsideRequest&) const = default;
};

// Reads memory of a process, at most `bytes_request_limit` bytes.
struct BytesRequest {
    using Answer = MemoryBytes;
    pid_t pid = 0;
    AddressRange range;

    bool operator==(const BytesRequest&) const = default;
};

// The function that contains `address`, all of it unless it is too long.
struct FunctionRequest {
    using Answer = FunctionCode;
    pid_t pid = 0;
    Address address = 0;

    bool operator==(const FunctionRequest&) const = default;
};

// The present text of a source file (StackFrame::file). A relative path starts at the working folder of process `pid`.
struct SourceRequest {
    using Answer = SourceText;
    pid_t pid = 0;
    std::string path;

    bool operator==(const SourceRequest&) const = default;
};

using ReaderRequest = std::variant<ElfImageRequest, PlanRequest, InsideRequest, BytesRequest, SourceRequest, FunctionRequest>;
// In the same order as the questions.
using ReaderAnswer = std::variant<ElfImage, BreakpointPlan, Inside, MemoryBytes, SourceText, FunctionCode>;

// The subject of a question, in words: "/usr/bin/cat", "process 42".
[[nodiscard]] std::string subject_of(const ReaderRequest& request);

// Each encode_ returns one whole frame; each parse_ takes the contents of one. Hostile bytes give an Error (nullopt).
[[nodiscard]] std::string encode_request(const ReaderRequest& request);
[[nodiscard]] std::optional<ReaderRequest> parse_request(std::string_view frame);
[[nodiscard]] std::string encode_answer(const Result<ReaderAnswer>& answer);
[[nodiscard]] Result<ReaderAnswer> parse_answer(std::string_view frame);

}  // namespace procatlas
