// A list of rows of a history, by their numbers. Rows of one map follow one another, so they are kept as runs: a recording may
// have millions. One thread only.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

namespace procatlas {

class RowList {
public:
    void push_back(std::uint32_t row) {
        if (runs_.empty() || row != runs_.back().first + (size_ - runs_.back().at)) {
            runs_.push_back({row, size_});
        }
        ++size_;
    }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] std::uint32_t back() const { return runs_.back().first + (size_ - 1 - runs_.back().at); }
    [[nodiscard]] std::uint32_t operator[](std::size_t i) const {
        const Run& run = *std::prev(std::ranges::upper_bound(runs_, i, {}, &Run::at));
        return run.first + (static_cast<std::uint32_t>(i) - run.at);
    }
    void shrink_to_fit() { runs_.shrink_to_fit(); }

private:
    struct Run {
        std::uint32_t first = 0;
        std::uint32_t at = 0;  // the place of `first` in the list
    };
    std::vector<Run> runs_;
    std::uint32_t size_ = 0;
};

}  // namespace procatlas
