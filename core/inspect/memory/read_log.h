// What was read of a process while something was worked out: as long as the process has the same bytes there, it would come out
// the same.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/address.h"

namespace procatlas {

class ReadLog {
public:
    struct Read {
        Address address = 0;
        std::size_t asked = 0;
        std::size_t got = 0;  // fewer than asked: the next byte could not be read
        std::size_t at = 0;   // of its bytes in `bytes_`
    };

    void add(Address address, std::size_t asked, std::string_view got) {
        if (bytes_.size() + got.size() > most_bytes || reads_.size() >= most_reads) {
            complete_ = false;
            return;
        }
        if (!reads_.empty() && continues(address, asked, got)) {
            reads_.back().asked += asked;
            reads_.back().got += got.size();
        } else {
            reads_.push_back({address, asked, got.size(), bytes_.size()});
        }
        bytes_ += got;
    }
    // False: more was read than is kept.
    [[nodiscard]] bool is_complete() const { return complete_; }
    [[nodiscard]] const std::vector<Read>& reads() const { return reads_; }
    [[nodiscard]] std::string_view bytes_of(const Read& read) const {
        return std::string_view(bytes_).substr(read.at, read.got);
    }

private:
    static constexpr std::size_t most_bytes = 4096;
    static constexpr std::size_t most_reads = 256;

    [[nodiscard]] bool continues(Address address, std::size_t asked, std::string_view got) const {
        const Read& last = reads_.back();
        return last.got == last.asked && got.size() == asked && address == last.address + last.asked;
    }

    std::vector<Read> reads_;
    std::string bytes_;
    bool complete_ = true;
};

}  // namespace procatlas
