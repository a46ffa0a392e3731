// A sheet of paper for a class: text, figures, and questions with room for an answer or with their answer. A description only;
// sheet_html and sheet_pdf make a file of it. All texts are safe to show.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/result.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

enum class SheetStyle : std::uint8_t { plain, strong, code };

struct SheetSpan {
    SheetStyle style = SheetStyle::plain;
    std::string text;
};

enum class SheetTextKind : std::uint8_t { title, heading, subheading, paragraph, item, code, note, caption };

struct SheetText {
    SheetTextKind kind = SheetTextKind::paragraph;
    std::vector<SheetSpan> spans;
    std::size_t depth = 0;  // of an item
    std::string marker;     // of an item: "1."
};

// One of the choices, of the things to put in order, or of the boxes to fill in.
struct SheetItem {
    enum class Mark : std::uint8_t { box, checked, number, none };

    Mark mark = Mark::none;
    std::string text;
    // Behind it a line to write on, with this on it; empty: nothing yet. nullopt: no line.
    std::optional<std::string> line = std::nullopt;
};

struct SheetQuestion {
    std::string ask;  // may be empty
    std::vector<SheetItem> items;
    std::size_t lines = 0;        // short lines to write on, one for each part of the answer
    bool arrows = false;          // between the lines
    bool room_to_draw = false;    // instead of lines
    std::string answer;           // instead of lines and room; empty: not told
    std::vector<SheetSpan> said;  // about the answer; may be empty
};

struct SheetFigure {
    Scene scene;
    std::string name;  // for those who do not see it
};

using SheetPart = std::variant<SheetText, SheetQuestion, SheetFigure>;

struct Sheet {
    std::string title;
    std::string language = "en";
    bool has_name = false;  // a line for the student's name
    std::vector<SheetPart> parts;
};

// A self-contained page without scripts; its Content-Security-Policy lets nothing be loaded.
[[nodiscard]] std::string sheet_html(const Sheet& sheet, const Messages& words);

// A4 pages in black and white. Error: cairo could not draw it.
[[nodiscard]] Result<std::string> sheet_pdf(const Sheet& sheet, const Messages& words);

}  // namespace procatlas
