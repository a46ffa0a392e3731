// Shares the run with a class: whom to let in, then the address, the class code, the QR code and how many are there.
#pragma once

#include "app/paint/frame.h"

namespace procatlas {

class ShareDialog {
public:
    void draw(const Frame& frame, Actions& actions);

private:
    bool was_open_ = false;
    bool asks_names_ = false;
};

}  // namespace procatlas
