#include "tests/support/scripted_observer.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

namespace procatlas {

ScriptedObserver::ScriptedObserver(std::vector<ObservedEvent> events, std::size_t batch, Afterwards afterwards)
    : events_(std::move(events)),
      batch_(batch),
      afterwards_(afterwards),
      ready_(::eventfd(events_.empty() ? 0 : 1, EFD_CLOEXEC | EFD_NONBLOCK)) {}

std::vector<ObservedEvent> ScriptedObserver::receive() {
    const std::size_t left = events_.size() - next_;
    const std::size_t count = batch_ == 0 ? left : std::min(batch_, left);
    const auto first = events_.begin() + static_cast<std::ptrdiff_t>(next_);
    std::vector<ObservedEvent> given(std::make_move_iterator(first),
                                     std::make_move_iterator(first + static_cast<std::ptrdiff_t>(count)));
    next_ += count;
    if (played()) {
        std::uint64_t value = 0;
        [[maybe_unused]] const auto got = ::read(ready_.get(), &value, sizeof value);
    }
    return given;
}

Result<void> ScriptedObserver::send(const Command& command) {
    commands_.push_back(command);
    if (std::holds_alternative<StopAllCommand>(command)) {
        afterwards_ = Afterwards::ends;
    }
    return {};
}

void ScriptedObserver::end(const std::string& why) {
    ObservedEvent gap;
    gap.detail = GapEvent{GapCode::observer_lost, why, 0};
    events_.resize(next_);
    events_.push_back(std::move(gap));
    afterwards_ = Afterwards::ends;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto put = ::write(ready_.get(), &one, sizeof one);
}

}  // namespace procatlas
