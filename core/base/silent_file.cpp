#include "core/base/silent_file.h"

#include "core/base/child_program.h"

namespace procatlas {

bool answers_in_time(const std::filesystem::path& path, std::chrono::milliseconds patience) {
    constexpr std::chrono::milliseconds kill_patience(100);
    auto asked = ChildProgram::start({.words = {"/usr/bin/test", "-e", std::filesystem::absolute(path).native()},
                                      .signals = ChildSignals::fresh,
                                      .kill_patience = kill_patience});
    return !asked || asked->wait_for_end(patience).has_value();
}

}  // namespace procatlas
