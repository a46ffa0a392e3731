// A drawing without colours: boxes, links, labels and marks. Each has a role, and a meaning when clicked. Units: logical pixels
// at 100 % zoom, origin at the top left, y downwards. The painter chooses colours and scale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/address.h"
#include "core/model/region.h"
#include "core/scene/text_measure.h"
#include "core/scene/thing.h"

namespace procatlas {

struct Point {
    float x = 0;
    float y = 0;
};

struct Box {
    float x = 0;
    float y = 0;
    float width = 0;
    float height = 0;

    [[nodiscard]] float right() const { return x + width; }
    [[nodiscard]] float bottom() const { return y + height; }
    [[nodiscard]] bool contains(Point p) const { return x <= p.x && p.x < right() && y <= p.y && p.y < bottom(); }
    bool operator==(const Box&) const = default;
};

enum class Role : std::uint8_t {
    text,
    muted,
    accent,
    warning,
    card,
    card_gone,
    frame,
    link,
    band,  // the same region in two neighbouring columns
    pin,
    lane_1,  // the colour of a process, everywhere; after the eighth they come again
    lane_2,
    lane_3,
    lane_4,
    lane_5,
    lane_6,
    lane_7,
    lane_8,
    trace,           // a dot on a lane: an event that needs no words
    page_exclusive,  // states of pages
    page_shared,
    page_file,
    code,  // from here on: one for each RegionKind, in its order
    read_only_data,
    data,
    bss,
    heap,
    stack,
    thread_stack,
    shared_library,
    mapped_file,
    shared_memory,
    anonymous,
    guard,
    kernel,
};
inline constexpr std::size_t role_count = static_cast<std::size_t>(Role::kernel) + 1;

[[nodiscard]] constexpr Role role_of(RegionKind kind) {
    return static_cast<Role>(static_cast<int>(Role::code) + static_cast<int>(kind));
}
static_assert(role_of(RegionKind::kernel) == Role::kernel);

// What a click on something means.
enum class HitKind : std::uint8_t {
    none,
    process,
    region,
    column_header,
    fold,
    launcher,
    helpers,
    subtree,
    frame,
    line,
    margin
};
struct Hit {
    HitKind kind = HitKind::none;
    std::size_t process = 0;  // or whose subtree; index in World::processes
    // Start of the block, for `region` and `fold`; frame_number (model/frame_number.h) for `frame`; the number of a `line` or
    // `margin`.
    Address address = 0;

    bool operator==(const Hit&) const = default;
};

struct SceneBox {
    Box box;
    Role role = Role::card;
    Role outline = Role::frame;
    float radius = 4;
    bool filled = true;
    bool pale = false;  // a pale fill: this was there and is gone
    bool ink = false;   // filled as text is written on a box filled with `role`
    bool outlined = false;
    bool dashed = false;
    bool selected = false;  // a thick outline in the accent
    Hit hit;
    std::uint32_t part = 0;  // 1 + its place in Scene::parts; 0: of none
};

struct SceneLink {
    std::vector<Point> points;
    Role role = Role::link;
};

struct SceneLabel {
    Point at;  // top left
    std::string text;
    TextStyle style = TextStyle::body;
    Role role = Role::text;
    bool on_fill = false;    // on a box filled with `role`
    std::uint32_t part = 0;  // as of a box
    bool quoted = false;     // source code: its words are the programmer's, and no veil is about them
    std::string whole = {};  // what `text` was cut from; empty: it was not cut
};

// As much of the label's text as fits into `room`. Empty if not even "…" does.
[[nodiscard]] SceneLabel fitted_label(SceneLabel label, float room, const TextMeasure& measure);

enum class MarkShape : std::uint8_t { disc, square, ring, broken_ring, cross, bars };
struct SceneMark {
    Point centre;
    float radius = 4;
    MarkShape shape = MarkShape::disc;
    Role role = Role::pin;
};

struct SceneThing {
    Box box;
    Thing thing;
};

// What belongs together and is the same in another scene of the view, where its key is the same: a frame, a variable, an area.
struct ScenePart {
    std::uint64_t key = 0;
    std::size_t group = 0;  // in Scene::groups
};

// The parts of one process.
struct SceneGroup {
    std::size_t process = 0;
    std::size_t era = 0;                               // another number: it has become something else (exec)
    std::optional<std::size_t> parent = std::nullopt;  // the process that it came of
    Box box;
};

struct Scene {
    float width = 0;
    float height = 0;
    std::vector<SceneBox> boxes;
    std::vector<SceneLink> links;
    std::vector<SceneMark> marks;
    std::vector<SceneLabel> labels;
    std::vector<ScenePart> parts;
    std::vector<SceneGroup> groups;
    std::vector<SceneThing> things;  // what is not told by the hit of a box; not drawn

    // Adds all of `other`, moved by `offset`, and grows width and height to hold it.
    void append(const Scene& other, Point offset);

    // The topmost box at `point` that has a meaning.
    [[nodiscard]] Hit hit_at(Point point) const {
        for (std::size_t i = boxes.size(); i-- > 0;) {
            if (boxes[i].hit.kind != HitKind::none && boxes[i].box.contains(point)) {
                return boxes[i].hit;
            }
        }
        return {};
    }

    // The topmost thing at `point`; where there is none, what the hit there stands for.
    [[nodiscard]] Thing thing_at(Point point) const;
};

// The area that the scene's boxes, links, marks and labels cover.
[[nodiscard]] Box extent_of(const Scene& scene, const TextMeasure& measure);

}  // namespace procatlas
