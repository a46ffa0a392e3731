#include "core/store/checkpointer.h"

#include <utility>

namespace procatlas {

Checkpointer::Checkpointer(Database database) : database_(std::move(database)), thread_([this] { loop(); }) {}

Checkpointer::~Checkpointer() {
    {
        const std::scoped_lock lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Checkpointer::start() {
    {
        const std::scoped_lock lock(mutex_);
        wanted_ = true;
    }
    changed_.notify_all();
}

void Checkpointer::loop() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [&] { return wanted_ || ending_; });
        if (ending_) {
            return;
        }
        lock.unlock();
        ::sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        lock.lock();
        wanted_ = false;
    }
}

}  // namespace procatlas
