// What the tests of the layout share: a measure without fonts, the words, and processes in a few lines.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/text.h"
#include "core/model/world.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"
#include "tests/support/event_of.h"

namespace procatlas {

class FixedMeasure final : public TextMeasure {
public:
    [[nodiscard]] float width(std::string_view text, TextStyle) const override {
        float width = 0;
        for (std::size_t at = 0; at < text.size();) {
            width += next_code_point(text, at) < 0x2E80 ? 7.0F : 13.0F;
        }
        return width;
    }
    [[nodiscard]] float line_height(TextStyle) const override { return 15; }
};

// Letters so many times as wide.
class LargeMeasure final : public TextMeasure {
public:
    explicit LargeMeasure(float times) : times_(times) {}
    [[nodiscard]] float width(std::string_view text, TextStyle style) const override {
        return times_ * FixedMeasure().width(text, style);
    }
    [[nodiscard]] float line_height(TextStyle style) const override { return FixedMeasure().line_height(style); }

private:
    float times_;
};

inline Messages words_of(const std::string& language) {
    const Result<Messages> words = read_messages(std::string(PROCATLAS_SOURCE_DIR) + "/assets/locale/" + language + ".json");
    REQUIRE(words);
    return *words;
}

// What a recording keeps of it.
inline Event kept(ObservedEvent observed) {
    return take_kept(observed);
}

inline ForkEvent fork_of(std::int32_t parent, std::int32_t child) {
    ForkEvent fork;
    fork.child = {child, static_cast<std::uint64_t>(child)};
    fork.child_parent_pid = parent;
    return fork;
}

inline Region region_of(RegionKind kind, Address start, ByteCount size) {
    Region region;
    region.kind = kind;
    region.range = {start, start + size};
    region.permissions.read = true;
    return region;
}

// Whether a label has `part` in it.
inline bool says(const Scene& scene, std::string_view part) {
    return std::ranges::any_of(scene.labels,
                               [&](const SceneLabel& label) { return label.text.find(part) != std::string::npos; });
}

}  // namespace procatlas
