// A lesson beside the stage: what it is about, the text of the step, the question with its answer.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "app/paint/frame.h"

namespace procatlas {

class LessonPanel {
public:
    // `place` in pixels. Each returns nothing but draws inside it; `frame.lesson` is not null.
    static float draw_header(const Frame& frame, Actions& actions, const Box& place);
    static void draw_text(const Frame& frame, const Box& place);
    void draw_question(const Frame& frame, Actions& actions, const Box& place);
    // How high the question wants to be.
    [[nodiscard]] static float question_height(const Frame& frame);

private:
    void draw_open(const Frame& frame, Actions& actions, const Question& question);
    void draw_choices(const Frame& frame, Actions& actions, const Question& question, const GivenAnswer* given) const;
    void draw_typed(const Frame& frame, Actions& actions, const Question& question);
    void draw_boxes(const Frame& frame, Actions& actions, const Question& question);
    static void draw_order(const Frame& frame, Actions& actions, const Question& question);
    static void draw_answered(const Frame& frame, const Question& question, const GivenAnswer& given);
    static void draw_walk(const Frame& frame, Actions& actions);

    using Field = std::array<char, 512>;
    Field typed_{};
    std::vector<Field> boxes_;            // of a question to fill in, one for each item
    std::size_t focus_box_ = 0;           // which of them takes the keyboard with `focus_`
    const Question* question_ = nullptr;  // that the state below is about
    bool focus_ = false;                  // the field takes the keyboard at the next draw
    CueWatch asked_;                      // for the keyboard
    std::string refused_;                 // why what was typed is no answer; empty: nothing was
};

// Draws a panel that hides what would give the answer away.
void draw_veil(const Frame& frame, const char* id, const Box& place, std::string_view title);

}  // namespace procatlas
