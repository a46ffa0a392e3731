// What a draw takes of the keys that have come, and which of them wait.
#include <doctest/doctest.h>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <string>

#include "app/window/focus_wait.h"
#include "app/window/keyboard_queue.h"

using namespace procatlas;

namespace {

void press(KeyboardQueue& queue, int key, unsigned character = 0) {
    queue.put({.key = key, .action = GLFW_PRESS});
    if (character != 0) {
        queue.put({.character = character});
    }
}

void release(KeyboardQueue& queue, int key) {
    queue.put({.key = key, .action = GLFW_RELEASE});
}

void type(KeyboardQueue& queue, std::string_view text) {
    for (const char c : text) {
        const int key = c >= 'a' && c <= 'z' ? GLFW_KEY_A + (c - 'a') : c;
        press(queue, key, static_cast<unsigned char>(c));
        release(queue, key);
    }
}

// What is pressed in the next draw: names of keys, and characters in quotes.
std::string taken(KeyboardQueue& queue, KeysGo where) {
    std::string text;
    for (const KeyInput& input : queue.take(where)) {
        if (input.character != 0) {
            text += static_cast<char>(input.character);
        } else if (input.action != GLFW_RELEASE && input.key > 255) {
            text += "<" + std::to_string(input.key) + ">";
        } else if (input.action != GLFW_RELEASE && where != KeysGo::to_field) {
            text += static_cast<char>(input.key);
        }
    }
    return text;
}

std::size_t presses(KeyboardQueue& queue, KeysGo where) {
    std::size_t count = 0;
    for (const KeyInput& input : queue.take(where)) {
        count += input.character == 0 && input.action != GLFW_RELEASE ? 1 : 0;
    }
    return count;
}

}  // namespace

TEST_CASE("a key that steps is taken as often as it came, pressed again or held down") {
    KeyboardQueue queue;
    for (int i = 0; i < 20; ++i) {
        press(queue, GLFW_KEY_RIGHT);
        release(queue, GLFW_KEY_RIGHT);
    }
    CHECK(presses(queue, KeysGo::to_actions) == 20);
    CHECK(queue.empty());
    press(queue, GLFW_KEY_LEFT);
    for (int i = 0; i < 30; ++i) {
        queue.put({.key = GLFW_KEY_LEFT, .action = GLFW_REPEAT});
    }
    release(queue, GLFW_KEY_LEFT);
    CHECK(presses(queue, KeysGo::to_actions) == 31);
    CHECK(queue.empty());
}

TEST_CASE("another key waits for the next draw: what the one before it does decides what it means") {
    KeyboardQueue queue;
    press(queue, GLFW_KEY_RIGHT);
    release(queue, GLFW_KEY_RIGHT);
    press(queue, GLFW_KEY_HOME);
    type(queue, "c");
    CHECK(presses(queue, KeysGo::to_actions) == 1);
    CHECK(presses(queue, KeysGo::to_actions) == 1);
    CHECK(taken(queue, KeysGo::to_actions) == "Cc");
}

TEST_CASE("an action whose key is held down is done once") {
    KeyboardQueue queue;
    press(queue, GLFW_KEY_T, 't');
    for (int i = 0; i < 10; ++i) {
        queue.put({.key = GLFW_KEY_T, .action = GLFW_REPEAT});
        queue.put({.character = 't'});
    }
    CHECK(presses(queue, KeysGo::to_actions) == 1);
    CHECK(queue.empty());
}

TEST_CASE("a draw takes all that is typed into a field, and a key that moves or removes before what was typed after it") {
    KeyboardQueue queue;
    type(queue, "aabb");
    press(queue, GLFW_KEY_BACKSPACE);
    release(queue, GLFW_KEY_BACKSPACE);
    type(queue, "c");
    press(queue, GLFW_KEY_ENTER);
    CHECK(taken(queue, KeysGo::to_field) == "aabb<259>");
    CHECK(taken(queue, KeysGo::to_field) == "c<257>");
    CHECK(queue.empty());
}

TEST_CASE("ImGui's dialogs see every press of a key, one a draw, and no heap of repeats stays behind") {
    KeyboardQueue queue;
    for (int i = 0; i < 2; ++i) {
        press(queue, GLFW_KEY_DOWN);
        release(queue, GLFW_KEY_DOWN);
    }
    CHECK(presses(queue, KeysGo::to_widgets) == 1);
    CHECK(presses(queue, KeysGo::to_widgets) == 0);  // it is let go
    CHECK(presses(queue, KeysGo::to_widgets) == 1);
    CHECK(presses(queue, KeysGo::to_widgets) == 0);
    CHECK(queue.empty());
    press(queue, GLFW_KEY_DOWN);
    CHECK(presses(queue, KeysGo::to_widgets) == 1);
    for (int i = 0; i < 10; ++i) {
        queue.put({.key = GLFW_KEY_DOWN, .action = GLFW_REPEAT});
    }
    CHECK(presses(queue, KeysGo::to_widgets) == 1);
    CHECK(queue.empty());
}

TEST_CASE("keys wait until the field that was opened has the keyboard, and go on if it never has") {
    View view;
    FocusWait wait;
    wait.follow(view);
    CHECK(!wait.waits(KeysGo::to_actions));
    view.dialog = Dialog::save;
    wait.follow(view);
    CHECK(wait.waits(KeysGo::to_field));  // that of before
    CHECK(wait.waits(KeysGo::to_actions));
    CHECK(wait.waits(KeysGo::to_widgets));
    CHECK(!wait.waits(KeysGo::to_field));
    CHECK(!wait.waits(KeysGo::to_actions));
    view.dialog = Dialog::none;
    wait.follow(view);
    CHECK(wait.waits(KeysGo::to_field));
    CHECK(wait.waits(KeysGo::to_widgets));
    CHECK(!wait.waits(KeysGo::to_actions));
    view.dialog = Dialog::share;  // has no field
    wait.follow(view);
    CHECK(wait.waits(KeysGo::to_actions));
    CHECK(wait.waits(KeysGo::to_actions));
    CHECK(!wait.waits(KeysGo::to_widgets));
    ++view.cues.focus_input;
    wait.follow(view);
    int draws = 0;
    while (wait.waits(KeysGo::to_actions)) {
        ++draws;
    }
    CHECK(draws == 8);
    CHECK(!wait.waits());
}
