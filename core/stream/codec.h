// The encoding of the stream: LEB128 integers (zigzag if signed), length-prefixed strings. Each type has one `fields` function
// for both directions, so that they cannot drift apart.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "core/base/rare_vector.h"

namespace procatlas {

class Encoder {
public:
    explicit Encoder(std::string& out) : out_(out) {}

    template <typename... T>
    void operator()(const T&... values) {
        (put(values), ...);
    }

    void put_unsigned(std::uint64_t value) {
        std::array<char, 10> bytes;
        std::size_t count = 0;
        while (value >= 0x80) {
            bytes[count++] = static_cast<char>(value | 0x80);
            value >>= 7;
        }
        if (count == 0) {  // most often
            out_ += static_cast<char>(value);
            return;
        }
        bytes[count++] = static_cast<char>(value);
        out_.append(bytes.data(), count);
    }
    void put_bytes(std::string_view bytes) {
        put_unsigned(bytes.size());
        out_ += bytes;
    }

private:
    template <typename T>
    void put(const T& value) {
        if constexpr (std::is_enum_v<T>) {
            put_unsigned(static_cast<std::uint64_t>(value));
        } else if constexpr (std::signed_integral<T>) {
            const auto wide = static_cast<std::int64_t>(value);
            put_unsigned((static_cast<std::uint64_t>(wide) << 1) ^ static_cast<std::uint64_t>(wide >> 63));
        } else if constexpr (std::unsigned_integral<T>) {
            put_unsigned(value);
        } else {
            // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): an encoder only reads what `fields` hands it
            fields(*this, const_cast<T&>(value));
        }
    }
    void put(const std::string& value) { put_bytes(value); }
    template <typename T>
    void put(const std::vector<T>& values) {
        put_unsigned(values.size());
        for (const T& value : values) {
            put(value);
        }
    }
    template <typename T>
    void put(const RareVector<T>& values) {
        put(values.all());
    }
    template <typename T>
    void put(const std::optional<T>& value) {
        put(value.has_value());
        if (value) {
            put(*value);
        }
    }

    std::string& out_;
};

// Reads what an Encoder wrote. Hostile input sets `failed`; nothing beyond the bytes is read.
class Decoder {
public:
    explicit Decoder(std::string_view in) : in_(in) {}

    template <typename... T>
    void operator()(T&... values) {
        (get(values), ...);
    }

    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] bool finished() const { return !failed_ && in_.empty(); }
    void fail() {
        failed_ = true;
        in_ = {};
    }

    std::uint64_t get_unsigned() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (in_.empty()) {
                fail();
                return 0;
            }
            const auto byte = static_cast<unsigned char>(in_.front());
            in_.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & 0x7Fu) << shift;
            if ((byte & 0x80u) == 0) {
                return value;
            }
        }
        fail();
        return 0;
    }
    std::string_view get_bytes() {
        const std::uint64_t size = get_unsigned();
        if (size > in_.size()) {
            fail();
            return {};
        }
        const std::string_view bytes = in_.substr(0, size);
        in_.remove_prefix(size);
        return bytes;
    }

private:
    template <typename T>
    void get(T& value) {
        if constexpr (std::same_as<T, bool>) {
            value = get_unsigned() != 0;
        } else if constexpr (std::is_enum_v<T>) {
            const std::uint64_t raw = get_unsigned();
            if (raw > static_cast<std::uint64_t>(last_of(T{}))) {
                fail();
            } else {
                value = static_cast<T>(raw);
            }
        } else if constexpr (std::signed_integral<T>) {
            const std::uint64_t raw = get_unsigned();
            value = static_cast<T>(static_cast<std::int64_t>(raw >> 1) ^ -static_cast<std::int64_t>(raw & 1));
        } else if constexpr (std::unsigned_integral<T>) {
            value = static_cast<T>(get_unsigned());
        } else {
            fields(*this, value);
        }
    }
    void get(std::string& value) { value = get_bytes(); }
    template <typename T>
    void get(std::vector<T>& values) {
        const std::uint64_t count = get_unsigned();
        constexpr std::uint64_t most = 1'000'000;
        if (count > in_.size() || count > most) {  // every element takes at least one byte
            fail();
            return;
        }
        values.resize(count);
        for (T& value : values) {
            get(value);
        }
    }
    template <typename T>
    void get(RareVector<T>& values) {
        std::vector<T> read;
        get(read);
        values = std::move(read);
    }
    template <typename T>
    void get(std::optional<T>& value) {
        bool present = false;
        get(present);
        if (present) {
            get(value.emplace());
        }
    }

    std::string_view in_;
    bool failed_ = false;
};

// Encodes a variant as its index, then the alternative.
template <typename Archive, typename... Alternatives>
void variant_fields(Archive& archive, std::variant<Alternatives...>& value) {
    if constexpr (std::same_as<Archive, Encoder>) {
        archive.put_unsigned(value.index());
        std::visit([&](auto& alternative) { fields(archive, alternative); }, value);
    } else {
        const std::uint64_t index = archive.get_unsigned();
        std::uint64_t at = 0;
        const bool known = ((index == at++ ? (fields(archive, value.template emplace<Alternatives>()), true) : false) || ...);
        if (!known) {
            archive.fail();
        }
    }
}

}  // namespace procatlas
