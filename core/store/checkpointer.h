// Moves a write-ahead log into its file on a thread of its own: that waits for the disk (fsync(2)), for a tenth of a second at
// times, and who writes the recording must not.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "core/store/database.h"

namespace procatlas {

class Checkpointer {
public:
    // `database`: a connection of its own to the file.
    explicit Checkpointer(Database database);
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;
    ~Checkpointer();

    // Starts a checkpoint of what is in the log by now, unless one is under way. A failure is no news: the log keeps all.
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
