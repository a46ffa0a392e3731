#include "core/layout/stage/stage_bridge_scene.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/text.h"
#include "core/scene/wrap_text.h"

namespace procatlas {
namespace {

constexpr float least_above_text = 5;  // and below it, of more than one line

class BridgeScene {
public:
    BridgeScene(const StageBridge& bridge, Role role, Scene& scene, const LayoutContext& context)
        : bridge_(bridge), role_(role), scene_(scene), c_(context) {}

    void run(const Box& box, const std::array<std::string, 2>& names) {
        const bool split = bridge_.own() > 0;
        // Where there is room for one of the two only, it is what each has for itself: that is what changed.
        const float line = c_.measure.line_height(TextStyle::small);
        const bool room_for_both = box.height >= 2 * (line + 4);
        const bool whole = (bridge_.shared > 0 || bridge_.together || bridge_.same_file) && (!split || room_for_both);
        const float half = split && whole ? std::floor(box.height * (box.height > 60 ? 0.5F : 0.45F)) : box.height;
        if (split) {
            add_broken({box.x, box.y, box.width, half}, names);
        }
        if (whole) {
            add_whole({box.x, split ? box.y + half : box.y, box.width, split ? box.height - half : half});
        }
    }

private:
    void band(const Box& box) {
        scene_.boxes.push_back({.box = box, .role = role_, .outline = Role::band, .radius = 0, .hit = {}});
    }

    [[nodiscard]] bool fits(std::string_view text, TextStyle style, const Box& box) const {
        return c_.measure.width(text, style) <= box.width - 4;
    }

    // Whether text as high as this stands clear of the block's edges.
    [[nodiscard]] static bool has_room(const Box& block, float text) { return block.height >= text + 2 * least_above_text; }

    // A text that does not fit is left out: a cut word would tell less than none.
    void centred(const Box& box, float y, std::string_view text, TextStyle style) {
        if (fits(text, style, box)) {
            const float width = c_.measure.width(text, style);
            scene_.labels.push_back({{box.x + (box.width - width) / 2, y}, std::string(text), style, role_, true});
        }
    }

    // One page frame for both: a block that touches both columns.
    void add_whole(const Box& box) {
        band(box);
        const float line = c_.measure.line_height(TextStyle::small);
        const float reach = std::min(14.0F, box.width * 0.12F);
        const float width = box.width - 2 * reach;
        const std::vector<std::string> below = lines_below(width, box.height - 2 - 2 * line - 2 * least_above_text);
        const float wanted = line * static_cast<float>(2 + below.size()) + 2 * least_above_text;
        const float height = std::min(box.height - 2, wanted);
        const Box block{box.x + reach, box.y + (box.height - height) / 2, width, height};
        if (height < line) {
            return;
        }
        scene_.boxes.push_back({.box = block, .role = role_, .radius = 4, .hit = {}});
        const std::string count = bridge_.pages_text(bridge_.shared, c_.words);
        const bool two = has_room(block, 2 * line) && bridge_.shared > 0 && fits(count, TextStyle::small, block);
        const float lines = two ? static_cast<float>(2 + below.size()) : 1;
        float y = block.y + (block.height - lines * line) / 2;
        const std::string_view what = c_.words.text(bridge_.together    ? "stage.together"
                                                    : bridge_.same_file ? "stage.same_file"
                                                                        : "stage.shared");
        const std::string with_number = fmt::format("{} {}", what, count_text(bridge_.shared));
        if (!two && bridge_.shared > 0 && !bridge_.same_file && fits(with_number, TextStyle::small, block)) {
            return centred(block, y, with_number, TextStyle::small);
        }
        centred(block, y, fits(what, TextStyle::small, block) ? what : c_.words.text("stage.shared"), TextStyle::small);
        if (two) {
            centred(block, y += line, count, TextStyle::small);
            for (const std::string& text : below) {
                centred(block, y += line, text, TextStyle::small);
            }
        }
    }

    // Below the number of pages, where there is so much `room`: that none was copied, or that it is not known of all.
    [[nodiscard]] std::vector<std::string> lines_below(float width, float room) const {
        if (bridge_.together || bridge_.same_file || (!bridge_.none_copied() && bridge_.unread == 0)) {
            return {};
        }
        const std::string_view text = c_.words.text(bridge_.unread > 0 ? "stage.not_all_read" : "stage.none_copied");
        const bool whole = words_fit(text, TextStyle::small, width - 4, c_.measure);
        std::vector<std::string> lines =
            whole ? wrap_text(text, TextStyle::small, width - 4, c_.measure) : std::vector<std::string>();
        const float height = c_.measure.line_height(TextStyle::small) * static_cast<float>(lines.size());
        return height <= room ? lines : std::vector<std::string>();
    }

    // A page frame for each: two blocks with a gap between them.
    void add_broken(const Box& box, const std::array<std::string, 2>& names) {
        const float gap = 8;
        const float wide = (box.width - gap) / 2;
        const float height = std::min(box.height - 2, 58.0F);
        for (std::size_t side = 0; side < names.size(); ++side) {
            const Box half{side == 0 ? box.x : box.x + wide + gap, box.y, wide, box.height};
            band(half);
            const float inset = side == 0 ? 4 : 2;
            add_page({half.x + inset, half.y + (half.height - height) / 2, half.width - 6, height}, names[side],
                     bridge_.is_writer(side));
        }
    }

    // "3 own pages"
    std::string own_text() const {
        return c_.words.format(bridge_.own() == 1 ? "stage.own_page" : "stage.own_pages", count_text(bridge_.own()));
    }

    void add_page(const Box& block, const std::string& name, bool is_writer) {
        scene_.boxes.push_back(
            {.box = block, .role = role_, .outline = Role::pin, .radius = 4, .outlined = bridge_.parted_now(), .hit = {}});
        const float strong = c_.measure.line_height(TextStyle::strong);
        const float small = c_.measure.line_height(TextStyle::small);
        if (block.height < small) {
            return;
        }
        const bool open = bridge_.is_writer_open();
        const std::string copied(c_.words.text(open ? "stage.own" : "stage.copied"));  // where there is no room for more
        if (!has_room(block, strong + small)) {
            const std::string both = name + " " + copied;
            const bool tells = (is_writer || open) && fits(both, TextStyle::small, block);
            const std::string with_number = name + " " + count_text(bridge_.own());
            const std::string& shown = tells ? both : fits(with_number, TextStyle::small, block) ? with_number : name;
            return centred(block, block.y + (block.height - small) / 2, shown, TextStyle::small);
        }
        const std::string below =
            is_writer || open ? std::string(c_.words.text(open ? "stage.own_now" : "stage.copied_now")) : own_text();
        std::vector<std::string> lines = wrap_text(below, TextStyle::small, block.width - 4, c_.measure, 2);
        const bool broken_word = !words_fit(below, TextStyle::small, block.width - 4, c_.measure);
        if (!has_room(block, strong + small * static_cast<float>(lines.size())) || broken_word) {
            const bool tells = (is_writer || open) && fits(copied, TextStyle::small, block);
            lines = {tells ? copied : count_text(bridge_.own())};  // of pages, as the block below says
        }
        float y = block.y + (block.height - strong - small * static_cast<float>(lines.size())) / 2;
        centred(block, y, name, TextStyle::strong);
        y += strong;
        for (const std::string& line : lines) {
            centred(block, y, line, TextStyle::small);
            y += small;
        }
    }

    const StageBridge& bridge_;
    Role role_;
    Scene& scene_;
    const LayoutContext& c_;
};

}  // namespace

void add_stage_bridge(const StageBridge& bridge, Role role, const Box& box, const std::array<std::string, 2>& names,
                      Scene& scene, const LayoutContext& context) {
    BridgeScene(bridge, role, scene, context).run(box, names);
}

}  // namespace procatlas
