// What the programs printed, in the form an HTML page needs: the text that each output event added to each line. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/model/recording.h"
#include "core/narrate/output_log.h"

namespace procatlas {

struct PageWrite {
    std::size_t moment = 0;
    std::size_t line = 0;     // in the order in which lines began
    std::size_t process = 0;  // OutputLine::nobody: it is not known who wrote it
    bool error = false;       // standard error
    std::string text;         // safe to show; appended to the line
    std::uint64_t cut = 0;    // bytes of the line that were never recorded
};

struct PageOutput {
    std::vector<PageWrite> writes;
    std::size_t bytes = 0;     // their size in the page, approximately
    std::size_t left_out = 0;  // output events beyond `most_bytes`
};

// Collects it while the recording grows.
class PageOutputCollector {
public:
    // Takes in the new output events of `recording`, until the text has `most_bytes`. Call it with one recording only.
    void follow(const Recording& recording, std::size_t most_bytes);
    [[nodiscard]] const PageOutput& output() const { return output_; }

private:
    struct Taken {
        std::size_t size = 0;  // of the text
        std::uint64_t cut = 0;
    };

    void take(const Recording& recording, std::size_t moment);
    void take_line(std::size_t moment, std::size_t index);

    OutputLog log_;
    std::size_t events_ = 0;                                            // output events taken in
    std::vector<Taken> taken_;                                          // for each line
    std::map<std::pair<std::size_t, OutputStream>, std::size_t> open_;  // the last line of each writer
    PageOutput output_;
};

// As JSON: [moment, line, process or -1, 1 if error, text, size of what was cut].
void write_page_write(std::string& json, const PageWrite& write);

[[nodiscard]] PageOutput page_output(const Recording& recording, std::size_t most_bytes);

}  // namespace procatlas
