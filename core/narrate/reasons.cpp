#include "core/narrate/reasons.h"

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace procatlas {
namespace {

constexpr std::string_view hole = "{}";
constexpr int most_nested = 3;  // a reason may have another one in it

// The English patterns of a locale file that have this key in front, and their translations.
struct Patterns {
    const Messages& words;
    std::string_view key_begin;
};

std::string one_reason(std::string_view reason, const Patterns& patterns, int nested);

// What stands in the holes of the pattern, if the text fits it.
std::optional<std::vector<std::string_view>> filling_of(std::string_view text, std::string_view pattern) {
    std::vector<std::string_view> found;
    std::size_t at = pattern.find(hole);
    if (at == std::string_view::npos || !text.starts_with(pattern.substr(0, at))) {
        return std::nullopt;
    }
    text.remove_prefix(at);
    while (at != std::string_view::npos) {
        pattern.remove_prefix(at + hole.size());
        at = pattern.find(hole);
        const std::string_view behind = pattern.substr(0, at);
        const bool last = at == std::string_view::npos;
        const std::size_t end =
            last ? (text.ends_with(behind) ? text.size() - behind.size() : std::string_view::npos) : text.find(behind);
        if (end == std::string_view::npos || end == 0) {
            return std::nullopt;
        }
        found.push_back(text.substr(0, end));
        text.remove_prefix(end + behind.size());
    }
    return found;
}

std::string filled(std::string_view pattern, const std::vector<std::string_view>& filling, const Patterns& patterns,
                   int nested) {
    std::string out;
    for (const std::string_view one : filling) {
        const std::size_t at = pattern.find(hole);
        if (at == std::string_view::npos) {
            break;
        }
        out += pattern.substr(0, at);
        out += one_reason(one, patterns, nested + 1);
        pattern.remove_prefix(at + hole.size());
    }
    return out + std::string(pattern);
}

std::string one_reason(std::string_view reason, const Patterns& patterns, int nested) {
    const auto& [words, key_begin] = patterns;
    if (const std::string key = std::string(key_begin) + std::string(reason); words.has(key)) {
        return std::string(words.text(key));
    }
    // Of several patterns that fit, the one with the most words of its own.
    std::size_t most = 0;
    std::string_view translation;
    std::vector<std::string_view> filling;
    for (auto at = words.all().lower_bound(key_begin); nested < most_nested && at != words.all().end(); ++at) {
        if (!at->first.starts_with(key_begin)) {
            break;
        }
        const std::string_view pattern = std::string_view(at->first).substr(key_begin.size());
        auto found = filling_of(reason, pattern);
        const std::size_t own = found ? pattern.size() - found->size() * hole.size() : 0;
        if (own > most) {
            most = own;
            translation = at->second;
            filling = std::move(*found);
        }
    }
    if (most > 0) {
        return filled(translation, filling, patterns, nested);
    }
    return std::string(reason);
}

}  // namespace

std::string reason_text(std::string_view reason, const Messages& words) {
    constexpr std::string_view between = "; ";
    constexpr std::size_t longest = 4000;  // it may come from a stranger's file
    if (reason.size() > longest) {
        return std::string(reason);
    }
    std::string out;
    while (true) {
        const std::size_t end = reason.find(between);
        out += one_reason(reason.substr(0, end), {words, "reason."}, 0);
        if (end == std::string_view::npos) {
            return out;
        }
        out += between;
        reason.remove_prefix(end + between.size());
    }
}

std::string usage_text(std::string_view wrong, const Messages& words) {
    return one_reason(wrong, {words, "usage."}, 0);
}

}  // namespace procatlas
