// The actions that only change what a person looks at: nothing is asked of the program, the recording or the disk.
#pragma once

#include "app/frame.h"
#include "app/keys.h"

namespace procatlas {

// Does `action` where it is one of these; false: it is not.
bool change_view(ViewState& view, Action action);

}  // namespace procatlas
