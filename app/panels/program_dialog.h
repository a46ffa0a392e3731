// The dialog that runs a person's own program: its file, out of a folder or of those that were run before, and its arguments;
// then the compiler at work, or what it says.
#pragma once

#include <array>
#include <string>

#include "app/paint/frame.h"

namespace procatlas {

class ProgramDialog {
public:
    void draw(const Frame& frame, Actions& actions);

private:
    void open(const Frame& frame);
    void draw_choice(const Frame& frame, Actions& actions);
    bool draw_field(const Frame& frame, const char* id, std::string_view hint, std::array<char, 4096>& text);
    void draw_folder(const Frame& frame, Actions& actions);
    void draw_recent(const Frame& frame);
    void draw_work(const Frame& frame, Actions& actions);
    void draw_refusal(const Frame& frame);
    void run(const Frame& frame, Actions& actions);

    std::array<char, 4096> path_{};
    std::array<char, 4096> arguments_{};
    std::string problem_;
    bool focus_ = false;
    Dialog shown_ = Dialog::none;
};

}  // namespace procatlas
