// A person's own program on its way to being run in the window: chosen in a folder, compiled if it must be, or refused with the
// reason. Neither the folder nor the compiler keeps the window waiting.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>

#include "app/control/background.h"
#include "app/control/folder_listing.h"
#include "core/compile/source_program.h"
#include "core/live/live_run.h"

namespace procatlas {

// A program that the person wants to run.
struct OwnRun {
    SourceProgram program;
    std::string working_folder;  // empty: that of the source
    AtFirstEvent at_first = AtFirstEvent::runs;
};

// What the dialog shows of it.
struct OwnProgramView {
    std::optional<SourceProgram> preparing;
    std::optional<SourceProgram> refused;  // it could not be made ready …
    NotReady why;                          // … for this reason
    std::optional<FolderListing> folder;
};

class OwnPrograms {
public:
    struct Ready {
        LaunchCommand launch;
        std::string title;
        std::vector<CompilerMessage> warnings;
    };

    void prepare(OwnRun run, OwnProgramView& view);
    void cancel(OwnProgramView& view);
    void list(const std::filesystem::path& folder);
    // The program that is run now is another one.
    void forget() { running_.reset(); }
    // The own program that was run last; nullopt: another one was.
    [[nodiscard]] const std::optional<OwnRun>& running() const { return running_; }

    // Takes in what has become of it. True: the view changed. Never waits.
    bool pump(OwnProgramView& view);
    // The program that can be started now, once.
    [[nodiscard]] std::optional<Ready> take_ready() { return std::exchange(ready_, std::nullopt); }
    // Readable when there is something to pump; skip negative ones.
    [[nodiscard]] std::array<int, 2> descriptors() const { return {made_.descriptor(), listed_.descriptor()}; }

private:
    std::optional<OwnRun> asked_;
    std::optional<OwnRun> running_;
    std::optional<Ready> ready_;
    Background<std::expected<ReadyProgram, NotReady>> made_;
    Background<FolderListing> listed_;
};

// "~/mine.c" with the home folder in it.
[[nodiscard]] std::filesystem::path without_tilde(std::string_view path);

}  // namespace procatlas
