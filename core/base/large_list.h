// A list that is appended to for as long as a run goes on: like a vector, but growing copies nothing where nobody limits our
// addresses, and older elements need not be in memory (large_memory.h). What elements point to stays there. One thread writes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "core/base/large_memory.h"

namespace procatlas {

template <typename T>
class LargeList {
public:
    LargeList() = default;
    LargeList(LargeList&& other) noexcept : memory_(std::move(other.memory_)), size_(std::exchange(other.size_, 0)) {}
    LargeList& operator=(LargeList&& other) noexcept {
        std::swap(memory_, other.memory_);
        std::swap(size_, other.size_);
        return *this;
    }
    LargeList(const LargeList&) = delete;
    LargeList& operator=(const LargeList&) = delete;
    ~LargeList() { std::destroy_n(data(), size_); }

    template <typename... Arguments>
    T& emplace_back(Arguments&&... arguments) {
        if ((size_ + 1) * sizeof(T) > memory_.size()) {
            make_room();
        }
        T* const made = std::construct_at(data() + size_, std::forward<Arguments>(arguments)...);
        ++size_;
        return *made;
    }
    void push_back(T value) { emplace_back(std::move(value)); }
    // Takes the elements from `size` on away, if there are any.
    void cut(std::size_t size) {
        if (size < size_) {
            std::destroy_n(data() + size, size_ - size);
            size_ = size;
        }
    }

    // The older elements leave the memory of this process until somebody looks at them again. That costs little, and so does
    // looking again while the system has room: to be called wherever many were looked at.
    void let_go() const {
        const std::size_t used = size_ * sizeof(T);
        memory_.let_go_before(used > LargeMemory::step ? used - LargeMemory::step : 0);
    }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    // Like those of a vector, valid until the list grows.
    [[nodiscard]] T& operator[](std::size_t i) { return data()[i]; }
    [[nodiscard]] const T& operator[](std::size_t i) const { return data()[i]; }
    [[nodiscard]] T& back() { return data()[size_ - 1]; }
    [[nodiscard]] const T& back() const { return data()[size_ - 1]; }
    [[nodiscard]] T* begin() { return data(); }
    [[nodiscard]] T* end() { return data() + size_; }
    [[nodiscard]] const T* begin() const { return data(); }
    [[nodiscard]] const T* end() const { return data() + size_; }
    [[nodiscard]] std::span<const T> all() const { return {data(), size_}; }

private:
    static_assert(alignof(T) <= alignof(std::max_align_t) && std::is_nothrow_move_constructible_v<T>);

    void make_room() {
        const std::size_t end = (size_ + 1) * sizeof(T);
        if (end > memory_.reserved()) {
            LargeMemory larger(std::max(end, 2 * memory_.size()));
            larger.grow(end);
            std::uninitialized_move_n(data(), size_, reinterpret_cast<T*>(larger.data()));
            std::destroy_n(data(), size_);
            memory_ = std::move(larger);
        }
        memory_.grow(end);
        let_go();
    }

    [[nodiscard]] T* data() const { return reinterpret_cast<T*>(memory_.data()); }

    LargeMemory memory_;
    std::size_t size_ = 0;
};

}  // namespace procatlas
