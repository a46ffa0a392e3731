#include "core/export/page/page_output.h"

#include <fmt/format.h>

#include <iterator>
#include <variant>

#include "core/base/text.h"
#include "core/export/data/json_writer.h"

namespace procatlas {

void PageOutputCollector::follow(const Recording& recording, std::size_t most_bytes) {
    const auto moments = recording.output_moments();
    for (; events_ < moments.size() && output_.bytes <= most_bytes; ++events_) {
        take(recording, moments[events_]);
    }
    output_.left_out = moments.size() - events_;
}

// An event may extend its writer's unfinished line and begin new lines.
void PageOutputCollector::take(const Recording& recording, std::size_t moment) {
    log_.follow(recording, moment);
    const auto& event = std::get<OutputEvent>(recording.events()[moment].detail);
    const auto open = open_.find({recording.process_of(moment).value_or(OutputLine::nobody), event.stream});
    if (open != open_.end()) {
        take_line(moment, open->second);
    }
    for (std::size_t line = taken_.size(); line < log_.lines().size(); ++line) {
        taken_.emplace_back();
        take_line(moment, line);
        open_[{log_.lines()[line].process, log_.lines()[line].stream}] = line;
    }
}

void PageOutputCollector::take_line(std::size_t moment, std::size_t index) {
    const OutputLine& line = log_.lines()[index];
    Taken& taken = taken_[index];
    if (line.text.size() == taken.size && line.cut == taken.cut && taken.size > 0) {
        return;
    }
    output_.writes.push_back(
        {moment, index, line.process, line.stream == OutputStream::standard_error, line.text.substr(taken.size), line.cut});
    constexpr std::size_t beside_text = 40;
    output_.bytes += line.text.size() - taken.size + beside_text;
    taken = {line.text.size(), line.cut};
}

void write_page_write(std::string& json, const PageWrite& write) {
    fmt::format_to(std::back_inserter(json), "[{},{},{},{},", write.moment, write.line,
                   write.process == OutputLine::nobody ? -1 : static_cast<std::int64_t>(write.process), write.error ? 1 : 0);
    append_json_string(json, write.text);
    json += ',';
    append_json_string(json, write.cut == 0 ? std::string() : size_text(write.cut));
    json += ']';
}

PageOutput page_output(const Recording& recording, std::size_t most_bytes) {
    PageOutputCollector collector;
    collector.follow(recording, most_bytes);
    return collector.output();
}

}  // namespace procatlas
