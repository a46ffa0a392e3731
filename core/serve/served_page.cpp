#include "core/serve/served_page.h"

#include <fmt/format.h>

#include <map>
#include <string>

#include "core/export/data/json_writer.h"
#include "core/export/page/page_parts.h"
#include "core/export/page/page_pictures.h"
#include "core/export/page/page_words.h"

namespace procatlas {

namespace {

// The words of all languages as JSON that is safe inside a <script> element.
std::string words_json(std::span<const PageLanguage> languages) {
    std::string json;
    {
        JsonObject out(json);
        for (const PageLanguage& language : languages) {
            JsonObject words(out.key(language.code));
            for (const char* word : page_words) {
                words.text(word, language.words.text(word));
            }
            for (const char* word : {"toolbar.run", "toolbar.hold", "toolbar.step_all", "toolbar.restart", "toolbar.stop",
                                     "face.textbook", "face.addresses"}) {
                words.text(word, language.words.text(word));
            }
            for (auto word = language.words.all().lower_bound("live.");
                 word != language.words.all().end() && word->first.starts_with("live."); ++word) {
                words.text(word->first, word->second);
            }
        }
    }
    std::string safe;
    for (const char c : json) {
        safe += c == '<' ? std::string_view("\\u003c") : std::string_view(&c, 1);
    }
    return safe;
}

std::string document(std::span<const PageLanguage> languages) {
    std::string body(page_body);
    body.insert(body.find("</header>"), live_page_header);
    body.insert(body.find("<p class=\"hint\""), live_page_status);
    constexpr std::string_view hint = "<small id=\"memory-hint\"></small>";
    body.insert(body.find(hint) + hint.size(), live_page_faces);
    body.insert(body.find("<header>"), live_page_entry);
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" "
        "content=\"procatlas {}\">\n"
        "<title>procatlas</title>\n<link rel=\"icon\" href=\"/icon.svg\">\n<link rel=\"stylesheet\" href=\"/page.css\">\n"
        "<link rel=\"stylesheet\" href=\"/live.css\">\n</head>\n<body class=\"live entering\">\n{}"
        "<script type=\"application/json\" id=\"words\">{}</script>\n<script src=\"/page.js\"></script>\n"
        "<script src=\"/live_controls.js\"></script>\n<script src=\"/live.js\"></script>\n</body>\n</html>\n",
        PROCATLAS_VERSION, body, words_json(languages));
}

using Files = std::map<std::string, ServedFile, std::less<>>;

Files make_files(std::span<const PageLanguage> languages) {
    const auto body = [](std::string_view text) { return std::make_shared<const std::string>(text); };
    constexpr std::string_view script = "text/javascript; charset=utf-8";
    constexpr std::string_view style = "text/css; charset=utf-8";
    return {{"/", {"text/html; charset=utf-8", body(document(languages))}},
            {"/page.css", {style, body(page_style_sheet())}},
            {"/live.css", {style, body(live_page_style)}},
            {"/page.js", {script, body(page_script)}},
            {"/live_controls.js", {script, body(live_page_controls)}},
            {"/live.js", {script, body(live_page_script)}},
            {"/icon.svg", {"image/svg+xml", body(page_icon)}}};
}

}  // namespace

const ServedFile* served_file(std::string_view path, std::span<const PageLanguage> languages) {
    static const Files files = make_files(languages);  // the same in all runs of a process
    const auto found = files.find(path);
    return found == files.end() ? nullptr : &found->second;
}

}  // namespace procatlas
