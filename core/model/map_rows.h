// The rows of a MapHistory, packed: a recording may have millions. What a row shares with those of other processes is kept
// once. One thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <ranges>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/base/address.h"
#include "core/base/large_list.h"
#include "core/base/mixed_hash.h"
#include "core/model/mapping.h"

namespace procatlas {

// A mapping that was there at every moment of [since, until).
struct MapRow {
    static constexpr std::uint32_t open = std::numeric_limits<std::uint32_t>::max();  // `until` of a mapping that still exists

    AddressRange range;
    std::uint64_t offset = 0;
    std::uint32_t process = 0;  // index in World::processes
    std::uint32_t file = 0;     // index in MapHistory::files
    std::uint32_t since = 0;
    std::uint32_t until = open;
    Permissions permissions;
};

class MapRows {
public:
    // What is mapped, and how.
    struct Piece {
        std::uint64_t offset = 0;
        std::uint32_t file = 0;
        Permissions permissions;

        bool operator==(const Piece&) const = default;
    };
    struct Packed {
        AddressRange range;
        std::uint32_t process = 0;
        std::uint32_t piece = 0;
        std::uint32_t since = 0;
        std::uint32_t until = MapRow::open;
    };

    void push_back(const MapRow& row) {
        const std::uint32_t piece = piece_of({row.offset, row.file, row.permissions});
        rows_.push_back({row.range, row.process, piece, row.since, row.until});
    }
    void let_go() const { rows_.let_go(); }  // see LargeList
    void end_row(std::size_t row, std::uint32_t until) { rows_[row].until = until; }

    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    [[nodiscard]] MapRow operator[](std::size_t row) const {
        const Packed& packed = rows_[row];
        const Piece& piece = pieces_[packed.piece];
        return {packed.range, piece.offset, packed.process, piece.file, packed.since, packed.until, piece.permissions};
    }
    // All of them, each a MapRow. Valid while no row is added.
    [[nodiscard]] auto all() const {
        return std::views::iota(std::size_t{0}, size()) |
               std::views::transform([this](std::size_t row) { return (*this)[row]; });
    }
    // The same without what they share.
    [[nodiscard]] std::span<const Packed> packed() const { return rows_.all(); }

    [[nodiscard]] std::span<const Piece> pieces() const { return pieces_; }
    // Gives each piece another file: that at its present one's place in `files`, which has one for each.
    void rename_files(std::span<const std::uint32_t> files) {
        pieces_by_value_.clear();
        for (std::uint32_t i = 0; i < pieces_.size(); ++i) {
            pieces_[i].file = files[pieces_[i].file];
            pieces_by_value_.emplace(pieces_[i], i);
        }
    }

private:
    struct PieceHash {
        std::size_t operator()(const Piece& piece) const {
            const std::uint64_t how = (piece.permissions.read ? 1u : 0u) | (piece.permissions.write ? 2u : 0u) |
                                      (piece.permissions.execute ? 4u : 0u) | (piece.permissions.shared ? 8u : 0u);
            // Mixed between the parts: a file could choose offsets and files that meet otherwise.
            return mixed_hash(mixed_hash(piece.offset) + (std::uint64_t{piece.file} << 4 | how));
        }
    };

    std::uint32_t piece_of(const Piece& piece) {
        const auto [known, added] = pieces_by_value_.try_emplace(piece, static_cast<std::uint32_t>(pieces_.size()));
        if (added) {
            pieces_.push_back(piece);
        }
        return known->second;
    }

    LargeList<Packed> rows_;
    std::vector<Piece> pieces_;
    std::unordered_map<Piece, std::uint32_t, PieceHash> pieces_by_value_;
};

}  // namespace procatlas
