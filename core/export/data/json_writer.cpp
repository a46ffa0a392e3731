#include "core/export/data/json_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "core/base/text.h"

namespace procatlas {
namespace {

bool stands_as_it_is(char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

void append_escaped(std::string& out, char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\t':
            out += "\\t";
            break;
        case '\r':
            out += "\\r";
            break;
        default:
            if (static_cast<unsigned char>(c) < ' ') {
                fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
            } else {
                out += c;
            }
    }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    if (std::ranges::all_of(text, stands_as_it_is)) {
        out += text;
    } else {
        for (const char c : valid_utf8(text)) {
            append_escaped(out, c);
        }
    }
    out += '"';
}

std::string& JsonObject::key(std::string_view name) {
    out_ += first_ ? "\"" : ", \"";
    first_ = false;
    out_ += name;
    out_ += "\": ";
    return out_;
}

void JsonObject::hex(std::string_view name, Address value) {
    std::array<char, 16> digits{};
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
    key(name).append("\"0x").append(std::string_view(digits.data(), end)) += '"';
}

std::string& JsonArray::element() {
    if (!first_) {
        out_ += ',';
    }
    if (newline_) {
        out_ += '\n';
    } else if (!first_) {
        out_ += ' ';
    }
    first_ = false;
    return out_;
}

}  // namespace procatlas
