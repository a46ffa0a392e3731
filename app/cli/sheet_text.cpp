#include "app/cli/sheet_text.h"

#include <algorithm>
#include <string>

namespace procatlas {

SheetText sheet_text(const Prose& prose) {
    SheetText text;
    switch (prose.kind) {
        case ProseKind::paragraph:
            text.kind = SheetTextKind::paragraph;
            break;
        case ProseKind::heading:
            text.kind = SheetTextKind::subheading;
            break;
        case ProseKind::item:
            text.kind = SheetTextKind::item;
            break;
        case ProseKind::code:
            text.kind = SheetTextKind::code;
            break;
    }
    text.depth = prose.depth;
    text.marker = prose.marker;
    for (const Span& span : prose.spans) {
        const bool code = span.style == SpanStyle::code || prose.kind == ProseKind::code;
        const SheetStyle style = code                              ? SheetStyle::code
                                 : span.style == SpanStyle::strong ? SheetStyle::strong
                                                                   : SheetStyle::plain;
        text.spans.push_back({style, span.text});
    }
    if (prose.kind == ProseKind::code && !text.spans.empty()) {
        std::string& last = text.spans.back().text;
        last.resize(last.find_last_not_of('\n') + 1);
    }
    return text;
}

std::vector<SheetSpan> said_spans(std::string_view text) {
    std::vector<SheetSpan> spans;
    bool code = false;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('`'), text.size());
        if (end > 0) {
            spans.push_back({code ? SheetStyle::code : SheetStyle::plain, std::string(text.substr(0, end))});
        }
        code = !code;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return spans;
}

}  // namespace procatlas
