#include "core/lesson/printed_lines.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <variant>

#include "core/base/text.h"

namespace procatlas {
namespace {

constexpr std::size_t most_lines = 100'000;
constexpr std::size_t most_of_line = 4000;  // bytes that are kept

void finish(PrintedLine line, std::vector<PrintedLine>& lines) {
    if (line.text.ends_with('\r')) {
        line.text.pop_back();
    }
    std::ranges::replace(line.text, '\t', ' ');
    line.text = display_text(line.text);
    lines.push_back(std::move(line));
}

}  // namespace

std::vector<PrintedLine> printed_lines(const Recording& recording) {
    std::vector<PrintedLine> lines;
    std::map<std::pair<std::optional<std::size_t>, OutputStream>, PrintedLine> open;  // the unfinished line of each writer
    for (const std::size_t moment : recording.output_moments()) {
        const auto* output = std::get_if<OutputEvent>(&recording.events()[moment].detail);
        const auto process = recording.process_of(moment);
        const bool printed = output && output->stream != OutputStream::elsewhere;
        std::string_view rest = printed ? std::string_view(output->text) : std::string_view();
        while (!rest.empty() && lines.size() < most_lines) {
            const std::size_t end = rest.find('\n');
            const auto [place, begins] = open.try_emplace({process, output->stream}, PrintedLine{process, moment, moment, {}});
            PrintedLine& line = place->second;
            line.moment = moment;
            const std::string_view piece = rest.substr(0, end);
            line.text += piece.substr(0, most_of_line - std::min(line.text.size(), most_of_line));
            if (end == std::string_view::npos) {
                break;
            }
            finish(std::move(line), lines);
            open.erase(place);
            rest.remove_prefix(end + 1);
        }
    }
    for (auto& [writer, line] : open) {
        finish(std::move(line), lines);
    }
    return lines;
}

}  // namespace procatlas
