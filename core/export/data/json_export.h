// A recording as JSON, in the format that README.md documents.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/export/data/inside_json.h"
#include "core/export/data/text_pieces.h"
#include "core/model/recording.h"

namespace procatlas {

// One indented object with a final newline. Replaces bytes that are not UTF-8 by U+FFFD. `with_pages`: includes the pages of
// each region, if they were read, and which pages were copied.
[[nodiscard]] std::string recording_json(const Recording& recording, bool with_pages = false);

// The same in pieces, for a recording whose JSON need not be in memory as a whole.
void give_recording_json(const Recording& recording, bool with_pages, const TakeText& take);

// The events alone, a line each, while the recording grows. The first line tells the format.
class JsonLines {
public:
    JsonLines(const Recording& recording, bool with_pages)
        : recording_(recording), regions_(recording), with_pages_(with_pages) {}
    // The lines that were not given yet.
    [[nodiscard]] std::string more();

private:
    const Recording& recording_;
    RegionsInTime regions_;
    StacksInTime stacks_;
    bool with_pages_;
    bool begun_ = false;
    std::size_t next_ = 0;
};

}  // namespace procatlas
