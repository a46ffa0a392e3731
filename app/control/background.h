// Work on a thread of its own, so that the window never waits for it: a file system or a compiler may not answer at all.
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "core/base/unique_fd.h"

namespace procatlas {

// One piece of work at a time. Window thread only.
template <typename Answer>
class Background {
public:
    Background() = default;
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;
    ~Background() { cancel(); }

    // Cancels the work of before, whose answer will not come. `work` runs on the other thread, so it owns what it uses. It gets
    // a descriptor that becomes readable when it is not wanted any more. False: there is no thread to be had.
    template <typename Work>
    bool begin(Work work) {
        cancel();
        auto shared = std::make_shared<Shared>();
        try {
            std::thread([shared, work = std::move(work)] {
                Answer answer = work(shared->cancelled.get());
                {
                    const std::lock_guard lock(shared->mutex);
                    shared->answer = std::move(answer);
                }
                raise(shared->done);
            }).detach();
        } catch (const std::system_error&) {
            return false;
        }
        shared_ = std::move(shared);
        return true;
    }

    void cancel() {
        if (shared_) {
            raise(shared_->cancelled);
            shared_.reset();
        }
    }

    [[nodiscard]] bool busy() const { return shared_ != nullptr; }

    // The answer, once. Never waits.
    [[nodiscard]] std::optional<Answer> take() {
        if (!shared_) {
            return std::nullopt;
        }
        std::optional<Answer> answer;
        {
            const std::lock_guard lock(shared_->mutex);
            answer = std::exchange(shared_->answer, std::nullopt);
        }
        if (answer) {
            shared_.reset();
        }
        return answer;
    }

    // Readable when there is an answer to take; -1: no work.
    [[nodiscard]] int descriptor() const { return shared_ ? shared_->done.get() : -1; }

private:
    struct Shared {
        UniqueFd done{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
        UniqueFd cancelled{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
        std::mutex mutex;
        std::optional<Answer> answer;
    };

    static void raise(const UniqueFd& descriptor) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(descriptor.get(), &one, sizeof one);
    }

    std::shared_ptr<Shared> shared_;
};

}  // namespace procatlas
