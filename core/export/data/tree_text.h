// The processes as a table with the tree in it: PID, PPID, programs, and what became of each.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/export/data/text_pieces.h"
#include "core/model/world.h"
#include "core/narrate/messages.h"

namespace procatlas {

// Spaces behind `text`, until it is so many terminal columns wide; Hangul and other wide characters take two.
[[nodiscard]] std::string padded(std::string text, std::size_t width);

// The programs of a process, the last one first, without a launcher's: "ls ← bash"; "?": none is known.
[[nodiscard]] std::string programs_text(const World& world, const Process& process);

class TreeText {
public:
    // Holds references.
    TreeText(const World& world, const Messages& words, TextPieces& out) : world_(world), words_(words), out_(out) {}

    // Leaves out who is gone, unless somebody below is there.
    void leave_out_gone();
    void write();

private:
    struct Row {
        std::size_t process = 0;
        std::string lead;
        std::string_view branch;
        std::size_t depth = 0;
    };

    void write_ancestors();
    void write_family(std::size_t first);
    void write_row(const Row& row);
    [[nodiscard]] std::vector<std::size_t> children_of(std::size_t index) const;
    [[nodiscard]] bool is_left_out(std::size_t index) const { return !left_out_.empty() && left_out_[index]; }

    const World& world_;
    const Messages& words_;
    TextPieces& out_;
    std::vector<bool> left_out_;  // empty: nobody
};

}  // namespace procatlas
