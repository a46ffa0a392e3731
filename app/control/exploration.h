// The exploration of the program in the window (core/explore): on a thread of its own, with a recording of each outcome in a
// folder that goes with the window. Window thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/control/background.h"
#include "core/base/result.h"
#include "core/explore/explore.h"
#include "core/model/command.h"
#include "core/store/temporary_folder.h"

namespace procatlas {

// What the dialog shows of it.
struct ExplorationView {
    bool running = false;
    std::string title;              // of the program; raw bytes
    std::optional<Explored> found;  // nullopt: nothing was explored yet, or it failed
    std::string problem;            // why it failed; else empty
};

class Exploration {
public:
    // Explores the program from the beginning; what was going on before is given up.
    void begin(LaunchCommand launch, const std::string& title, ExplorationView& view);
    // The runs that are under way end.
    void cancel(ExplorationView& view);
    // Takes what has come. True: there is something new to show.
    bool pump(ExplorationView& view);
    // Readable when `pump` should be called; -1: nothing is going on.
    [[nodiscard]] int descriptor() const { return work_.descriptor(); }

private:
    Background<Result<Explored>> work_;
    std::vector<std::shared_ptr<const TemporaryFolder>> folders_;  // a recording of an earlier one may be shown still
};

}  // namespace procatlas
