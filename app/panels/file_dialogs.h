// The dialogs about files: open and save a recording, export a figure.
#pragma once

#include <array>
#include <string>

#include "app/paint/frame.h"

namespace procatlas {

class FileDialogs {
public:
    void draw(const Frame& frame, Actions& actions);

private:
    bool draw_path(const Frame& frame, const char* title, const char* hint);
    bool draw_buttons(const Frame& frame, Actions& actions, const char* what);
    // Of a recording to look at, or to put beside the one of the window.
    void draw_open(const Frame& frame, Actions& actions, bool beside);
    void draw_save(const Frame& frame, Actions& actions);
    void draw_export(const Frame& frame, Actions& actions);
    void set_ending();
    static std::string suggested(const Frame& frame, const std::string& ending);

    std::array<char, 4096> path_{};
    std::array<char, 200> who_{};  // whose answers are saved
    FigureRequest figure_;
    bool focus_ = false;
    int opened_ = 0;  // how often
    Dialog shown_ = Dialog::none;
};

}  // namespace procatlas
