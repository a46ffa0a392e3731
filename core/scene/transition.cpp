#include "core/scene/transition.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace procatlas {
namespace {

constexpr float words_come = 0.6F;  // texts of what grows or slides in are read when there is room for them
constexpr float words_go = 0.3F;
constexpr float loose_come = 0.9F;  // what stands between groups, when they have come to their places

float mixed(float a, float b, float progress) {
    return a + (b - a) * progress;
}

// The n-th box (or label) of the part with this key.
using Place = std::pair<std::uint64_t, std::size_t>;

template <typename Element>
std::map<Place, const Element*> by_place(const std::vector<Element>& elements, const Scene& scene) {
    std::map<Place, const Element*> found;
    std::map<std::uint32_t, std::size_t> counts;
    for (const Element& element : elements) {
        if (element.part != 0) {
            found.emplace(Place{scene.parts[element.part - 1].key, counts[element.part]++}, &element);
        }
    }
    return found;
}

const SceneGroup* group_of(const Scene& scene, std::size_t process) {
    const auto found = std::ranges::find(scene.groups, process, &SceneGroup::process);
    return found == scene.groups.end() ? nullptr : &*found;
}

class Between {
public:
    Between(const Scene& from, const Scene& to, float progress)
        : from_(from), to_(to), t_(progress * progress * (3 - 2 * progress)) {
        groups_move_ = !std::ranges::equal(from.groups, to.groups, [](const SceneGroup& a, const SceneGroup& b) {
            return a.process == b.process && a.box.x == b.box.x && a.box.width == b.box.width;
        });
    }

    Scene run() {
        scene_.width = to_.width;
        scene_.height = to_.height;
        scene_.things = to_.things;
        scene_.groups = to_.groups;
        add_coming();
        add_going();
        scene_.boxes = std::move(below_);
        scene_.boxes.insert(scene_.boxes.end(), above_.begin(), above_.end());
        if (t_ > words_come) {
            scene_.links = to_.links;
            scene_.marks = to_.marks;
        }
        return std::move(scene_);
    }

private:
    // How far to the left of its place a group is that slides out of its parent's; nullopt: it does not slide.
    static std::optional<float> slide_of(const SceneGroup& group, const Scene& other) {
        const SceneGroup* parent = group.parent && !group_of(other, group.process) ? group_of(other, *group.parent) : nullptr;
        return parent ? std::optional(parent->box.x - group.box.x) : std::nullopt;
    }

    void add_coming() {
        const auto boxes_then = by_place(from_.boxes, from_);
        const auto labels_then = by_place(from_.labels, from_);
        std::map<std::uint32_t, std::size_t> counts;
        for (SceneBox box : to_.boxes) {
            if (box.part == 0) {
                if (!groups_move_ || t_ > loose_come) {
                    above_.push_back(box);
                }
                continue;
            }
            const ScenePart& part = to_.parts[box.part - 1];
            const auto then = boxes_then.find({part.key, counts[box.part]++});
            const auto slide = slide_of(to_.groups[part.group], from_);
            if (then != boxes_then.end()) {
                const Box& old = then->second->box;
                box.box = {mixed(old.x, box.box.x, t_), mixed(old.y, box.box.y, t_), mixed(old.width, box.box.width, t_),
                           mixed(old.height, box.box.height, t_)};
            } else if (slide) {
                box.box.x += *slide * (1 - t_);
                below_.push_back(box);
                continue;
            } else {
                box.box.height *= t_;
            }
            above_.push_back(box);
        }
        counts.clear();
        for (SceneLabel label : to_.labels) {
            if (label.part == 0 && groups_move_ && t_ <= loose_come) {
                continue;
            }
            if (label.part != 0) {
                const ScenePart& part = to_.parts[label.part - 1];
                const auto then = labels_then.find({part.key, counts[label.part]++});
                const auto slide = slide_of(to_.groups[part.group], from_);
                if (then != labels_then.end()) {
                    // Its text may have another width now, so it goes sideways with its group only.
                    const SceneGroup& group = to_.groups[part.group];
                    const SceneGroup* old = group_of(from_, group.process);
                    label.at.x += old ? (old->box.x - group.box.x) * (1 - t_) : 0;
                    label.at.y = mixed(then->second->at.y, label.at.y, t_);
                } else if (t_ < words_come) {
                    continue;
                } else if (slide) {
                    label.at.x += *slide * (1 - t_);
                }
            }
            scene_.labels.push_back(std::move(label));
        }
    }

    bool stays(const Scene& scene, std::uint32_t part) const {
        return part == 0 || std::ranges::find(to_.parts, scene.parts[part - 1].key, &ScenePart::key) != to_.parts.end();
    }

    void add_going() {
        for (SceneBox box : from_.boxes) {
            if (stays(from_, box.part)) {
                continue;
            }
            const SceneGroup& group = from_.groups[from_.parts[box.part - 1].group];
            const SceneGroup* now = group_of(to_, group.process);
            box.hit = {};
            if (now && now->era != group.era) {
                box.box.y += t_ * t_ * to_.height;
                above_.push_back(box);
            } else if (now) {
                box.box.height *= 1 - t_;
                above_.push_back(box);
            } else if (const auto slide = slide_of(group, to_)) {
                box.box.x += *slide * t_;
                below_.push_back(box);
            }
        }
        for (SceneLabel label : from_.labels) {
            if (stays(from_, label.part)) {
                continue;
            }
            const SceneGroup& group = from_.groups[from_.parts[label.part - 1].group];
            const SceneGroup* now = group_of(to_, group.process);
            if (now && now->era != group.era) {
                label.at.y += t_ * t_ * to_.height;
            } else if (t_ > words_go || !now) {
                continue;
            }
            scene_.labels.push_back(std::move(label));
        }
    }

    const Scene& from_;
    const Scene& to_;
    float t_;
    bool groups_move_ = false;
    Scene scene_;
    std::vector<SceneBox> below_;
    std::vector<SceneBox> above_;
};

}  // namespace

Scene scene_between(const Scene& from, const Scene& to, float progress) {
    return progress >= 1 || from.parts.empty() || to.parts.empty() ? to : Between(from, to, std::max(progress, 0.0F)).run();
}

}  // namespace procatlas
