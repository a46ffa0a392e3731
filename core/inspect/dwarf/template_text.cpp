#include "core/inspect/dwarf/template_text.h"

#include <algorithm>
#include <array>
#include <vector>

namespace procatlas {
namespace {

constexpr int template_depth_limit = 30;

// What the library's templates have as default arguments behind the first one or two.
constexpr std::array default_names = {
    std::string_view("std::allocator<"), std::string_view("std::less<"),        std::string_view("std::hash<"),
    std::string_view("std::equal_to<"),  std::string_view("std::char_traits<"), std::string_view("std::default_delete<"),
};

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) {
        text.remove_prefix(1);
    }
    while (text.ends_with(' ')) {
        text.remove_suffix(1);
    }
    return text;
}

// The arguments between the outermost < and >; empty: the name is not of that form.
std::vector<std::string_view> arguments_of(std::string_view name, std::size_t open) {
    std::vector<std::string_view> found;
    std::size_t start = open + 1;
    int depth = 0;
    for (std::size_t i = open; i < name.size(); ++i) {
        const char c = name[i];
        const bool deeper = c == '<' || c == '(' || c == '[' || c == '{';
        const bool back = c == '>' || c == ')' || c == ']' || c == '}';
        if (depth == 1 && (c == ',' || c == '>')) {
            found.push_back(trimmed(name.substr(start, i - start)));
            start = i + 1;
        }
        depth += deeper ? 1 : back ? -1 : 0;
        if (depth == 0) {
            return c == '>' && trimmed(name.substr(i + 1)).empty() ? found : std::vector<std::string_view>();
        }
    }
    return {};
}

bool has_defaults(std::string_view name) {
    constexpr std::array known = {
        std::string_view("basic_string"),  std::string_view("basic_string_view"),
        std::string_view("vector"),        std::string_view("deque"),
        std::string_view("list"),          std::string_view("forward_list"),
        std::string_view("set"),           std::string_view("multiset"),
        std::string_view("map"),           std::string_view("multimap"),
        std::string_view("unordered_set"), std::string_view("unordered_multiset"),
        std::string_view("unordered_map"), std::string_view("unordered_multimap"),
        std::string_view("unique_ptr"),
    };
    for (const std::string_view scope : {"std::__cxx11::", "std::"}) {
        name = name.starts_with(scope) ? name.substr(scope.size()) : name;
    }
    return std::ranges::find(known, name) != known.end();
}

std::string shortened(std::string_view name, int depth) {
    const std::size_t open = name.find('<');
    const auto arguments =
        open == name.npos || depth > template_depth_limit ? std::vector<std::string_view>() : arguments_of(name, open);
    constexpr std::string_view abi = "std::__cxx11::";
    std::string_view head = name.substr(0, arguments.empty() ? name.size() : open);
    std::string text;
    if (head.starts_with(abi)) {
        head.remove_prefix(abi.size());
        text = "std::";
    }
    text += head;
    if (arguments.empty()) {
        return text;
    }
    std::size_t kept = arguments.size();
    const auto is_default = [](std::string_view argument) {
        return std::ranges::any_of(default_names, [&](std::string_view one) { return argument.starts_with(one); });
    };
    while (has_defaults(name.substr(0, open)) && kept > 1 && is_default(arguments[kept - 1])) {
        --kept;
    }
    if (kept == 1 && arguments[0] == "char" && (text.ends_with("basic_string") || text.ends_with("basic_string_view"))) {
        constexpr std::string_view basic = "basic_";
        return text.erase(text.rfind(basic), basic.size());
    }
    text += "<";
    for (std::size_t i = 0; i < kept; ++i) {
        text += (i == 0 ? "" : ", ") + shortened(arguments[i], depth + 1);
    }
    return text + ">";
}

void erase_all(std::string& text, std::string_view part) {
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at)) {
        text.erase(at, part.size());
    }
}

}  // namespace

std::string without_rust_paths(std::string_view name) {
    std::string text(name);
    // Arguments that are filled in by default, and the modules of what every program has without naming them.
    for (const std::string_view part :
         {", alloc::alloc::Global", ", std::hash::random::RandomState",
          "alloc::string::", "alloc::vec::", "alloc::boxed::", "alloc::rc::", "alloc::sync::", "core::option::",
          "core::result::", "core::cell::", "std::collections::hash::map::", "std::collections::hash::set::"}) {
        erase_all(text, part);
    }
    return text;
}

std::string without_default_arguments(std::string_view name) {
    return shortened(name, 0);
}

}  // namespace procatlas
