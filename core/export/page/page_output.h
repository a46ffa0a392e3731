// What the programs printed, in the form an HTML page needs: the text that each output event added to each line. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/model/recording.h"
#include "core/narrate/output_log.h"

namespace procatlas {

struct PageWrite {
    std::size_t moment = 0;
    std::size_t line = 0;  // in the order in which lines began
    std::size_t process = 0;  // OutputLine::nobody: it is not known who wrote it
    bool error = false;     // standard error
    std::string text;       // safe to show; appended to the line
    std::uint64_t cut = 0;  // bytes of the line that were never recorded
};

struct PageOutput {
    std::vector<PageWrite> writes;
    std::size_t bytes = 0;     // their size in the page, approximately
    std::size_t left_out = 0;  // output events beyond `most_bytes`
};

[[nodiscard]] PageOutput page_output(const Recording& recording, std::size_t most_bytes);

}  // namespace procatlas
