#include "app/window/keyboard_queue.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <optional>

namespace procatlas {

namespace {

// Keys that go on while they are held down. A draw takes any number of presses of one of them: it is as if they were one long
// step.
bool is_stepping(int key) {
    switch (key) {
        case GLFW_KEY_LEFT:
        case GLFW_KEY_RIGHT:
        case GLFW_KEY_UP:
        case GLFW_KEY_DOWN:
        case GLFW_KEY_N:
        case GLFW_KEY_COMMA:
        case GLFW_KEY_PERIOD:
        case GLFW_KEY_LEFT_BRACKET:
        case GLFW_KEY_RIGHT_BRACKET:
            return true;
        default:
            return false;
    }
}

bool is_modifier(int key) {
    return key >= GLFW_KEY_LEFT_SHIFT && key <= GLFW_KEY_RIGHT_SUPER;
}

}  // namespace

// GLFW tells a key's character right after the key.
bool KeyboardQueue::front_writes() const {
    return waiting_.size() > 1 && waiting_[1].character != 0;
}

std::vector<KeyInput> KeyboardQueue::take(KeysGo where) {
    std::vector<KeyInput> taken;
    std::vector<int> changed;
    std::optional<int> acted;  // pressed in this draw, and does something
    const auto has_changed = [&](int key) { return std::ranges::find(changed, key) != changed.end(); };
    while (!waiting_.empty()) {
        const KeyInput next = waiting_.front();
        const bool stepping = where == KeysGo::to_actions && is_stepping(next.key);
        if (next.character != 0) {
            if (where == KeysGo::to_field && acted) {
                break;  // ImGui would write it first
            }
        } else if (next.action == GLFW_REPEAT && !stepping &&
                   !(where == KeysGo::to_widgets && is_stepping(next.key) && !acted)) {
            waiting_.pop_front();  // ImGui repeats by itself what is held down; an action is meant once
            continue;
        } else if (next.action == GLFW_RELEASE) {
            if (has_changed(next.key) && !stepping) {
                break;
            }
            changed.push_back(next.key);
        } else if (where == KeysGo::to_field && front_writes()) {
            std::erase(changed, next.key);  // ImGui takes the character, not the key
        } else if (!is_modifier(next.key)) {
            const bool goes_on = stepping && acted == next.key;
            if (!goes_on && (acted || (has_changed(next.key) && next.action == GLFW_PRESS))) {
                break;
            }
            acted = next.key;
            changed.push_back(next.key);
        }
        taken.push_back(next);
        waiting_.pop_front();
    }
    return taken;
}

}  // namespace procatlas
