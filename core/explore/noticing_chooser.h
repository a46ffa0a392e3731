// What a run's choices come to while another chooser makes them. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "core/explore/chooser.h"
#include "core/explore/choosers.h"
#include "core/explore/run_order.h"

namespace procatlas {

// Remembers, beside what another chooser chooses, where that is what a ListChooser at its end would have chosen.
class NoticingChooser final : public Chooser {
public:
    explicit NoticingChooser(Chooser& chooser) : chooser_(chooser) {}

    [[nodiscard]] std::optional<std::size_t> choose(std::span<const Contender> standing) override {
        const auto chosen = chooser_.choose(standing);
        if (chosen) {
            needed_ = *chosen == default_choice(standing, last_) ? needed_ : choices_ + 1;
            ++choices_;
        }
        return chosen;
    }
    [[nodiscard]] bool goes(const Contender& one, Why why) override {
        changes_ += last_.empty() || one.who == last_ ? 0 : 1;
        last_ = one.who;
        order_.goes(one);
        return chooser_.goes(one, why);
    }
    void born(const std::string& who, const std::string& parent) override {
        order_.born(who);
        chooser_.born(who, parent);
    }

    // How many of the choices a list needs so that the run is the same.
    [[nodiscard]] std::size_t needed() const { return needed_; }
    // How often another one went than before.
    [[nodiscard]] std::size_t changes() const { return changes_; }
    [[nodiscard]] const RunOrder& order() const { return order_; }

private:
    Chooser& chooser_;
    RunOrder order_;
    std::string last_;
    std::size_t choices_ = 0;
    std::size_t needed_ = 0;
    std::size_t changes_ = 0;
};

}  // namespace procatlas
