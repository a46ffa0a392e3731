// Makes an exercise of a figure: where its texts name what is asked for, a line to write on stands instead. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/narrate/moment_context.h"
#include "core/scene/scene.h"
#include "core/scene/veils.h"

namespace procatlas {

class Blanks {
public:
    Blanks(const Veils& veils, const MomentContext& context);

    // Texts that people read as sentences.
    [[nodiscard]] std::string text(std::string_view text) const;
    // All labels; what stands at the right of its box stays there. Where kinds are asked for, colours and hatches do not tell
    // them either.
    void apply(Scene& scene, const TextMeasure& measure) const;

private:
    [[nodiscard]] std::string blanked(std::string_view text, bool whole_value) const;
    [[nodiscard]] std::size_t number_size(std::string_view text, std::size_t at) const;  // of a process; 0: none is there
    [[nodiscard]] std::size_t match(std::string_view text, std::size_t at, bool whole_value) const;

    Veils veils_;
    // Longest first. "{}" in one stands for anything up to the next blank.
    std::vector<std::string> words_;
    std::vector<std::string> values_;
    std::vector<std::string> numbers_;  // of processes and threads
};

}  // namespace procatlas
