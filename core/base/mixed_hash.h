// A hash for numbers that a file may have chosen: it cannot choose them so that they collide.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

namespace procatlas {

// The finaliser of splitmix64 (Steele, Lea, Flood 2014), from a start that differs from process to process.
[[nodiscard]] inline std::size_t mixed_hash(std::uint64_t value) {
    static const std::uint64_t start = std::uint64_t{std::random_device{}()} << 32 | std::random_device{}();
    value += start;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return static_cast<std::size_t>(value ^ (value >> 31));
}

}  // namespace procatlas
