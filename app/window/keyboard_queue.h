// What the keyboard has sent and no draw has taken yet. However slow the draws are, no key is lost, none overtakes another, and
// keys that step do not lag behind the finger. Knows GLFW's numbers, and nothing else of the window system.
#pragma once

#include <deque>
#include <vector>

namespace procatlas {

struct KeyInput {
    int key = 0;  // GLFW_KEY_*
    int scancode = 0;
    int action = 0;          // GLFW_PRESS, GLFW_RELEASE, GLFW_REPEAT
    int mods = 0;            // GLFW_MOD_*
    unsigned character = 0;  // a typed character; 0: it is the key's
};

// Who gets the keys of a draw.
enum class KeysGo {
    to_actions,  // each is an action of the table, carried out after the draw
    to_field,    // ImGui's field that is typed into
    to_widgets,  // ImGui's menus and dialogs
};

class KeyboardQueue {
public:
    void put(const KeyInput& input) { waiting_.push_back(input); }
    [[nodiscard]] bool empty() const { return waiting_.empty(); }
    // As much as one draw can take: what a key changes, such as who gets the next one, only the next draw knows. ImGui reads
    // the state of each key once a draw, so it gets one change of it at most.
    [[nodiscard]] std::vector<KeyInput> take(KeysGo where);

private:
    [[nodiscard]] bool front_writes() const;

    std::deque<KeyInput> waiting_;
};

}  // namespace procatlas
