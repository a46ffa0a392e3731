// What is asked of procatlas-reader and what it answers: frames (core/stream/frame.h), one answer a question, in order.
// Questions about a process want it stopped: what changes while it is read comes out mixed.
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

inline constexpr ByteCount bytes_request_limit = 1u << 20;
inline constexpr ByteCount source_limit = 2u << 20;

// The file of a mapping, as the kernel told it.
struct ElfImageRequest {
    using Answer = ElfImage;
    std::string path;
    std::uint32_t device_major = 0;
    std::uint32_t device_minor = 0;
    std::uint64_t inode = 0;  // a file with another one is refused: it is no longer what the process runs

    bool operator==(const ElfImageRequest&) const = default;
};

// Where to stop the program that the process runs, in its addresses.
struct PlanRequest {
    using Answer = BreakpointPlan;
    pid_t pid = 0;

    bool operator==(const PlanRequest&) const = default;
};

// What lies inside the process of a stopped thread: its stack, and what else is asked for.
struct InsideRequest {
    using Answer = Inside;
    pid_t pid = 0;
    pid_t thread = 0;
    Registers registers{};
    bool heap = false;
    bool globals = false;
    bool pieces = false;

    bool operator==(const InsideRequest&) const = default;
};

// Memory of a process, at most `bytes_request_limit` of it.
struct BytesRequest {
    using Answer = MemoryBytes;
    pid_t pid = 0;
    AddressRange range;

    bool operator==(const BytesRequest&) const = default;
};

// The function that `address` lies in, whole where it is not too long.
struct FunctionRequest {
    using Answer = FunctionCode;
    pid_t pid = 0;
    Address address = 0;

    bool operator==(const FunctionRequest&) const = default;
};

// The text of a source file (StackFrame::file), as it is now; `pid` is the process whose folder a relative path counts from.
struct SourceRequest {
    using Answer = SourceText;
    pid_t pid = 0;
    std::string path;

    bool operator==(const SourceRequest&) const = default;
};

using ReaderRequest = std::variant<ElfImageRequest, PlanRequest, InsideRequest, BytesRequest, SourceRequest, FunctionRequest>;
// In the order of the questions.
using ReaderAnswer = std::variant<ElfImage, BreakpointPlan, Inside, MemoryBytes, SourceText, FunctionCode>;

// What a question is about, in words: "/usr/bin/cat", "process 42".
[[nodiscard]] std::string subject_of(const ReaderRequest& request);

// Each encode_ gives one whole frame; each parse_ takes what is inside one. Hostile bytes are an Error (nullopt).
[[nodiscard]] std::string encode_request(const ReaderRequest& request);
[[nodiscard]] std::optional<ReaderRequest> parse_request(std::string_view frame);
[[nodiscard]] std::string encode_answer(const Result<ReaderAnswer>& answer);
[[nodiscard]] Result<ReaderAnswer> parse_answer(std::string_view frame);

}  // namespace procatlas
