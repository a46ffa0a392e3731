// The choosers that need no memory of other runs. Pure.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/explore/chooser.h"

namespace procatlas {

// Any that may go, each as likely as the others.
class RandomChooser final : public Chooser {
public:
    explicit RandomChooser(std::uint64_t seed) : random_(seed) {}
    [[nodiscard]] std::optional<std::size_t> choose(std::span<const Contender> standing) override;
    [[nodiscard]] bool goes(const Contender& one, Why why) override;
    void born(const std::string&, const std::string&) override {}

private:
    std::mt19937_64 random_;
};

// By a list of names; at its end whoever went last goes on while it may, then the first by name.
class ListChooser final : public Chooser {
public:
    explicit ListChooser(std::vector<std::string> names) : names_(std::move(names)) {}
    [[nodiscard]] std::optional<std::size_t> choose(std::span<const Contender> standing) override;
    [[nodiscard]] bool goes(const Contender& one, Why why) override;
    void born(const std::string&, const std::string&) override {}
    // A name of the list was that of one who might not go then.
    [[nodiscard]] bool failed() const { return failed_; }

private:
    std::vector<std::string> names_;
    std::size_t next_ = 0;
    std::string last_;
    bool failed_ = false;
};

// Whom a ListChooser would choose at the end of its list, of those that may go.
[[nodiscard]] std::size_t default_choice(std::span<const Contender> standing, const std::string& last);

}  // namespace procatlas
