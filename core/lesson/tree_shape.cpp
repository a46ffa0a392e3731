#include "core/lesson/tree_shape.h"

#include <algorithm>
#include <map>

namespace procatlas {
namespace {

constexpr std::size_t most_processes = 200;

class TreeReader {
public:
    explicit TreeReader(std::string_view text) : text_(text) {}

    std::optional<std::string> run() {
        auto shape = one(0);
        blanks();
        return shape && at_ == text_.size() ? shape : std::nullopt;
    }

private:
    // A name and, in brackets, children.
    std::optional<std::string> one(std::size_t depth) {
        blanks();
        const std::size_t begin = at_;
        at_ = std::min(text_.find_first_of(" ,()\t", at_), text_.size());
        const bool named = at_ > begin;
        const bool open = at_ < text_.size() && text_[at_] == '(';
        if ((!named && !open) || ++processes_ > most_processes || depth > most_processes) {
            return std::nullopt;
        }
        std::vector<std::string> children;
        if (open) {
            ++at_;
            for (blanks(); at_ < text_.size() && text_[at_] != ')'; blanks()) {
                auto child = one(depth + 1);
                if (!child) {
                    return std::nullopt;
                }
                children.push_back(std::move(*child));
            }
            if (at_ == text_.size()) {
                return std::nullopt;
            }
            ++at_;
        }
        std::ranges::sort(children);
        std::string shape = "(";
        for (const std::string& child : children) {
            shape += child;
        }
        return shape + ")";
    }

    void blanks() { at_ = std::min(text_.find_first_not_of(" ,\t", at_), text_.size()); }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t processes_ = 0;
};

class TreeWriter {
public:
    explicit TreeWriter(const std::vector<std::pair<std::string, std::string>>& pairs) {
        for (const auto& [child, parent] : pairs) {
            children_[parent].push_back(child);
        }
    }

    std::string write(const std::string& name, std::size_t depth) {
        std::string text = name;
        ++written_;
        const auto found = children_.find(name);
        if (found == children_.end() || depth > most_processes) {
            return text;
        }
        text += '(';
        for (const std::string& child : found->second) {
            text += (text.back() == '(' ? "" : " ") + write(child, depth + 1);
        }
        return text + ')';
    }

    std::map<std::string, std::vector<std::string>> children_;
    std::size_t written_ = 0;
};

}  // namespace

std::optional<std::string> tree_shape(std::string_view text) {
    return TreeReader(text).run();
}

std::optional<std::string> tree_text(const std::vector<std::pair<std::string, std::string>>& pairs) {
    if (pairs.empty() || pairs.size() > most_processes) {
        return std::nullopt;
    }
    std::map<std::string, int> seen;
    for (const auto& [child, parent] : pairs) {
        if (child.empty() || ++seen[child] > 1) {
            return std::nullopt;
        }
    }
    TreeWriter writer(pairs);
    const auto roots = writer.children_.find(std::string());
    if (roots == writer.children_.end() || roots->second.size() != 1) {
        return std::nullopt;
    }
    std::string text = writer.write(roots->second.front(), 0);
    return writer.written_ == pairs.size() ? std::optional(std::move(text)) : std::nullopt;  // else some are in a circle
}

}  // namespace procatlas
