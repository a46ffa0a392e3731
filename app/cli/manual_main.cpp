// procatlas-manual page|bash|zsh|fish: prints the manual page or a completion. Used while building, never installed.
#include <cstdio>
#include <map>
#include <string>
#include <string_view>

#include "app/cli/command_line.h"
#include "app/cli/manual.h"

int main(int argc, char** argv) {
    using namespace procatlas;
    const std::map<std::string_view, std::string (*)(const CLI::App&)> writers{
        {"page", manual_page}, {"bash", bash_completion}, {"zsh", zsh_completion}, {"fish", fish_completion}};
    const auto writer = writers.find(argc == 2 ? argv[1] : "");
    if (writer == writers.end()) {
        std::fputs("usage: procatlas-manual page|bash|zsh|fish\n", stderr);
        return 2;
    }
    Typed typed;
    const std::string text = writer->second(*define_command_line(typed));
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0 ? 0 : 1;
}
