// Wakes the window's event loop when a descriptor becomes readable, so that the window can sleep until something happens.
#pragma once

#include <mutex>
#include <thread>
#include <vector>

#include "core/base/unique_fd.h"

namespace procatlas {

class Waker {
public:
    Waker();
    Waker(const Waker&) = delete;
    Waker& operator=(const Waker&) = delete;
    ~Waker();

    // Watches `descriptors` (ignores negative ones) until one is readable. Then posts an empty GLFW event and stops watching
    // until the next call.
    void watch(std::vector<int> descriptors);

private:
    void loop();
    void kick() const;

    std::mutex mutex_;
    std::vector<int> descriptors_;
    bool ending_ = false;
    UniqueFd control_;
    std::thread thread_;
};

}  // namespace procatlas
