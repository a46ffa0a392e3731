// Which source files and functions of the programs under observation are not known yet: what to ask the reader about them, and
// what of its answers a recording keeps. Pure.
#pragma once

#include <cstdint>
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
    // What the frames of `stack` name for the first time, a few questions at a time.
    [[nodiscard]] std::vector<ReaderRequest> questions(std::int32_t pid, const Stack& stack);
    // Puts the answer to one of them into `learnt`. A file that cannot be read is told with the reason.
    void answered(ReaderReply reply, Learnt& learnt);

    void forked(std::int32_t parent, std::int32_t child);
    // Another program, or none any more.
    void forget(std::int32_t pid) { code_.erase(pid); }

private:
    using Ranges = std::map<Address, Address>;  // start and end of what was asked for

    bool ask_code(std::int32_t pid, Address counter);
    void keep_source(const std::string& path, Result<std::string> text, Learnt& learnt);

    std::set<std::string, std::less<>> files_;
    std::unordered_map<std::int32_t, Ranges> code_;  // by pid
    ByteCount source_kept_ = 0;
    ByteCount code_kept_ = 0;
};

}  // namespace procatlas
