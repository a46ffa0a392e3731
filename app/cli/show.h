// `procatlas show`: one moment of a recording as text, data, a diagram or a figure, or all of it as a page. No window and no
// display.
#pragma once

#include <filesystem>
#include <string>

#include "core/narrate/messages.h"

namespace procatlas {

// As typed; the command line has checked the words among which one is chosen.
struct ShowArguments {
    std::string recording;  // a .procatlas file, or a figure that carries one
    std::string moment;     // a number or "last"; empty: the figure's own, else the last
    std::string moments;    // of a storyboard: "3,7,9"; empty: those that tell the first fork
    std::string view = "all";
    std::string pids;   // "2417,2418"; empty: the first process and the youngest others
    std::string theme;  // empty: light, and for a page as the reader's system is
    std::string format;
    std::string output;  // empty: standard output
    float scale = 2;
    bool without_recording = false;
    bool with_memory = false;  // in the recording that a figure carries
    bool pages = false;        // also the pages, in text and JSON
};

// `language` is that of the words. Returns the exit status: 1 where the recording cannot be read or the result not be written,
// 2 for a moment or a process that the recording does not have, for a view that the format does not have, and for bytes that
// would go to a terminal.
[[nodiscard]] int show(const ShowArguments& arguments, std::string_view language, const Messages& words);

struct WhereArguments {
    std::string recording;
    std::string moment;  // a number, "last" or empty
    std::int32_t pid = 0;
    std::string address;  // hexadecimal, with or without 0x
};

// `procatlas where`: prints what an address is. The exit status of procatlas.
[[nodiscard]] int where(const WhereArguments& arguments, const Messages& words);

}  // namespace procatlas
