// The faces of texts: one table for the window and for figures, so that both wrap and cut texts alike.
#pragma once

#include "core/scene/scene.h"

namespace procatlas {

struct TextFace {
    float size = 15;  // from ascender to descender, in the scene's units at 100 % zoom
    bool strong = false;
    bool mono = false;
};

[[nodiscard]] constexpr TextFace face_of(TextStyle style) {
    switch (style) {
        case TextStyle::body:
            return {15, false, false};
        case TextStyle::strong:
            return {15, true, false};
        case TextStyle::small:
            return {14, false, false};
        case TextStyle::title:
            return {18, true, false};
        case TextStyle::headline:
            return {30, true, false};
        case TextStyle::mono:
            return {14, false, true};
        case TextStyle::mono_small:
            return {13.5F, false, true};
    }
    return {};
}

}  // namespace procatlas
