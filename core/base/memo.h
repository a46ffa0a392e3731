// A value that is expensive to make, kept together with the key that it was made for. One thread only.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>

namespace procatlas {

template <typename Key, typename Value>
class Memo {
public:
    // The value for `key`: `make()` is called only where the last one was for another key.
    template <typename Make>
    const Value& at(Key key, Make make) {
        if (!key_ || *key_ != key) {
            value_ = make();
            key_ = std::move(key);
            ++made_;
        }
        return value_;
    }
    // The last one; a default value before the first.
    [[nodiscard]] const Value& last() const { return value_; }
    // How often a value was made.
    [[nodiscard]] std::size_t made() const { return made_; }

private:
    std::optional<Key> key_;
    Value value_{};
    std::size_t made_ = 0;
};

}  // namespace procatlas
