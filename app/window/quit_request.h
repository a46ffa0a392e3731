// SIGTERM, SIGINT and SIGHUP close the window as its button does: the program ends, and the recording becomes one whole file. One
// object a process.
#pragma once

#include "core/base/unique_fd.h"

namespace procatlas {

class QuitRequest {
public:
    // Handles the signals, except those that are ignored (nohup(1)).
    QuitRequest();
    QuitRequest(const QuitRequest&) = delete;
    QuitRequest& operator=(const QuitRequest&) = delete;
    ~QuitRequest();

    // Readable when a signal has come.
    [[nodiscard]] int descriptor() const { return wake_.get(); }
    // The signal; 0: none has come.
    [[nodiscard]] int signal() const;

private:
    UniqueFd wake_;
};

}  // namespace procatlas
