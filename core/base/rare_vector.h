// A vector that is nearly always empty, and then takes only the space of a pointer. For data that few of a million events have.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace procatlas {

template <typename T>
class RareVector {
public:
    RareVector() = default;
    RareVector(std::vector<T> values)
        : values_(values.empty() ? nullptr : std::make_unique<std::vector<T>>(std::move(values))) {}
    RareVector(std::initializer_list<T> values) : RareVector(std::vector<T>(values)) {}
    RareVector(const RareVector& other) : RareVector(other.all()) {}
    RareVector(RareVector&&) noexcept = default;
    RareVector& operator=(const RareVector& other) { return *this = RareVector(other); }
    RareVector& operator=(RareVector&&) noexcept = default;
    ~RareVector() = default;

    [[nodiscard]] const std::vector<T>& all() const {
        static const std::vector<T> none;
        return values_ ? *values_ : none;
    }
    [[nodiscard]] bool empty() const { return all().empty(); }
    [[nodiscard]] std::size_t size() const { return all().size(); }
    [[nodiscard]] const T* data() const { return all().data(); }
    [[nodiscard]] const T* begin() const { return data(); }
    [[nodiscard]] const T* end() const { return data() + size(); }
    [[nodiscard]] T* begin() { return values_ ? values_->data() : nullptr; }
    [[nodiscard]] T* end() { return begin() + size(); }
    [[nodiscard]] const T& operator[](std::size_t i) const { return all()[i]; }

    void push_back(T value) {
        if (!values_) {
            values_ = std::make_unique<std::vector<T>>();
        }
        values_->push_back(std::move(value));
    }
    template <typename Condition>
    void erase_if(Condition condition) {
        if (values_ && std::erase_if(*values_, condition) > 0 && values_->empty()) {
            values_.reset();
        }
    }

    bool operator==(const RareVector& other) const { return all() == other.all(); }
    bool operator==(const std::vector<T>& other) const { return all() == other; }

private:
    std::unique_ptr<std::vector<T>> values_;
};

}  // namespace procatlas
