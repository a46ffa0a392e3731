// Opens a secret link in the person's browser, as `xdg-open` finds it.
#pragma once

#include <memory>
#include <string>

#include "core/base/child_program.h"
#include "core/base/result.h"
#include "core/store/temporary_folder.h"

namespace procatlas {

// Lives as long as the page may be opened. The words of a program can be read by everybody on this machine (/proc/PID/cmdline),
// so the browser is not given the link, but a page in a folder of the person's own that leads to it.
class OpenInBrowser {
public:
    // Does not wait for the browser. Error: there is no xdg-open, or no folder for the page.
    [[nodiscard]] static Result<OpenInBrowser> open(const std::string& link);

private:
    OpenInBrowser(std::shared_ptr<const TemporaryFolder> folder, ChildProgram opener)
        : folder_(std::move(folder)), opener_(std::move(opener)) {}

    std::shared_ptr<const TemporaryFolder> folder_;
    ChildProgram opener_;
};

}  // namespace procatlas
