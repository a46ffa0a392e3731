#include "core/export/page/page_output.h"

#include <map>
#include <utility>

namespace procatlas {

namespace {

class WriteCollector {
public:
    explicit WriteCollector(const Recording& recording) : recording_(recording) {}

    PageOutput collect(std::size_t most_bytes) {
        const auto moments = recording_.output_moments();
        for (std::size_t i = 0; i < moments.size(); ++i) {
            if (output_.bytes > most_bytes) {
                output_.left_out = moments.size() - i;
                break;
            }
            take(moments[i]);
        }
        return std::move(output_);
    }

private:
    struct Taken {
        std::size_t size = 0;  // of the text
        std::uint64_t cut = 0;
    };

    // An event may extend its writer's unfinished line and begin new lines.
    void take(std::size_t moment) {
        log_.follow(recording_, moment);
        const auto& event = std::get<OutputEvent>(recording_.events()[moment].detail);
        const auto open = open_.find({recording_.process_of(moment).value_or(OutputLine::nobody), event.stream});
        if (open != open_.end()) {
            take_line(moment, open->second);
        }
        for (std::size_t line = taken_.size(); line < log_.lines().size(); ++line) {
            taken_.emplace_back();
            take_line(moment, line);
            open_[{log_.lines()[line].process, log_.lines()[line].stream}] = line;
        }
    }

    void take_line(std::size_t moment, std::size_t index) {
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

    const Recording& recording_;
    OutputLog log_;
    std::vector<Taken> taken_;                                          // for each line
    std::map<std::pair<std::size_t, OutputStream>, std::size_t> open_;  // the last line of each writer
    PageOutput output_;
};

}  // namespace

PageOutput page_output(const Recording& recording, std::size_t most_bytes) {
    return WriteCollector(recording).collect(most_bytes);
}

}  // namespace procatlas
