// The parts of the HTML page that are the same for every recording: assets/page, embedded when the program is built.
#pragma once

#include <string_view>

namespace procatlas {

extern const std::string_view page_style;
extern const std::string_view page_body;
extern const std::string_view page_script;
extern const std::string_view page_script_hash;  // SHA-256 in base64, for the page's Content-Security-Policy

// What only the page of a shared run has.
extern const std::string_view live_page_style;
extern const std::string_view live_page_entry;     // who comes without a link is asked for the class code
extern const std::string_view live_page_status;    // beside the moment
extern const std::string_view live_page_faces;     // beside the title of the memory
extern const std::string_view live_page_header;    // below it, for who may drive
extern const std::string_view live_page_controls;  // scripts: what people press …
extern const std::string_view live_page_script;    // … and the rest
// The page of a lesson.
extern const std::string_view lesson_page_style;
extern const std::string_view lesson_page_script;
extern const std::string_view lesson_page_script_hash;

extern const std::string_view page_icon;  // SVG

}  // namespace procatlas
