// Moves a write-ahead log into its file on a separate thread, because this waits for the disk (fsync(2)), sometimes for a tenth
// of a second. The thread that writes the recording must not wait.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "core/store/database.h"

namespace procatlas {

class Checkpointer {
public:
    // `database`: a separate connection to the file.
    explicit Checkpointer(Database database);
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;
    ~Checkpointer();

    // Starts a checkpoint of the current log, unless one is running. A failure is not reported, because the log keeps
    // everything.
    void start();

private:
    void loop();

    Database database_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool wanted_ = false;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace procatlas
