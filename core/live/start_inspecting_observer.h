// Starts an observer for a launch, with a reader beside it where the launch asks to look inside.
#pragma once

#include <memory>
#include <string>

#include "core/observe/observer.h"

namespace procatlas {

// Like start_observer; if the launch asks for a grain above none, the events contain the inside of the process. On another
// machine the program has the environment and the working folder that are there, and our TERM where there is none; the kernel
// numbers page frames for root alone.
[[nodiscard]] Result<std::unique_ptr<Observer>> start_inspecting_observer(LaunchCommand launch, std::string only = {},
                                                                          std::shared_ptr<Companions> where = nullptr);

}  // namespace procatlas
