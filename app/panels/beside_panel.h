// Two recordings side by side: what is equal in them and what is not in sentences, and below it the memory and the output of
// each at moments at which the same happened, up to where they part.
#pragma once

#include <array>
#include <cstddef>
#include <tuple>

#include "app/control/beside.h"
#include "app/paint/frame.h"
#include "core/base/memo.h"
#include "core/scene/scene.h"

namespace procatlas {

class BesidePanel {
public:
    // `frame.view.beside.runs` is not null. In pixels, the whole window.
    void draw(const Frame& frame, Actions& actions, float width, float height);

private:
    struct Seen {
        Scene stage;
        Scene output;
        std::string said;  // what happened at the moment
    };
    // Which runs, the step, the fonts and the language, the size.
    using Key = std::tuple<const Beside*, std::size_t, std::size_t, float, float>;

    static void draw_head(const Frame& frame, Actions& actions, const Box& place);
    void draw_side(const Frame& frame, std::size_t side, const Box& place);
    static void draw_found(const Frame& frame, const Box& place);

    std::array<Memo<Key, Seen>, 2> seen_;
};

}  // namespace procatlas
