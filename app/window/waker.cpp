#include "app/window/waker.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <cstdint>
#include <utility>

namespace procatlas {

Waker::Waker() : control_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), thread_([this] { loop(); }) {}

Waker::~Waker() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    kick();
    thread_.join();
}

void Waker::watch(std::vector<int> descriptors) {
    {
        const std::lock_guard lock(mutex_);
        if (descriptors_ == descriptors) {
            return;
        }
        descriptors_ = std::move(descriptors);
    }
    kick();
}

void Waker::kick() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(control_.get(), &one, sizeof one);
}

void Waker::loop() {
    for (;;) {
        std::vector<pollfd> waits = {{control_.get(), POLLIN, 0}};
        {
            const std::lock_guard lock(mutex_);
            if (ending_) {
                return;
            }
            for (const int descriptor : descriptors_) {
                waits.push_back({descriptor, POLLIN, 0});
            }
        }
        if (::poll(waits.data(), waits.size(), -1) < 0) {
            continue;  // EINTR
        }
        if (waits[0].revents != 0) {
            std::uint64_t count = 0;
            [[maybe_unused]] const auto got = ::read(control_.get(), &count, sizeof count);
            continue;  // the descriptors may have changed
        }
        {
            const std::lock_guard lock(mutex_);
            descriptors_.clear();
        }
        glfwPostEmptyEvent();
    }
}

}  // namespace procatlas
