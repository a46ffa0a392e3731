// A step of a lesson as a class is told it, in each language that the page speaks. Plain values.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/export/request/figure_options.h"
#include "core/lesson/lesson.h"

namespace procatlas {

struct SharedStep {
    struct Words {
        std::string language{};  // "en"
        std::string title{};     // of the lesson
        std::string heading{};
        std::vector<Prose> text{};
        std::string ask{};                 // the question; empty: there is none
        std::vector<std::string> items{};  // of the question: its choices, or what is to be put in order or filled in
        std::string hint{};                // how to type an answer; empty: one is chosen
        std::string right{};               // the answer, where it is known
        std::string said{};                // what the lesson says of it; may be empty
    };
    std::size_t number = 0;  // from 0
    std::size_t count = 0;
    std::vector<Words> words{};
    bool running = false;                   // its program, so that its moment is not known yet
    std::string problem{};                  // why it cannot be shown; empty: it can
    std::optional<FigureOptions> figure{};  // what it shows; nullopt: no picture
    bool asks_names = false;
};

}  // namespace procatlas
