// `procatlas show`: one moment of a recording as text, data, a diagram or a figure, or the whole recording as a page. Needs no
// window and no display.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/narrate/messages.h"

namespace procatlas {

// As typed. The command line has already checked the arguments that have fixed choices.
struct ShowArguments {
    std::string recording;  // a .procatlas file, or a figure that carries one
    std::string moment;     // a number or "last"; empty: the moment of the figure, or else the last
    std::string moments;    // of a storyboard: "3,7,9"; empty: those that tell the story of the first fork
    std::string view = "all";
    std::string pids;   // "2417,2418"; empty: the first process and the youngest others
    std::string blank;  // "kinds,pids": what a picture leaves out
    std::string theme;  // empty: light, but a page follows the reader's system
    std::string format;
    std::string output;  // empty: standard output
    float scale = 2;
    bool steps = false;  // a figure of each step: numbered files, or the pages of one PDF
    bool without_recording = false;
    bool with_memory = false;  // include memory contents in the recording that a figure carries
    bool pages = false;        // include pages in text and JSON
};

// `language`: of the output. Returns the exit status: 1 if the recording cannot be read or the result cannot be written. 2 if
// the recording lacks the moment or a process, if the format lacks the view, or if binary output would go to a terminal.
[[nodiscard]] int show(const ShowArguments& arguments, std::string_view language, const Messages& words);

struct WhereArguments {
    std::string recording;
    std::string moment;  // a number, "last" or empty
    std::int32_t pid = 0;
    std::string address;  // hexadecimal, with or without 0x
};

// `procatlas where`: prints what an address is. Returns the exit status of procatlas.
[[nodiscard]] int where(const WhereArguments& arguments, const Messages& words);

}  // namespace procatlas
