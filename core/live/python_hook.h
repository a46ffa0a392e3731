// The hook that makes Python programs tell of themselves (assets/python/sitecustomize.py): how a program gets it, and when it
// cannot. Pure, but for looking for the hook.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/grain.h"

namespace procatlas {

// Whether Python programs tell of themselves: at calls and lines, and at instructions of own code. The interpreter's own
// instructions are a library's, and are followed only where libraries are.
[[nodiscard]] bool tells_python(Grain grain, FollowedCode followed);

// `environment` with the hook in `folder` first on PYTHONPATH, where Python programs are to tell of themselves. Otherwise, or
// with an empty folder, it stays as it is.
[[nodiscard]] std::vector<std::string> with_python_hook(std::vector<std::string> environment, const std::string& folder,
                                                        Grain grain, FollowedCode followed = FollowedCode::own);
// Where the hook is: beside this program, or in its libexec folder. Empty: nowhere.
[[nodiscard]] std::string python_hook_folder();

[[nodiscard]] bool is_python(std::string_view program);
// The option of Python's command line that leaves the hook out ("-I", "-E" or "-S"); empty: none.
[[nodiscard]] std::string leaves_hook_out(std::span<const std::string> arguments);

}  // namespace procatlas
