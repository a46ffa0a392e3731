// Which descriptors lead to the terminal that the programs run on: told by the file behind them, not by their number or their
// path, so duplicates, /dev/tty and the terminal opened once more count too.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace procatlas {

class TerminalFile {
public:
    // `path`: of the terminal. Where there is no such file, nothing leads to it.
    explicit TerminalFile(const std::string& path);

    // Of a stopped thread. False too where the kernel does not let us look. No file is touched: it answers of what it holds.
    [[nodiscard]] bool is_behind(pid_t thread, std::int32_t descriptor) const;

private:
    std::uint32_t device_major_ = 0;
    std::uint32_t device_minor_ = 0;
    std::uint64_t inode_ = 0;  // 0: there is no such file
};

}  // namespace procatlas
