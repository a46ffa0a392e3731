#include "core/lesson/markdown.h"

#include <fmt/format.h>
#include <md4c.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <utility>

#include "core/base/text.h"

namespace procatlas {
namespace {

class MarkdownReader {
public:
    MarkdownReader(std::string_view text, const std::vector<std::string_view>& names) : text_(text), names_(names) {}

    Result<std::vector<MarkdownPiece>> run() {
        MD_PARSER parser{};
        parser.flags = MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS;
        parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
            return guarded(self, [&](MarkdownReader& reader) { reader.enter(type, detail); });
        };
        parser.leave_block = [](MD_BLOCKTYPE type, void*, void* self) {
            return guarded(self, [&](MarkdownReader& reader) { reader.leave(type); });
        };
        parser.enter_span = [](MD_SPANTYPE type, void*, void* self) {
            return guarded(self, [&](MarkdownReader& reader) { reader.span(type, 1); });
        };
        parser.leave_span = [](MD_SPANTYPE type, void*, void* self) {
            return guarded(self, [&](MarkdownReader& reader) { reader.span(type, -1); });
        };
        parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* self) {
            return guarded(self, [&](MarkdownReader& reader) { reader.take(type, {text, size}); });
        };
        const int result = ::md_parse(text_.data(), static_cast<MD_SIZE>(text_.size()), &parser, this);
        if (thrown_) {
            std::rethrow_exception(thrown_);
        }
        if (result != 0) {
            return fail("it cannot be read as Markdown");
        }
        return std::move(pieces_);
    }

private:
    // No exception may pass through md4c.
    template <typename Act>
    static int guarded(void* self, Act act) {
        auto& reader = *static_cast<MarkdownReader*>(self);
        try {
            act(reader);
            return 0;
        } catch (...) {
            reader.thrown_ = std::current_exception();
            return -1;
        }
    }

    void enter(MD_BLOCKTYPE type, void* detail) {
        switch (type) {
            case MD_BLOCK_H:
                open(ProseKind::heading);
                piece_.kind = MarkdownPiece::Kind::heading;
                piece_.level = static_cast<const MD_BLOCK_H_DETAIL*>(detail)->level;
                break;
            case MD_BLOCK_P:
                if (!in_item_start_) {
                    open(lists_.empty() ? ProseKind::paragraph : ProseKind::item);
                }
                in_item_start_ = false;
                break;
            case MD_BLOCK_UL:
                flush();
                lists_.push_back(0);
                break;
            case MD_BLOCK_OL:
                flush();
                lists_.push_back(static_cast<const MD_BLOCK_OL_DETAIL*>(detail)->start + 1);
                break;
            case MD_BLOCK_LI:
                open(ProseKind::item);
                if (unsigned& number = lists_.back(); number != 0) {
                    piece_.prose.marker = fmt::format("{}.", number - 1);
                    ++number;
                }
                in_item_start_ = true;
                break;
            case MD_BLOCK_CODE:
                enter_code(static_cast<const MD_BLOCK_CODE_DETAIL*>(detail));
                break;
            case MD_BLOCK_DOC:
            case MD_BLOCK_QUOTE:
            case MD_BLOCK_HR:
            case MD_BLOCK_HTML:
            case MD_BLOCK_TABLE:
            case MD_BLOCK_THEAD:
            case MD_BLOCK_TBODY:
            case MD_BLOCK_TR:
            case MD_BLOCK_TH:
            case MD_BLOCK_TD:
                break;
        }
    }

    void enter_code(const MD_BLOCK_CODE_DETAIL* detail) {
        open(ProseKind::code);
        if (detail->lang.size == 0) {
            return;
        }
        see(detail->lang.text);
        const std::string_view name(detail->lang.text, detail->lang.size);
        if (std::ranges::find(names_, name) != names_.end()) {
            piece_.kind = MarkdownPiece::Kind::block;
            piece_.name = name;
        }
        piece_.line = line_;
    }

    void leave(MD_BLOCKTYPE type) {
        switch (type) {
            case MD_BLOCK_H:
            case MD_BLOCK_P:
            case MD_BLOCK_LI:
            case MD_BLOCK_CODE:
                flush();
                in_item_start_ = false;
                break;
            case MD_BLOCK_UL:
            case MD_BLOCK_OL:
                lists_.pop_back();
                break;
            case MD_BLOCK_DOC:
            case MD_BLOCK_QUOTE:
            case MD_BLOCK_HR:
            case MD_BLOCK_HTML:
            case MD_BLOCK_TABLE:
            case MD_BLOCK_THEAD:
            case MD_BLOCK_TBODY:
            case MD_BLOCK_TR:
            case MD_BLOCK_TH:
            case MD_BLOCK_TD:
                break;
        }
    }

    void span(MD_SPANTYPE type, int change) {
        if (type == MD_SPAN_STRONG || type == MD_SPAN_EM) {
            strong_ += change;
        } else if (type == MD_SPAN_CODE) {
            code_ += change;
        }
    }

    void take(MD_TEXTTYPE type, std::string_view text) {
        see(text.data());
        if (!opened_) {  // such as the text of a tight item after a list inside it
            open(lists_.empty() ? ProseKind::paragraph : ProseKind::item);
        }
        if (piece_.line == 0) {
            piece_.line = line_;
        }
        if (piece_.kind == MarkdownPiece::Kind::block) {
            piece_.block += type == MD_TEXT_NULLCHAR ? std::string_view("\uFFFD") : text;
            return;
        }
        const bool code_block = piece_.prose.kind == ProseKind::code;
        if (type == MD_TEXT_BR || (type == MD_TEXT_SOFTBR && !code_block)) {
            add(" ");
        } else if (type == MD_TEXT_NULLCHAR) {
            add("\uFFFD");
        } else if (type == MD_TEXT_ENTITY) {
            add(entity(text));
        } else {
            add(text);
        }
    }

    // The few that a teacher may need to write what Markdown would take for its own.
    static std::string_view entity(std::string_view text) {
        return text == "&lt;" ? "<" : text == "&gt;" ? ">" : text == "&amp;" ? "&" : text == "&quot;" ? "\"" : text;
    }

    void add(std::string_view text) {
        const SpanStyle style = code_ > 0 ? SpanStyle::code : strong_ > 0 ? SpanStyle::strong : SpanStyle::plain;
        std::vector<Span>& spans = piece_.prose.spans;
        if (spans.empty() || spans.back().style != style) {
            spans.push_back({style, {}});
        }
        spans.back().text += text;
    }

    // Moves `line_` to where `at` lies, if it lies in the file: md4c hands out texts of its own too.
    void see(const char* at) {
        const char* const begin = text_.data();
        if (std::less<>()(at, begin + seen_) || !std::less<>()(at, begin + text_.size())) {
            return;
        }
        const auto place = static_cast<std::size_t>(at - begin);
        line_ += static_cast<std::uint32_t>(std::ranges::count(text_.substr(seen_, place - seen_), '\n'));
        seen_ = place;
    }

    void open(ProseKind kind) {
        flush();
        opened_ = true;
        piece_.prose.kind = kind;
        constexpr std::size_t deepest = 8;
        piece_.prose.depth = static_cast<std::uint8_t>(std::min(lists_.empty() ? 0 : lists_.size() - 1, deepest));
    }

    void flush() {
        if (opened_) {
            for (Span& span : piece_.prose.spans) {  // whole spans: a character may come in two pieces
                span.text = display_text(span.text, piece_.prose.kind == ProseKind::code);
            }
            const bool empty = piece_.kind == MarkdownPiece::Kind::prose && piece_.prose.spans.empty();
            if (!empty) {
                pieces_.push_back(std::move(piece_));
            }
        }
        piece_ = {};
        opened_ = false;
    }

    std::string_view text_;
    const std::vector<std::string_view>& names_;
    std::vector<MarkdownPiece> pieces_;
    MarkdownPiece piece_;
    bool opened_ = false;
    bool in_item_start_ = false;   // the next paragraph is the item itself
    std::vector<unsigned> lists_;  // of each list that is open, the next number and one more; 0: it has none
    int strong_ = 0;
    int code_ = 0;
    std::size_t seen_ = 0;  // bytes of text_
    std::uint32_t line_ = 1;
    std::exception_ptr thrown_;
};

}  // namespace

Result<std::vector<MarkdownPiece>> parse_markdown(std::string_view text, const std::vector<std::string_view>& names) {
    if (text.size() > most_markdown_bytes) {
        return fail(fmt::format("it is larger than {} KiB", most_markdown_bytes / 1024));
    }
    return MarkdownReader(text, names).run();
}

}  // namespace procatlas
