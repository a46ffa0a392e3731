// The open dialog, if any: run a command or a program of one's own, keys, process cap, files.
#pragma once

#include <array>
#include <string>

#include "app/paint/frame.h"
#include "app/panels/explore_dialog.h"
#include "app/panels/file_dialogs.h"
#include "app/panels/program_dialog.h"
#include "app/panels/search_dialog.h"
#include "app/panels/share_dialog.h"

namespace procatlas {

class Dialogs {
public:
    void draw(const Frame& frame, Actions& actions);

private:
    void draw_command(const Frame& frame, Actions& actions);
    void draw_help(const Frame& frame, Actions& actions);
    void draw_cap(const Frame& frame, Actions& actions);
    void draw_recent_commands(const Frame& frame);
    void run_command(const Frame& frame, Actions& actions);

    std::array<char, 4096> command_{};
    bool through_shell_ = false;
    bool focus_ = false;
    std::string problem_;
    Dialog shown_ = Dialog::none;
    FileDialogs files_;
    ExploreDialog explore_;
    SearchDialog search_;
    ProgramDialog program_;
    ShareDialog share_;
};

}  // namespace procatlas
