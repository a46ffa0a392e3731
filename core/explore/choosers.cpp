#include "core/explore/choosers.h"

#include <algorithm>

namespace procatlas {
namespace {

std::optional<std::size_t> index_of(std::span<const Contender> standing, const std::string& who) {
    const auto found =
        std::ranges::find_if(standing, [&](const Contender& one) { return one.who == who && one.standing.may_go; });
    return found == standing.end() ? std::nullopt : std::optional<std::size_t>(found - standing.begin());
}

}  // namespace

std::size_t default_choice(std::span<const Contender> standing, const std::string& last) {
    if (const auto same = index_of(standing, last)) {
        return *same;
    }
    const auto first = std::ranges::find_if(standing, [](const Contender& one) { return one.standing.may_go; });
    return static_cast<std::size_t>(first - standing.begin());
}

std::optional<std::size_t> RandomChooser::choose(std::span<const Contender> standing) {
    std::vector<std::size_t> may_go;
    for (std::size_t i = 0; i < standing.size(); ++i) {
        if (standing[i].standing.may_go) {
            may_go.push_back(i);
        }
    }
    if (may_go.empty()) {
        return std::nullopt;
    }
    return may_go[random_() % may_go.size()];  // the same numbers on every machine, which a distribution does not promise
}

bool RandomChooser::goes(const Contender&, Why) {
    return true;
}

std::optional<std::size_t> ListChooser::choose(std::span<const Contender> standing) {
    if (next_ < names_.size()) {
        if (const auto asked = index_of(standing, names_[next_++])) {
            return asked;
        }
        failed_ = true;
    }
    return default_choice(standing, last_);
}

bool ListChooser::goes(const Contender& one, Why) {
    last_ = one.who;
    return true;
}

}  // namespace procatlas
