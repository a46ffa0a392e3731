// Decides what to ask the reader about the source files and functions of the programs under observation, and which answers a
// recording keeps. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/inspect/client/reader_client.h"
#include "core/model/learnt.h"

namespace procatlas {

class ProgramLearner {
public:
    // Questions about the files and functions that `stack` names for the first time, a few at a time.
    [[nodiscard]] std::vector<ReaderRequest> questions(std::int32_t pid, const Stack& stack);
    // Puts the answer to such a question into `learnt`. If a file cannot be read, it contains the reason.
    void answered(ReaderReply reply, Learnt& learnt);

    void forked(std::int32_t parent, std::int32_t child);
    // The process runs another program now, or has ended.
    void forget(std::int32_t pid) { code_.erase(pid); }

private:
    using Ranges = std::map<Address, Address>;  // start and end of the code that was asked for

    bool ask_code(std::int32_t pid, Address counter);
    void keep_source(const std::string& path, Result<std::string> text, Learnt& learnt);

    std::set<std::string, std::less<>> files_;
    std::unordered_map<std::int32_t, Ranges> code_;  // by pid
    ByteCount source_kept_ = 0;
    ByteCount code_kept_ = 0;
};

}  // namespace procatlas
