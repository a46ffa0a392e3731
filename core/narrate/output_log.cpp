#include "core/narrate/output_log.h"

#include <algorithm>

#include "core/base/text.h"

namespace procatlas {

namespace {

// The offset after the escape sequence that starts at `at`.
std::size_t end_of_escape(std::string_view bytes, std::size_t at) {
    if (at + 1 >= bytes.size()) {
        return at + 1;
    }
    const char kind = bytes[at + 1];
    std::size_t end = at + 2;
    if (kind == '[') {
        while (end < bytes.size() && (bytes[end] < 0x40 || bytes[end] > 0x7E)) {
            ++end;
        }
        return std::min(end + 1, bytes.size());
    }
    if (kind == ']') {  // ends with BEL or ESC backslash
        while (end < bytes.size() && bytes[end] != '\a' && bytes[end] != '\x1b') {
            ++end;
        }
        return std::min(end + (end < bytes.size() && bytes[end] == '\x1b' ? 2 : 1), bytes.size());
    }
    return end;
}

constexpr std::size_t longest_line = 2000;  // bytes; a longer line continues in the next

}  // namespace

std::string without_escapes(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t i = 0; i < bytes.size();) {
        if (bytes[i] == '\x1b') {
            i = end_of_escape(bytes, i);
        } else if (bytes[i] == '\t') {
            const std::size_t line = out.rfind('\n') + 1;  // npos + 1 is 0
            out.append(8 - (out.size() - line) % 8, ' ');
            ++i;
        } else if (bytes[i] == '\r' && (i + 1 == bytes.size() || bytes[i + 1] == '\n' || bytes[i + 1] == '\r')) {
            ++i;
        } else {
            out += bytes[i++];
        }
    }
    return out;
}

void OutputLog::follow(const Recording& recording, std::size_t moment) {
    const auto moments = recording.output_moments();
    if (taken_ > 0 && moments[taken_ - 1] > moment) {
        clear();
        ++rewrites_;
    }
    for (; taken_ < moments.size() && moments[taken_] <= moment; ++taken_) {
        const Event& event = recording.events()[moments[taken_]];
        const Process* process = recording.last_world().find(event.process);
        if (process || !event.process) {
            add(process ? static_cast<std::size_t>(process - recording.last_world().processes.data()) : OutputLine::nobody,
                std::get<OutputEvent>(event.detail), moments[taken_]);
        }
    }
}

void OutputLog::clear() {
    lines_.clear();
    open_.clear();
    taken_ = 0;
}

// Several processes may write at once, so the rest of a line may come after lines of others.
OutputLine& OutputLog::open_line(const Writer& writer, std::size_t moment) {
    const auto& [process, stream, target] = writer;
    const auto [found, fresh] = open_.try_emplace(writer, lines_.size());
    if (fresh) {
        lines_.push_back({process, stream, target.empty() ? std::string() : "→ " + display_text(target) + ": ", {}, 0, moment});
    }
    return lines_[found->second];
}

void OutputLog::add(std::size_t process, const OutputEvent& output, std::size_t moment) {
    const std::string text = without_escapes(output.text);
    const Writer writer{process, output.stream, target_name(output)};
    for (std::size_t at = 0; at < text.size();) {
        OutputLine& line = open_line(writer, moment);
        const std::size_t room = longest_line - std::min(line.text.size(), longest_line);
        std::size_t end = text.find('\n', at);
        const bool ends = end != std::string::npos && end - at <= room;
        end = std::min({end, text.size(), at + room});
        if (end > at) {
            line.text += display_text(std::string_view(text).substr(at, end - at));
            line.addresses = process == OutputLine::nobody ? std::vector<PrintedAddress>() : addresses_in_text(line.text);
            rewrites_ += &line != &lines_.back() ? 1 : 0;
        }
        if (ends || line.text.size() >= longest_line) {
            open_.erase(writer);
        }
        at = end + (ends ? 1 : 0);
    }
    if (output.size > output.text.size()) {
        open_line(writer, moment).cut += output.size - output.text.size();
        if (output.text.empty()) {  // what follows is not the rest of this line
            open_.erase(writer);
        }
    }
}

}  // namespace procatlas
