#include "app/cli/open_in_browser.h"

#include <fmt/format.h>

#include <unistd.h>

#include <utility>

#include "core/base/whole_file.h"

namespace procatlas {

Result<OpenInBrowser> OpenInBrowser::open(const std::string& link) {
    auto folder = TemporaryFolder::make();
    if (!folder) {
        return std::unexpected(folder.error());
    }
    const std::string page = (*folder)->path() / "open.html";
    const std::string text = fmt::format(
        "<!DOCTYPE html><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\"><meta http-equiv=\"refresh\" "
        "content=\"0; url={}\"><title>procatlas</title>\n",
        link);
    if (const auto written = write_whole_file(page, text); !written) {
        return std::unexpected(written.error());
    }
    auto opener = ChildProgram::start({.words = {"xdg-open", page},
                                       .descriptors = {{STDIN_FILENO, -1}, {STDOUT_FILENO, -1}, {STDERR_FILENO, -1}},
                                       .signals = ChildSignals::fresh});
    if (!opener) {
        return std::unexpected(opener.error());
    }
    return OpenInBrowser(std::move(*folder), std::move(*opener));
}

}  // namespace procatlas
